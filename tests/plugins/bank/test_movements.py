from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm import open_workspace, where
from crm.errors import InvalidValue, Refused
from crm.sales.undo import undo
from tests.plugins.bank.files import cp1251, document, outgoing, statement

if TYPE_CHECKING:
    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.bank.importing import Imported
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


def test_an_import_is_one_undo_and_can_be_done_again(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoices = [issue("1000"), issue("2000")]
    data = cp1251(document(), document(Номер="78", Сумма="2000.00"))
    take(movements, data)
    assert [status(shop, one)[0] for one in invoices] == ["paid", "paid"]
    undo(shop)
    assert [status(shop, one)[0] for one in invoices] == ["issued", "issued"]
    assert (movements.count(), shop.collection("payment").count()) == (0, 0)
    assert len(take(movements, data).fresh) == 2
    assert [status(shop, one)[0] for one in invoices] == ["paid", "paid"]


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
    named = {"НазначениеПлатежа": "Оплата по счету № 1"}
    first = take(movements, cp1251(document(Номер="1", **named))).fresh[0]
    assert status(shop, invoice) == ("partly_paid", Decimal(500))
    second = take(movements, cp1251(document(Номер="2", **named))).fresh[0]
    assert status(shop, invoice) == ("paid", Decimal(0))
    assert (first.left, second.left) == (None, 500)


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
    shop.collection("payment").delete(movement.payments[0])
    assert status(shop, wrong)[0] == "issued"
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
    with pytest.raises(Refused):
        movements.match(movement.id, 1)


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
