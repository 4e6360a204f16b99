from __future__ import annotations

from decimal import Decimal

import pytest

from crm.errors import InvalidValue, Refused
from crm.model.money import Money
from crm.plugins.invoices.invoice import Invoice
from crm.sales.undo import redo, undo
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, client, events, invoices, payments


@pytest.fixture
def invoice(shop: Workspace) -> Invoice:
    return invoices(shop).issue(company=client(shop), items=ITEMS)


def state(crm: Workspace) -> tuple[str, str, str]:
    found = invoices(crm).get(1)
    return found.status, str(found.paid), str(found.balance)


def test_all_that_is_left_is_paid_by_default(shop: Workspace, invoice: Invoice) -> None:
    payment = invoices(shop).pay(invoice.id, reference="77")
    assert (str(payment.amount), payment.date, payment.source, payment.reference) == (
        "26905.00 RUB",
        shop.today(),
        "manual",
        "77",
    )
    assert (payment.invoice, payment.company, payment.owner) == ("invoice/1", "company/1", "olga")
    assert state(shop) == ("paid", "26905.00 RUB", "0.00 RUB")
    assert events(shop) == ["on_payment_received", "on_invoice_paid", "on_activity_added"], "the papers are offered"
    assert invoices(shop).open() == []


def test_a_part_leaves_the_rest(shop: Workspace, invoice: Invoice) -> None:
    invoices(shop).pay(1, "5 000,50")
    assert state(shop) == ("partly_paid", "5000.50 RUB", "21904.50 RUB")
    assert events(shop) == ["on_payment_received"]
    invoices(shop).pay(1)
    assert state(shop) == ("paid", "26905.00 RUB", "0.00 RUB")
    with pytest.raises(InvalidValue, match=r"0\.00 RUB is left"):
        invoices(shop).pay(1)


def test_what_is_above_the_total_is_an_advance(shop: Workspace, invoice: Invoice) -> None:
    invoices(shop).pay(1, 27000)
    assert state(shop) == ("paid", "27000.00 RUB", "0.00 RUB")
    assert str(invoices(shop).get(1).advance) == "95.00 RUB"
    invoices(shop).pay(1, 5)
    assert str(invoices(shop).get(1).advance) == "100.00 RUB"
    assert events(shop) == ["on_payment_received"]


def test_adding_a_payment_is_paying(shop: Workspace, invoice: Invoice) -> None:
    payments(shop).add(invoice=1, amount="100")
    assert state(shop) == ("partly_paid", "100.00 RUB", "26805.00 RUB")


@pytest.mark.parametrize("amount", ["0", "-5", Money(Decimal(5), "USD"), {"amount": "5.00", "currency": "USD"}])
def test_impossible_amounts_are_refused(shop: Workspace, invoice: Invoice, amount: object) -> None:
    with pytest.raises(InvalidValue, match="invoice/1"):
        invoices(shop).pay(1, amount)
    assert (payments(shop).count(), state(shop)[0]) == (0, "issued")


def test_a_bare_amount_is_in_the_currency_of_the_invoice(shop: Workspace) -> None:
    invoices(shop).issue(company=client(shop), items=["A*1@100"], currency="EUR")
    assert str(invoices(shop).pay(1, "40").amount) == "40.00 EUR"


def test_a_draft_cannot_be_paid(shop: Workspace) -> None:
    invoices(shop).add(company=client(shop), items=ITEMS)
    with pytest.raises(Refused, match="«draft»"):
        invoices(shop).pay(1, 5)


# --- imports ----------------------------------------------------------------------------------------------------------


def test_the_same_key_counts_once(shop: Workspace, invoice: Invoice) -> None:
    first = invoices(shop).pay(1, 100, key="bank:77", source="bank", purpose="за щебень")
    n = shop.store.number
    again = invoices(shop).pay(1, 100, key="bank:77", source="bank")
    assert (again.ref, again.source, again.purpose) == (first.ref, "bank", "за щебень")
    assert (shop.store.number, state(shop)[1]) == (n, "100.00 RUB")


def test_the_same_key_counts_once_within_one_change_set(shop: Workspace, invoice: Invoice) -> None:
    with shop.transaction("import"):
        refs = {invoices(shop).pay(1, 100, key=key).ref for key in ("a", "b", "a")}
    assert refs == {"payment/1", "payment/2"}
    assert state(shop)[1] == "200.00 RUB"


def test_a_deleted_payment_does_not_come_back_with_the_next_import(shop: Workspace, invoice: Invoice) -> None:
    invoices(shop).pay(1, 100, key="a")
    payments(shop).delete(1)
    assert invoices(shop).pay(1, 100, key="a").deleted
    assert state(shop) == ("issued", "0.00 RUB", "26905.00 RUB")


# --- taken back -------------------------------------------------------------------------------------------------------


def test_undo_and_redo_of_a_payment(shop: Workspace, invoice: Invoice) -> None:
    invoices(shop).send(1)
    invoices(shop).pay(1)
    undo(shop)
    assert state(shop) == ("sent", "0.00 RUB", "26905.00 RUB")
    assert payments(shop).count() == 0
    redo(shop)
    assert state(shop) == ("paid", "26905.00 RUB", "0.00 RUB")


def test_a_deleted_payment_is_not_counted_and_a_restored_one_is(shop: Workspace, invoice: Invoice) -> None:
    invoices(shop).send(1)
    invoices(shop).pay(1, 27000)
    payments(shop).delete(1)
    assert state(shop) == ("sent", "0.00 RUB", "26905.00 RUB")
    assert invoices(shop).get(1).advance is None
    payments(shop).restore(1)
    assert state(shop) == ("paid", "27000.00 RUB", "0.00 RUB")


def test_a_changed_amount_is_counted_anew(shop: Workspace, invoice: Invoice) -> None:
    invoices(shop).pay(1, 100)
    payments(shop).set(1, amount="250")
    assert state(shop) == ("partly_paid", "250.00 RUB", "26655.00 RUB")


def test_a_payment_moves_to_the_right_invoice(shop: Workspace, invoice: Invoice) -> None:
    invoices(shop).issue(company=1, items=["A*1@100"])
    invoices(shop).pay(1, 100)
    payments(shop).set(1, invoice=2)
    assert state(shop) == ("issued", "0.00 RUB", "26905.00 RUB")
    assert invoices(shop).get(2).status == "paid"


def test_an_invoice_with_payments_is_neither_cancelled_nor_deleted(shop: Workspace, invoice: Invoice) -> None:
    invoices(shop).pay(1, 100)
    for verb in (invoices(shop).cancel, invoices(shop).delete):
        with pytest.raises(Refused, match="has payments"):
            verb(1)
