"""How sure it is that a payment is for an invoice: signals with points, and what forbids paying without a person.

The points are those of the field: a number of an open invoice with the client's own tax id is worth 60, the exact
amount 30, and so on; from 80 on money is applied, from 40 on an invoice is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from crm.locale import _
from crm.plugins.bank.open_invoices import OpenInvoice
from crm.plugins.bank.purpose import Purpose

APPLY_FROM, SUGGEST_FROM = 80, 40


_WORD = re.compile(r"\w+")


class Signal(NamedTuple):
    """One reason to think so, and its points."""

    points: int
    text: str


@dataclass(frozen=True)
class Payer:
    """Who pays: a tax id, a name, and the clients whose money came from the same account before."""

    tax_id: str = ""
    name: str = ""
    seen: Collection[str] = frozenset()

    def is_client(self, invoice: OpenInvoice) -> bool:
        """Tell whether the payer is the client of an invoice by the tax id."""
        return bool(self.tax_id) and self.tax_id in invoice.tax_ids


@dataclass(frozen=True)
class Scored:
    """Invoices that a payment may be for, all of them together or one, with the signals for it."""

    invoices: tuple[OpenInvoice, ...]
    signals: tuple[Signal, ...]
    bars: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """Return the sum of the signals."""
        return sum(signal.points for signal in self.signals)

    @property
    def applies(self) -> bool:
        """Tell whether the money may be applied without asking."""
        return self.points >= APPLY_FROM and not self.bars

    @property
    def why(self) -> str:
        """Return the explanation: what speaks for it with the points, then what forbids it."""
        signals = ", ".join(f"{signal.text} {signal.points:+d}" for signal in self.signals)
        labels = ", ".join(invoice.label for invoice in self.invoices)
        one, many = _("Invoice {numbers}: {signals} = {points}."), _("Invoices {numbers}: {signals} = {points}.")
        text = one if len(self.invoices) == 1 else many
        said = text.format(numbers=labels, signals=signals, points=self.points)
        return " ".join([said, *self.bars])

    def barred(self, *bars: str) -> Scored:
        """Return the same, not to be applied without a person for these reasons."""
        return Scored(self.invoices, self.signals, (*self.bars, *filter(None, bars)))


def by_number(invoice: OpenInvoice, payer: Payer, purpose: Purpose, amount: Decimal, *, only: bool = False) -> Scored:
    """Score an invoice that the purpose names; `only` says that the client has no other open one."""
    own = payer.is_client(invoice)
    signals = [_named(own=own)]
    if only and own:
        signals.append(_only())
    signals += _common([invoice], payer, purpose, amount)
    return Scored((invoice,), tuple(signals))


def together(invoices: Iterable[OpenInvoice], payer: Payer, purpose: Purpose, amount: Decimal) -> Scored:
    """Score several invoices that the purpose names and that come to the amount together."""
    named = tuple(invoices)
    signals = (_named(own=all(map(payer.is_client, named))), *_common(named, payer, purpose, amount))
    return Scored(named, signals)


def by_amount(invoice: OpenInvoice, payer: Payer, purpose: Purpose, amount: Decimal, *, only: bool) -> Scored:
    """Score an invoice of the payer that no number names: by its amount, or because no other is open."""
    if invoice.remainder == amount:
        signals = [Signal(70, _("the payer's only invoice of this amount"))]
    else:
        signals = [Signal(30, _("the payer is the client")), *_amount([invoice], amount)]
    if only:
        signals.append(_only())
    return Scored((invoice,), (*signals, *_dated([invoice], purpose), *_seen([invoice], payer)))


def all_of_client(invoices: Iterable[OpenInvoice]) -> Scored:
    """Score all open invoices of the payer, which come to the amount together."""
    return Scored(tuple(invoices), (Signal(60, _("all open invoices of the payer come to the amount")),))


def several_equal(invoices: Iterable[OpenInvoice]) -> Scored:
    """Score invoices of the payer each of which comes to the amount."""
    return Scored(tuple(invoices), (Signal(60, _("the payer has several invoices of this amount")),))


def _named(*, own: bool) -> Signal:
    if own:
        return Signal(60, _("named in the purpose by its client"))
    return Signal(35, _("named in the purpose, the payer is someone else"))


def _only() -> Signal:
    return Signal(10, _("the client's only open invoice"))


def _common(invoices: Collection[OpenInvoice], payer: Payer, purpose: Purpose, amount: Decimal) -> tuple[Signal, ...]:
    return (*_dated(invoices, purpose), *_amount(invoices, amount), *_seen(invoices, payer), *_same(invoices, payer))


def _dated(invoices: Collection[OpenInvoice], purpose: Purpose) -> list[Signal]:
    if any(invoice.date in purpose.dates for invoice in invoices):
        return [Signal(10, _("its date is named"))]
    return []


def _amount(invoices: Collection[OpenInvoice], amount: Decimal) -> list[Signal]:
    owed = sum((invoice.remainder for invoice in invoices), Decimal(0))
    if amount == owed:
        return [Signal(30, _("the exact amount"))]
    return [Signal(10, _("a part of the amount"))] if amount < owed else [Signal(0, _("more than is owed"))]


def _seen(invoices: Collection[OpenInvoice], payer: Payer) -> list[Signal]:
    if all(invoice.client in payer.seen for invoice in invoices):
        return [Signal(10, _("this account paid for the client before"))]
    return []


def _same(invoices: Collection[OpenInvoice], payer: Payer) -> list[Signal]:
    """Tell whether a person who pays through a bank bears the name of the person who owes."""
    name = _words(payer.name)
    if len(name) > 1 and all(_words(invoice.person) == name for invoice in invoices):
        return [Signal(10, _("the payer has the client's name"))]
    return []


def _words(name: str) -> list[str]:
    return sorted(_WORD.findall(name.casefold().replace("ё", "е")))
