"""Payments that people or 1C noted before the bank told of them: the same money is not counted twice."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.plugins.bank.purpose import Purpose
from crm.plugins.invoices.payment import MANUAL, ONEC

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from crm.plugins.bank.statement import Movement
    from crm.plugins.bank.waiting import Waiting
    from crm.plugins.invoices.payment import Payment

_NEAR = timedelta(days=5)
"""How far the day of a payment may be from that of the bank, as in the exchange with 1C."""


class Found(NamedTuple):
    """A payment that was noted before, and what it was for."""

    payment: Payment
    invoice: str


class Noted:
    """The payments from elsewhere that no movement was found for yet."""

    def __init__(self, waiting: Waiting) -> None:
        self.crm = waiting.crm
        self.waiting = waiting
        self._claimed: set[str] = set()

    @cached_property
    def _by_amount(self) -> dict[tuple[str, Decimal], list[Payment]]:
        from tinydb.queries import where

        payments: Any = self.crm.collection("payment")
        found: defaultdict[tuple[str, Decimal], list[Payment]] = defaultdict(list)
        for one in payments.find(where("source").one_of([MANUAL, ONEC]), sort="date"):
            if one.invoice and one.amount and not one.refund:
                found[one.amount.currency, one.amount.amount].append(one)
        return dict(found)

    def claim(self, movement: Movement, currency: str, refused: Collection[str] = ()) -> Found | None:
        """Return the payment that a movement is the money of, which is then no other's; None where there is none."""
        for one in self._by_amount.get((currency, movement.amount), ()):
            invoice = str(one.invoice)
            near = one.date is not None and abs(one.date - movement.date) <= _NEAR
            if near and invoice not in refused and self._is_free(one.ref) and self._is_of(movement, invoice):
                self._claimed.add(one.ref)
                return Found(one, invoice)
        return None

    def _is_free(self, payment: str) -> bool:
        taken = payment in self._claimed or any(self.crm.store.index.lookup("bank_movement", "payments", payment))
        return not taken

    def _is_of(self, movement: Movement, invoice: str) -> bool:
        """Tell whether a movement comes from the client of an invoice or names it."""
        seen = self.waiting.look(invoice)
        purpose = Purpose(movement.purpose)
        return movement.payer.inn in seen.tax_ids or any(map(purpose.names, seen.numbers))
