from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm import open_workspace, where
from crm.errors import InvalidValue, Refused
from crm.sales.undo import redo, undo
from crm.settings_file import change_setting
from crm.store import history
from tests.plugins.bank.files import OURS, OURS_TOO, cp1251, document, outgoing, section, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.plugins.bank.importing import Imported
    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.bank.movements import BankMovements
    from crm.plugins.invoices.invoice import Invoice
    from crm.workspace import Workspace

ROMASHKA = "7800000027"


@pytest.fixture
def movements(shop: Workspace) -> BankMovements:
    return shop.collection("bank_movement")  # type: ignore[return-value]


@pytest.fixture
def issue(shop: Workspace) -> Any:
    """Issue an invoice of one line to a client of an INN."""

    def make(amount: str, inn: str = ROMASHKA, **more: Any) -> Invoice:
        clients = shop.companies.having("tax_ids", inn)
        client = clients[0] if clients else shop.companies.add(name=f"ООО {inn}", inn=inn)
        invoices: Any = shop.collection("invoice")
        made: Invoice = invoices.issue(company=client.ref, items=[f"Насос*1@{amount}"], **more)
        return made

    return make


def status(shop: Workspace, invoice: Invoice) -> tuple[str, Decimal]:
    found: Any = shop.collection("invoice").get(invoice.id)
    return found.status, found.balance.amount


def by_number(imported: Imported) -> dict[str, BankMovement]:
    return {movement.number: movement for movement in imported.fresh}


def take(movements: BankMovements, *files: bytes) -> Imported:
    return movements.take_in({f"{number}.txt": data for number, data in enumerate(files, 1)})


def test_the_sample_statement_pays_the_invoice_that_is_beyond_doubt(
    shop: Workspace, movements: BankMovements, issue: Any, samples: Path
) -> None:
    """The purpose names № 1042, which is the client's own number of ours: the only equal open invoice is paid."""
    invoice = issue("26905")
    imported = take(movements, (samples / "bank_statement_windows_1.03.txt").read_bytes())
    assert status(shop, invoice) == ("paid", Decimal(0))
    assert {number: one.status for number, one in by_number(imported).items()} == {
        "77": "applied", "903118": "manual", "12": "manual", "55123": "manual", "5": "manual",
        "31": "ignored", "700901": "ignored", "32": "ignored", "33": "ignored",
    }  # fmt: skip
    payment: Any = shop.collection("payment").get(by_number(imported)["77"].payments[0])
    assert (payment.source, payment.reference, payment.date.isoformat()) == ("bank", "77", "2026-03-18")
    assert payment.amount == 26905
    assert "№ 1042" in payment.purpose


@pytest.mark.parametrize("name", ["bank_statement_windows_1.03.txt", "bank_statement_dos_cp866_1.03.txt"])
def test_the_sample_statement_gives_what_is_expected_of_it(
    shop: Workspace, movements: BankMovements, issue: Any, samples: Path, name: str
) -> None:
    change_setting(shop.root / "config" / "invoices.yaml", ("first",), 1042)
    with open_workspace(shop.root, actor="olga") as crm:
        invoices: Any = crm.collection("invoice")
        ivanov = crm.companies.add(name="ИП Иванов", inn="770000000300")
        clients: dict[int, Any] = {
            1042: {"company": crm.companies.add(name="Ромашка", inn=ROMASHKA).ref},
            1043: {"contact": crm.contacts.add(name="Петров Пётр Петрович").ref},
            1044: {"company": ivanov.ref},
            1050: {"company": ivanov.ref},
        }
        amounts = {1042: 26905, 1043: 7500, 1044: 7500, 1050: 10000}
        day = dt.date(2026, 3, 16)
        for number in range(1042, 1051):
            who = clients.get(number, {"company": crm.companies.add(name=f"№ {number}").ref})
            price = amounts.get(number, 5)
            assert invoices.issue(items=[f"Насос*1@{price}"], date=day, **who).number == str(number)
        kept = by_number(crm.collection("bank_movement").take_in({name: (samples / name).read_bytes()}))  # type: ignore[attr-defined]
        numbers = {n: [invoices.get(ref).number for ref in one.invoices] for n, one in kept.items()}
        left = {number: invoices.first(where("number") == str(number)).balance.amount for number in amounts}
    assert {number: (kept[number].status, numbers[number]) for number in kept} == {
        "77": ("applied", ["1042"]),
        "903118": ("suggested", ["1043"]),
        "12": ("applied", ["1044", "1050"]),
        "55123": ("manual", []),
        "5": ("manual", []),
        "31": ("ignored", []),
        "700901": ("ignored", []),
        "32": ("ignored", []),
        "33": ("suggested", ["1042"]),
    }
    assert left == {1042: 0, 1043: 7500, 1044: 0, 1050: 0}


def test_the_same_file_again_changes_nothing(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    issue("1000")
    data = cp1251(document(), document(Номер="78", Сумма="5.00"))
    assert len(take(movements, data).fresh) == 2
    before = shop.store.number
    again = take(movements, data)
    assert (again.fresh, again.known, shop.store.number) == ([], 2, before)
    assert shop.collection("payment").count() == 1


def test_files_that_overlap_bring_each_movement_once(movements: BankMovements, issue: Any) -> None:
    issue("1000")
    one, two = document(), document(Номер="78", Сумма="5.00")
    imported = take(movements, cp1251(one), statement(one, two).encode())
    assert [movement.number for movement in imported.fresh] == ["77", "78"]
    assert imported.known == 1


def test_warnings_of_several_files_name_the_file(movements: BankMovements) -> None:
    imported = take(movements, cp1251(section(came="7.00"), document()), cp1251(document(Номер="78")))
    assert imported.warnings[0].startswith("1.txt: ")


def test_an_import_is_one_undo_and_can_be_done_again(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoices = [issue("1000"), issue("2000", "7707083893")]
    data = cp1251(document(), document(Номер="78", Сумма="2000.00", ПлательщикИНН="7707083893"))
    take(movements, data)
    assert [status(shop, one)[0] for one in invoices] == ["paid", "paid"]
    undo(shop)
    assert [status(shop, one)[0] for one in invoices] == ["issued", "issued"]
    assert (movements.count(), shop.collection("payment").count()) == (0, 0)
    again = take(movements, data).fresh
    assert [(one.status, one.invoices) for one in again] == [
        ("suggested", ("invoice/1",)), ("suggested", ("invoice/2",))
    ]  # fmt: skip
    assert "taken back by hand" in again[0].why
    assert [movements.confirm(one.id).status for one in again] == ["applied", "applied"]
    assert [status(shop, one)[0] for one in invoices] == ["paid", "paid"]


def test_an_undo_that_is_redone_lets_the_match_stand(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1000")
    data = cp1251(document())
    take(movements, data)
    undo(shop)
    redo(shop)
    assert take(movements, data).known == 1
    assert status(shop, invoice)[0] == "paid"


def test_a_match_undone_is_not_made_again_when_what_waits_is_looked_at(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    movement = take(movements, cp1251(document())).fresh[0]
    invoice = issue("1000")
    assert [(one.id, one.status) for one in movements.rematch()] == [(movement.id, "applied")]
    undo(shop, ref=invoice.ref)
    assert status(shop, invoice)[0] == "issued"
    assert [one.status for one in movements.rematch()] == ["suggested"]
    assert movements.rematch() == []
    assert status(shop, invoice)[0] == "issued"


def test_a_deleted_movement_does_not_come_back(movements: BankMovements) -> None:
    data = cp1251(document())
    movements.delete(take(movements, data).fresh[0].id)
    assert take(movements, data).fresh == []


def test_a_file_that_is_no_statement_leaves_nothing(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1000")
    before = shop.store.number
    with pytest.raises(InvalidValue, match=r"2\.txt: .*not a bank statement"):
        take(movements, cp1251(document()), b"%PDF-1.4")
    assert (shop.store.number, status(shop, invoice)[0]) == (before, "issued")


def test_a_payment_in_parts_and_above_the_total(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1500")
    named = {"НазначениеПлатежа": f"Оплата по счету № 1 от {invoice.date:%d.%m.%Y}"}
    first = take(movements, cp1251(document(Номер="1", **named))).fresh[0]
    assert status(shop, invoice) == ("partly_paid", Decimal(500))
    second = take(movements, cp1251(document(Номер="2", **named))).fresh[0]
    assert status(shop, invoice) == ("paid", Decimal(0))
    assert (first.left, second.left) == (None, None)
    assert shop.collection("invoice").get(invoice.id).doc["advance"]["amount"] == "500.00"
    assert "500.00 is above all that is owed" in second.why


def test_the_second_of_two_equal_payments_is_not_given_to_another_invoice(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    """Both name invoice 1, and invoice 2 is as large: the first pays, the second waits for a person."""
    one, two = issue("1000"), issue("1000")
    named = {"НазначениеПлатежа": "Оплата по счету № 1"}
    imported = take(movements, cp1251(document(Номер="1", **named), document(Номер="2", **named)))
    assert [movement.status for movement in imported.fresh] == ["applied", "suggested"]
    assert [status(shop, invoice)[0] for invoice in (one, two)] == ["paid", "issued"]


def test_several_invoices_named_in_one_payment_are_all_paid(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    invoices = [issue("400"), issue("600")]
    movement = take(movements, cp1251(document(НазначениеПлатежа="Оплата счетов № 1, 2"))).fresh[0]
    assert [status(shop, one)[0] for one in invoices] == ["paid", "paid"]
    assert (movement.invoices, len(movement.payments)) == (("invoice/1", "invoice/2"), 2)


def test_money_in_another_currency_pays_nothing(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1000")
    dollars = "40702840300000000011"
    tags = {"ПолучательСчет": dollars}
    data = statement(document(**tags), header=f"РасчСчет={dollars}").encode("cp1251")
    movement = take(movements, data).fresh[0]
    assert (movement.status, str(movement.amount)) == ("manual", "1000.00 USD")
    assert status(shop, invoice)[0] == "issued"


def test_a_cancelled_invoice_that_is_named_makes_a_suggestion(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    cancelled, live = issue("1000"), issue("1000")
    invoices: Any = shop.collection("invoice")
    invoices.cancel(cancelled.id)
    movement = take(movements, cp1251(document(НазначениеПлатежа="Оплата по счету № 1"))).fresh[0]
    assert (movement.status, movement.invoices) == ("suggested", (live.ref,))


def test_the_inn_of_the_company_serves_an_invoice_issued_before_it_was_known(
    shop: Workspace, movements: BankMovements
) -> None:
    client = shop.companies.add(name="Ромашка")
    invoices: Any = shop.collection("invoice")
    invoice = invoices.issue(company=client.ref, items=["Насос*1@1000"])
    shop.companies.set(client.id, inn=ROMASHKA)
    take(movements, cp1251(document()))
    assert status(shop, invoice)[0] == "paid"


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_a_movement_is_applied_by_hand_in_parts(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    small, large = issue("300", "7707083893"), issue("900", "7707083893")
    movement = take(movements, cp1251(document())).fresh[0]
    assert [one.id for one in movements.unmatched()] == [movement.id]
    assert movements.match(movement.id, small.ref).left == 700
    applied = movements.match(movement.id, large.id)
    assert (applied.status, applied.left, applied.invoices) == ("applied", None, (small.ref, large.ref))
    assert [status(shop, one) for one in (small, large)] == [("paid", 0), ("partly_paid", 200)]
    with pytest.raises(Refused, match="Nothing is left"):
        movements.match(movement.id, large.id)
    assert list(movements.unmatched()) == []


def test_an_amount_by_hand_is_within_what_is_left(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("5000", "7707083893")
    movement = take(movements, cp1251(document())).fresh[0]
    assert movements.match(movement.id, invoice.id, "250").left == 750
    for amount in ("750.01", "0", "-5", "10 USD"):
        with pytest.raises(InvalidValue):
            movements.match(movement.id, invoice.id, amount)
    assert status(shop, invoice) == ("partly_paid", Decimal(4750))


def test_money_of_a_deleted_payment_can_be_applied_again(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    wrong, right = issue("1000"), issue("800", "7707083893")
    movement = take(movements, cp1251(document())).fresh[0]
    assert list(movements.unmatched()) == []
    shop.collection("payment").delete(movement.payments[0])
    assert status(shop, wrong)[0] == "issued"
    assert [one.id for one in movements.unmatched()] == [movement.id]
    assert movements.match(movement.id, right.id).left == 200
    assert status(shop, right)[0] == "paid"


def test_a_movement_is_left_aside_until_it_has_paid(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    aside = take(movements, cp1251(document())).fresh[0]
    assert movements.ignore(aside.id).status == "ignored"
    issue("1000")
    paid = take(movements, cp1251(document(Номер="78"))).fresh[0]
    with pytest.raises(Refused, match="has paid"):
        movements.ignore(paid.id)


def test_an_outgoing_movement_pays_nothing_by_hand_either(movements: BankMovements, issue: Any) -> None:
    issue("1000")
    movement = take(movements, cp1251(outgoing())).fresh[0]
    assert (movement.status, movement.payee) == ("ignored", 'ООО "Пример Групп"')
    with pytest.raises(Refused, match="Nothing was paid for invoice/1"):
        movements.match(movement.id, 1)


def test_what_is_left_of_a_movement_waits_until_it_is_left_aside(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    small = issue("300", "7707083893")
    movement = take(movements, cp1251(document())).fresh[0]
    assert movements.match(movement.id, small.ref).status == "partly"
    assert [one.id for one in movements.unmatched()] == [movement.id]
    assert movements.rematch() == []
    aside = movements.ignore(movement.id)
    assert (aside.status, aside.left, list(movements.unmatched())) == ("applied", 700, [])


def test_a_suggestion_is_confirmed(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    """Two invoices of the amount: which of them is for a person to say, and yes means the older one."""
    one, two = issue("1000"), issue("1000")
    movement = take(movements, cp1251(document(НазначениеПлатежа="Оплата"))).fresh[0]
    assert (movement.status, movement.invoices) == ("suggested", (one.ref, two.ref))
    confirmed = movements.confirm(movement.id)
    assert (confirmed.status, confirmed.invoices) == ("applied", (one.ref,))
    assert [status(shop, invoice)[0] for invoice in (one, two)] == ["paid", "issued"]
    with pytest.raises(Refused, match="Nothing is left"):
        movements.confirm(movement.id)
    undo(shop)
    assert movements.get(movement.id).status == "suggested"
    assert status(shop, one)[0] == "issued"


def test_a_suggestion_whose_invoices_are_paid_by_now_is_not_confirmed(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    issue("1000", "7707083893")
    movement = take(movements, cp1251(document(НазначениеПлатежа="Оплата по счету № 1"))).fresh[0]
    invoices: Any = shop.collection("invoice")
    invoices.pay(1)
    with pytest.raises(Refused, match="are paid by now"):
        movements.confirm(movement.id)


def test_a_suggestion_that_is_rejected_is_not_made_again(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    issue("1000", "7707083893")
    movement = take(movements, cp1251(document(НазначениеПлатежа="Оплата по счету № 1"))).fresh[0]
    assert (movement.status, movement.points) == ("suggested", 65)
    rejected = movements.reject(movement.id)
    assert (rejected.status, rejected.invoices, rejected.refused) == ("manual", (), ("invoice/1",))
    assert movements.rematch() == []
    for verb in (movements.reject, movements.confirm):
        with pytest.raises(Refused, match="Nothing is suggested"):
            verb(movement.id)
    assert movements.match(movement.id, 1).status == "applied"


def test_after_a_suggestion_is_rejected_another_invoice_is_looked_for(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    one, two = issue("1000"), issue("1000")
    movement = take(movements, cp1251(document(НазначениеПлатежа=f"Оплата по счету № {one.number}"))).fresh[0]
    movements.unmatch(movement.id)
    assert [(found.status, found.invoices) for found in movements.rematch()] == [("suggested", (two.ref,))]


def test_a_match_taken_back_by_hand_is_never_made_again(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1000")
    movement = take(movements, cp1251(document())).fresh[0]
    back = movements.unmatch(movement.id)
    assert (back.status, back.invoices, back.left, back.refused) == ("manual", (), 1000, (invoice.ref,))
    assert status(shop, invoice)[0] == "issued"
    assert movements.rematch() == []
    with pytest.raises(Refused, match="paid nothing"):
        movements.unmatch(movement.id)
    assert movements.match(movement.id, invoice.id).status == "applied"


def test_another_invoice_is_paid_with_what_was_taken_back(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    wrong = issue("1000")
    movement = take(movements, cp1251(document(НазначениеПлатежа="Оплата"))).fresh[0]
    movements.unmatch(movement.id)
    shop.collection("invoice").cancel(wrong.id)  # type: ignore[attr-defined]
    right = issue("1000")
    found = movements.rematch()[0]
    assert (found.status, found.invoices) == ("applied", (right.ref,))
    assert (status(shop, wrong)[0], status(shop, right)[0]) == ("cancelled", "paid")


def test_what_was_given_back_for_stays_paid(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1000")
    movement = take(movements, cp1251(document())).fresh[0]
    shop.collection("invoice").refund(invoice.id, "405")  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="Money was given back for invoice/1"):
        movements.unmatch(movement.id)
    assert (movements.get(movement.id).status, status(shop, invoice)[1]) == ("applied", Decimal(405))


def test_what_was_left_aside_is_taken_back_to_work(movements: BankMovements) -> None:
    movement = take(movements, cp1251(document())).fresh[0]
    movements.ignore(movement.id)
    assert movements.unmatch(movement.id).status == "manual"


@pytest.mark.parametrize("day", ["2026-03-14", "2026-03-23"])
def test_a_payment_noted_by_hand_is_the_same_money(
    shop: Workspace, movements: BankMovements, issue: Any, day: str
) -> None:
    """A part of the invoice was noted by hand: the bank tells of it, and it does not count twice."""
    invoice, invoices = issue("1500"), shop.collection("invoice")
    invoices.pay(invoice.id, "1000", date=day)  # type: ignore[attr-defined]
    named = {"НазначениеПлатежа": f"Оплата по счету № 1 от {invoice.date:%d.%m.%Y}"}
    first, second = take(movements, cp1251(document(**named), document(Номер="78", **named))).fresh
    assert (first.status, first.payments, first.invoices) == ("applied", ("payment/1",), (invoice.ref,))
    assert first.why == f"The money is noted already: payment/1 of {day}, manual."
    assert second.payments == ("payment/2",)
    assert status(shop, invoice) == ("paid", Decimal(0))
    back = movements.unmatch(first.id)
    assert (back.status, back.left, back.payments) == ("manual", 1000, ())
    assert shop.collection("payment").get(1).doc.get("deleted") is None
    assert [one.status for one in movements.rematch()] == []


@pytest.mark.parametrize(("day", "inn"), [("2026-03-12", ROMASHKA), ("2026-03-18", "7707083893")])
def test_a_payment_of_another_day_or_client_is_other_money(
    shop: Workspace, movements: BankMovements, issue: Any, day: str, inn: str
) -> None:
    invoice, other, invoices = issue("1500"), issue("1500", "7707083893"), shop.collection("invoice")
    invoices.pay(invoice.id if inn == ROMASHKA else other.id, "1000", date=day)  # type: ignore[attr-defined]
    movement = take(movements, cp1251(document(НазначениеПлатежа="Оплата"))).fresh[0]
    assert (movement.payments, movement.invoices) == ((), (invoice.ref,))


def test_an_invoice_issued_after_the_statement_is_found(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    movement = take(movements, cp1251(document())).fresh[0]
    assert movement.status == "manual"
    assert movements.rematch() == []
    invoice = issue("1000")
    assert [one.status for one in movements.rematch()] == ["applied"]
    assert status(shop, invoice)[0] == "paid"


def test_a_payment_is_not_made_twice_when_its_movement_was_purged(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    invoice = issue("1500")
    data = cp1251(document(НазначениеПлатежа=f"Оплата по счету № 1 от {invoice.date:%d.%m.%Y}"))
    movement = take(movements, data).fresh[0]
    movements.delete(movement.id)
    with shop.writing("purge") as draft:
        draft.remove("bank_movement", movement.id)
    assert take(movements, data).fresh[0].payments == movement.payments
    assert status(shop, invoice) == ("partly_paid", Decimal(500))


# --- money given back, several accounts ------------------------------------------------------------------------------


def test_money_given_back_is_proposed_and_confirmed(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1000")
    take(movements, cp1251(document(Сумма="1000")))
    back = outgoing(Сумма="405", НазначениеПлатежа="Возврат по счету № 1", ПолучательИНН=ROMASHKA)
    movement = take(movements, cp1251(back)).fresh[0]
    assert (movement.direction, movement.status, movement.invoices) == ("out", "suggested", (invoice.ref,))
    assert status(shop, invoice)[0] == "paid"
    movements.confirm(movement.id)
    assert status(shop, invoice) == ("partly_paid", Decimal(405))
    payment: Any = shop.collection("payment").get(movements.get(movement.id).payments[0])
    assert (payment.refund, payment.source, payment.amount) == (True, "bank", 405)


def test_a_refund_that_is_rejected_is_left_aside(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    issue("1000")
    take(movements, cp1251(document(Сумма="1000")))
    back = outgoing(Сумма="405", НазначениеПлатежа="Возврат по счету № 1", ПолучательИНН=ROMASHKA)
    movement = take(movements, cp1251(back)).fresh[0]
    assert movements.reject(movement.id).status == "ignored"
    assert list(movements.unmatched()) == []


@pytest.fixture
def two_companies(shop: Workspace) -> Iterator[Workspace]:
    """Open the shop again with a second company of ours, each company with an account."""
    main = {"name": "Пример Групп", "inn": "7700000016", "bank": {"account": OURS}}
    other = {"id": "ip", "name": "ИП Ильина", "inn": "770000000300", "bank": {"account": OURS_TOO}}
    change_setting(shop.root / "config" / "crm.yaml", ("company",), main)
    change_setting(shop.root / "config" / "crm.yaml", ("companies",), [other])
    with open_workspace(shop.root, actor="olga", language="en") as crm:
        yield crm


def test_an_invoice_is_paid_to_the_account_of_the_company_that_issued_it(two_companies: Workspace) -> None:
    shop = two_companies
    movements: Any = shop.collection("bank_movement")
    client = shop.companies.add(name="Ромашка", inn=ROMASHKA)
    invoices: Any = shop.collection("invoice")
    invoice = invoices.issue(company=client.ref, items=["Насос*1@1000"], own="ip")
    wrong, right = document(), document(Номер="78", ПолучательСчет=OURS_TOO)
    header = f"РасчСчет={OURS}\nРасчСчет={OURS_TOO}"
    first, second = take(movements, statement(wrong, right, header=header).encode()).fresh
    assert (first.own, first.status, first.invoices) == ("", "suggested", (invoice.ref,))
    assert "another company of ours" in first.why
    assert (second.own, second.status) == ("ip", "applied")
    kept: Any = list(shop.collection("bank_statement").find())
    assert [(one.account, one.own, one.fresh) for one in kept] == [(OURS, "", 1), (OURS_TOO, "ip", 1)]


def test_a_company_of_ours_is_known_by_its_tax_id_on_an_account_that_no_setting_names(
    two_companies: Workspace,
) -> None:
    movements: Any = two_companies.collection("bank_movement")
    account = "40702810900000000099"
    data = statement(document(ПолучательСчет=account, ПолучательИНН="770000000300"), header=f"РасчСчет={account}")
    assert take(movements, data.encode()).fresh[0].own == "ip"
    assert two_companies.collection("bank_statement").get(1).doc["own"] == "ip"


def test_money_of_our_own_from_an_account_that_is_not_known_is_left_aside(movements: BankMovements) -> None:
    ours = document(ПлательщикИНН="7700000016", ПолучательИНН="7700000016", НазначениеПлатежа="Пополнение счета")
    movement = take(movements, cp1251(ours)).fresh[0]
    assert (movement.direction, movement.status) == ("in", "ignored")
    assert movement.why == "The payer is our own company: such money pays no invoice."


def test_money_between_accounts_of_our_companies_is_internal(two_companies: Workspace) -> None:
    movements: Any = two_companies.collection("bank_movement")
    moved = take(movements, cp1251(document(ПлательщикСчет=OURS_TOO, ПлательщикИНН="770000000300"))).fresh
    assert [(one.direction, one.account, one.status) for one in moved] == [
        ("internal", OURS_TOO, "ignored"), ("internal", OURS, "ignored")
    ]  # fmt: skip


def test_a_transfer_told_by_the_statements_of_both_accounts_is_kept_once(two_companies: Workspace) -> None:
    """The order is of the 17th; one bank tells the day the money went, the other the day it came."""
    movements: Any = two_companies.collection("bank_movement")
    sides = {"ПлательщикСчет": OURS_TOO, "ПлательщикИНН": "770000000300"}
    went = document(**sides, ДатаПоступило="", ДатаСписано="18.03.2026")
    came = document(**sides, ДатаПоступило="18.03.2026", ДатаСписано="")
    one = statement(went, header=f"РасчСчет={OURS_TOO}").encode("cp1251")
    assert len(take(movements, one).fresh) == 2
    assert len(take(movements, cp1251(came)).fresh) == 0


def test_a_statement_is_kept_with_what_it_told(shop: Workspace, movements: BankMovements) -> None:
    take(movements, cp1251(section(came="7.00"), document()))
    kept: Any = shop.collection("bank_statement").get(1)
    assert (kept.file, kept.account, kept.fresh) == ("1.txt", OURS, 1)
    assert (kept.opening, kept.came, kept.closing) == (500, 1000, 1500)
    assert "the bank's total is 7.00" in kept.warnings
    assert movements.get(1).statement == kept.ref
    with pytest.raises(Refused, match="not added by hand"):
        shop.collection("bank_statement").add(file="x")


def test_a_stranger_whose_account_paid_for_the_client_before_is_known(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    for amount in ("700", "1000"):
        issue(amount)
    named = {"ПлательщикИНН": "7707083893", "НазначениеПлатежа": "За Ромашку, счет № {n} от {day:%d.%m.%Y}"}
    day = shop.today()
    pay = [{**named, "НазначениеПлатежа": named["НазначениеПлатежа"].format(n=n, day=day)} for n in (1, 2)]
    first = take(movements, cp1251(document(Сумма="700", **pay[0]))).fresh[0]
    assert (first.status, first.points) == ("suggested", 75)
    movements.confirm(first.id)
    second = take(movements, cp1251(document(Номер="78", **pay[1]))).fresh[0]
    assert (second.status, second.points) == ("applied", 85)


# --- what comes of it ------------------------------------------------------------------------------------------------


def test_a_paid_invoice_moves_its_deal_by_its_goal(shop: Workspace, movements: BankMovements) -> None:
    client = shop.companies.add(name="Ромашка", inn=ROMASHKA)
    deal = shop.deals.add(title="Насос", company=client.ref, amount="1000")
    invoices: Any = shop.collection("invoice")
    invoices.issue(deal=deal.ref, items=["Насос*1@1000"])
    before = shop.deals.get(deal.id).stage
    take(movements, cp1251(document()))
    assert shop.deals.get(deal.id).stage != before
    line = next(one for one in history.lines(shop.store, history.Asked()) if one.command == "bank import")
    assert {"on_payment_received", "on_invoice_paid"} <= {event["name"] for event in line.events}


def test_movements_are_neither_added_nor_edited_by_hand(movements: BankMovements) -> None:
    with pytest.raises(Refused, match="not added by hand"):
        movements.add(amount="5")
    movement = take(movements, cp1251(document())).fresh[0]
    with pytest.raises(Refused, match="crm bank match"):
        movements.set(movement.id, amount="5")
    assert movements.set(movement.id, comment="спросить бухгалтера").comment == "спросить бухгалтера"


def test_a_dry_run_commits_nothing(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1000")
    shop.dry_run = True
    take(movements, cp1251(document()))
    shop.dry_run = False
    assert (status(shop, invoice)[0], movements.count()) == ("issued", 0)


def test_movements_are_found_in_a_workspace_opened_anew(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    issue("1000")
    take(movements, cp1251(document()))
    with open_workspace(shop.root, actor="olga", language="ru") as crm:
        found: Any = crm.collection("bank_movement").first(where("status") == "applied")
        assert found.payer == 'ООО "Ромашка"'
