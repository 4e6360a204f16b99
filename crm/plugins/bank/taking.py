"""Movements matched with invoices while they are written: a whole statement, or what waits, in one change set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.locale import _
from crm.model.money import Money
from crm.plugins.bank.matching import Facts, Match, find_invoices
from crm.plugins.bank.memory import Accounts, taken_back
from crm.plugins.bank.movement import APPLIED, IGNORED, IN, MANUAL, OUT, SUGGESTED
from crm.plugins.bank.noted import Found, Noted
from crm.plugins.bank.own_companies import OwnCompanies
from crm.plugins.bank.refunds import find_refunds
from crm.plugins.bank.waiting import Waiting

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.plugins.bank.statement import Movement
    from crm.sales.desk import Desk

_CURRENCIES = {"810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "156": "CNY", "398": "KZT", "933": "BYN"}
"""Currencies by the 6th to 8th digit of an account (Положение Банка России № 809-П)."""


def currency_of(account: str, home: str) -> str:
    """Return the currency of an account, `home` where the number does not tell."""
    return _CURRENCIES.get(account[5:8], home) if len(account) == 20 else home


class Taking:
    """What is known while movements are matched; each payment changes what is open for the next."""

    def __init__(self, crm: Desk) -> None:
        self.crm = crm
        self._waiting = Waiting(crm)
        self._noted = Noted(self._waiting)
        self._accounts = Accounts(crm)
        self._refused = taken_back(crm)
        self.own = OwnCompanies(crm.settings)
        self._home = crm.settings.currency

    def take(self, movement: Movement, refused: Collection[str] = (), first: int = 1) -> Doc:
        """Match a movement, pay what is beyond doubt, and return the fields that tell of it.

        `refused` are invoices that a person said it does not pay; `first` is the place of its next payment.
        """
        currency = currency_of(movement.account, self._home)
        if movement.direction == IN and (found := self._noted.claim(movement, currency, refused)):
            return _linked(found)
        match = self.match(movement, refused)
        payments = [
            self._pay(movement, place, ref, Money(amount, currency))
            for place, (ref, amount) in enumerate(match.applied, start=first)
        ]
        return _told(movement, match, payments, currency)

    def match(self, movement: Movement, refused: Collection[str] = ()) -> Match:
        """Find what a movement is for, and write nothing."""
        currency = currency_of(movement.account, self._home)
        if movement.direction == OUT:
            return find_refunds(movement, lambda: self._waiting.paid(currency), refused)
        facts = Facts(
            seen=self._accounts.clients_of(movement.payer.account),
            own=self.own.of(movement),
            refused=self._refused.get(movement.key, frozenset()),
            rejected=frozenset(refused),
            closed=self._waiting.closed,
        )
        return find_invoices(movement, self._waiting.of(currency), facts)

    def are_open(self, movement: Movement, invoices: Iterable[str]) -> bool:
        """Tell whether invoices in the currency of a movement wait for money still."""
        open_ = self._waiting.of(currency_of(movement.account, self._home))
        return all(map(open_.holds, invoices))

    def _pay(self, movement: Movement, place: int, invoice: str, amount: Money) -> str:
        facts = {"date": movement.date, "reference": movement.number, "purpose": movement.purpose}
        payment = pay(self.crm, f"{movement.key}:{place}", invoice, amount, facts)
        self._accounts.note(movement.payer.account, self._waiting.note(invoice).client)
        return payment


def pay(crm: Desk, key: str, invoice: str, amount: Money, facts: Mapping[str, object]) -> str:
    """Pay an invoice, or with `refund` among the facts give money back for it; return the payment's reference.

    A payment with this key is made once, also when its movement was purged since.
    """
    known = next(iter(crm.store.index.lookup("payment", "key", key)), None)
    if known is not None:
        return f"payment/{known}"
    given = {name: value for name, value in facts.items() if value not in (None, "")}
    return str(crm.collection("payment").add(invoice=invoice, amount=amount, source="bank", key=key, **given).ref)


def _linked(found: Found) -> Doc:
    """Return the fields of a movement that is the money of a payment which is there already."""
    text = _("The money is noted already: {payment} of {day}, {source}.")
    why = text.format(payment=found.payment.ref, day=found.payment.date, source=_(str(found.payment.source)))
    return {"status": APPLIED, "invoices": [found.invoice], "payments": [found.payment.ref], "left": None,
            "points": None, "why": why}  # fmt: skip


def _told(movement: Movement, match: Match, payments: list[str], currency: str) -> Doc:
    status = _status(movement, match)
    applied = sum((amount for _ref, amount in match.applied), Decimal(0))
    left = movement.amount - applied if status != IGNORED else Decimal(0)
    return {
        "status": status,
        "invoices": [ref for ref, _amount in match.applied] or list(match.suggested) or None,
        "payments": payments or None,
        "left": Money(left, currency).to_json() if left else None,
        "points": match.points or None,
        "why": match.why,
    }


def _status(movement: Movement, match: Match) -> str:
    if match.applied:
        return APPLIED
    if match.suggested:
        return SUGGESTED
    from_us = bool(movement.payer.inn) and movement.payer.inn == movement.payee.inn
    return MANUAL if movement.direction == IN and not from_us else IGNORED
