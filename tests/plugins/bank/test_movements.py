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
from tests.plugins.bank.desk import ROMASHKA, by_number, status, take
from tests.plugins.bank.files import cp1251, document, section, statement

if TYPE_CHECKING:
    from crm.plugins.bank.movements import BankMovements
    from crm.workspace import Workspace


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


def test_what_was_suggested_for_an_invoice_that_a_later_payment_takes_is_looked_at_again(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    """A stranger names the invoice, the client himself pays it a line below: nothing is left to suggest."""
    issue("1000")
    stranger = document(Номер="70", ПлательщикИНН="7707083893", НазначениеПлатежа="Оплата по счету № 1")
    first, second = take(movements, cp1251(stranger, document(НазначениеПлатежа="Оплата по счету № 1"))).fresh
    assert (first.status, first.invoices) == ("manual", ())
    assert (second.status, second.invoices) == ("applied", ("invoice/1",))


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
