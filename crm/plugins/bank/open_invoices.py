"""The invoices that money may be for, found by their numbers, by the tax id of the client and by what is left to pay.

Each question costs the same however many invoices there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crm.plugins.bank.purpose import Purpose, digit_runs


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice waiting for money; `numbers` are its printed forms: as shown, and as sent to 1C.

    `client` is the reference of the company or the person, `person` his name where it is a person, `own` the company of
    ours it was issued by. Of a paid one
    `remainder` is zero, `paid` what came in for it, `advance` what came in above its total.
    """

    ref: str
    numbers: tuple[str, ...]
    tax_ids: frozenset[str]
    remainder: Decimal
    date: dt.date
    client: str = ""
    person: str = ""
    own: str = ""
    paid: Decimal = Decimal(0)
    advance: Decimal = Decimal(0)

    @property
    def label(self) -> str:
        """Return the number that people see."""
        return self.numbers[0] if self.numbers else self.ref


class Numbers:
    """Invoices by the digits of their numbers: a purpose is looked up here, never compared with every invoice."""

    def __init__(self) -> None:
        self._by_runs: defaultdict[tuple[str, ...], dict[str, OpenInvoice]] = defaultdict(dict)
        self._lengths: set[int] = set()

    def put(self, invoice: OpenInvoice) -> None:
        """Take an invoice in, or its newer state."""
        for number in invoice.numbers:
            runs = digit_runs(number)
            self._lengths.add(len(runs))
            self._by_runs[runs][invoice.ref] = invoice

    def drop(self, invoice: OpenInvoice) -> None:
        """Let an invoice go."""
        for number in invoice.numbers:
            self._by_runs[digit_runs(number)].pop(invoice.ref, None)

    def named(self, purpose: Purpose) -> list[OpenInvoice]:
        """Return the invoices one of whose numbers stands in a purpose, the oldest first."""
        if not purpose.speaks_of_numbers:
            return []
        found = {invoice.ref: invoice for invoice in self._with_digits_of(purpose)}
        return oldest_first(one for one in found.values() if any(map(purpose.names, one.numbers)))

    def _with_digits_of(self, purpose: Purpose) -> Iterable[OpenInvoice]:
        runs = purpose.runs
        for length in self._lengths:
            for start in range(len(runs) - length + 1):
                yield from self._by_runs.get(runs[start : start + length], {}).values()


class OpenInvoices:
    """The invoices in one currency that wait for money."""

    def __init__(self, invoices: Iterable[OpenInvoice] = ()) -> None:
        self.numbers = Numbers()
        self._all: dict[str, OpenInvoice] = {}
        self._of_client: defaultdict[str, dict[str, OpenInvoice]] = defaultdict(dict)
        self._equal: defaultdict[tuple[str, Decimal], dict[str, OpenInvoice]] = defaultdict(dict)
        self._owed: defaultdict[str, Decimal] = defaultdict(Decimal)
        for invoice in invoices:
            self.put(invoice)

    def put(self, invoice: OpenInvoice) -> None:
        """Take an invoice in, or its newer state; one that waits for nothing is let go."""
        if known := self._all.pop(invoice.ref, None):
            self._forget(known)
        if invoice.remainder <= 0:
            return
        self._all[invoice.ref] = invoice
        self.numbers.put(invoice)
        for tax_id in invoice.tax_ids:
            self._of_client[tax_id][invoice.ref] = invoice
            self._equal[tax_id, invoice.remainder][invoice.ref] = invoice
            self._owed[tax_id] += invoice.remainder

    def _forget(self, invoice: OpenInvoice) -> None:
        self.numbers.drop(invoice)
        for tax_id in invoice.tax_ids:
            del self._of_client[tax_id][invoice.ref]
            del self._equal[tax_id, invoice.remainder][invoice.ref]
            self._owed[tax_id] -= invoice.remainder

    def holds(self, ref: str) -> bool:
        """Tell whether an invoice waits for money."""
        return ref in self._all

    def equal(self, tax_id: str, amount: Decimal) -> list[OpenInvoice]:
        """Return the invoices of a client of which exactly `amount` is left to pay, the oldest first."""
        return oldest_first(self._equal.get((tax_id, amount), {}).values()) if tax_id else []

    def only(self, tax_id: str) -> OpenInvoice | None:
        """Return the invoice of a client when it is his only open one."""
        of_client = self._of_client.get(tax_id, {}) if tax_id else {}
        return next(iter(of_client.values())) if len(of_client) == 1 else None

    def are_for(self, tax_id: str) -> bool:
        """Tell whether a client has an open invoice."""
        return bool(self._of_client.get(tax_id))

    def all_of(self, tax_id: str, amount: Decimal) -> list[OpenInvoice]:
        """Return all open invoices of a client, the oldest first, when they come to `amount` together."""
        if not tax_id or self._owed.get(tax_id) != amount:
            return []
        return oldest_first(self._of_client[tax_id].values())


def oldest_first(invoices: Iterable[OpenInvoice]) -> list[OpenInvoice]:
    """Sort invoices by their day."""
    return sorted(invoices, key=lambda one: (one.date, one.ref))
