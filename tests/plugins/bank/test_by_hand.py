from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from crm.errors import InvalidValue, Refused
from crm.sales.undo import undo
from tests.plugins.bank.desk import ROMASHKA, status, take
from tests.plugins.bank.files import cp1251, document, outgoing

if TYPE_CHECKING:
    from crm.plugins.bank.movements import BankMovements
    from crm.workspace import Workspace


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
