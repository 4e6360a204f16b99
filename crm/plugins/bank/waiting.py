"""The invoices of a workspace as the matching sees them: those that wait for money, and the rest by their numbers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from crm.plugins.bank.open_invoices import Numbers, OpenInvoice, OpenInvoices
from crm.plugins.bank.refunds import PaidInvoices
from crm.plugins.invoices.invoice import CANCELLED, DRAFT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.invoices.invoices import Invoices
    from crm.sales.desk import Desk

_TAX_IDS = ("inn", "edrpou", "rntrc", "ipn")


class Waiting:
    """The invoices during one import; `note` tells that one of them was paid."""

    def __init__(self, crm: Desk) -> None:
        self.crm = crm
        self.invoices: Invoices = crm.collection("invoice")  # type: ignore[assignment]
        self._open: dict[str, OpenInvoices] = {}
        self._tax_ids: dict[str, frozenset[str]] = {}
        for invoice in self.invoices.open():
            if invoice.balance is not None:
                self.of(invoice.balance.currency).put(self._seen(invoice))

    def of(self, currency: str) -> OpenInvoices:
        """Return the invoices in `currency` that wait for money, with what is left to pay of each."""
        return self._open.setdefault(currency, OpenInvoices())

    @cached_property
    def _closed(self) -> Numbers:
        closed = Numbers()
        for invoice in self._issued():
            if not invoice.balance or not invoice.balance.amount:
                closed.put(self._seen(invoice))
        return closed

    def closed(self) -> Numbers:
        """Return the invoices that wait for nothing: cancelled ones and paid ones, those of this import too."""
        return self._closed

    def paid(self, currency: str) -> PaidInvoices:
        """Return the invoices in `currency` that money came in for."""
        return self._paid.setdefault(currency, PaidInvoices())

    @cached_property
    def _paid(self) -> dict[str, PaidInvoices]:
        found: dict[str, PaidInvoices] = {}
        for one in self._issued():
            if one.status != CANCELLED and one.paid is not None and one.paid.amount:
                found.setdefault(one.paid.currency, PaidInvoices()).put(self._seen(one))
        return found

    def _issued(self) -> Iterator[Invoice]:
        return (invoice for invoice in self.invoices.find() if invoice.status != DRAFT)

    def note(self, ref: str) -> OpenInvoice:
        """Look at an invoice again after something was paid for it, or given back."""
        invoice = self.invoices.get(ref)
        seen, currency = self._seen(invoice), invoice.balance.currency if invoice.balance else ""
        self.of(currency).put(seen)
        if "_closed" in self.__dict__ and not seen.remainder:
            self._closed.put(seen)
        if "_paid" in self.__dict__:
            self.paid(currency).put(seen)
        return seen

    def look(self, ref: str) -> OpenInvoice:
        """Return an invoice as it is now."""
        return self._seen(self.invoices.get(ref))

    def _seen(self, invoice: Invoice) -> OpenInvoice:
        nothing = Decimal(0)
        return OpenInvoice(
            ref=invoice.ref,
            numbers=tuple(filter(None, dict.fromkeys((invoice.number, str(invoice.exchange_number or ""))))),
            tax_ids=_known(invoice.buyer) or self._of_company(invoice.company or ""),
            remainder=invoice.balance.amount if invoice.balance else nothing,
            date=invoice.date or dt.date.min,
            client=client_of(invoice.doc),
            person="" if invoice.company else str((invoice.buyer or {}).get("name", "")),
            own=invoice.own or "",
            paid=invoice.paid.amount if invoice.paid else nothing,
            advance=invoice.advance.amount if invoice.advance else nothing,
        )

    def _of_company(self, ref: str) -> frozenset[str]:
        """Return the tax ids of a company as it has them now, for an invoice that was issued without."""
        if not ref:
            return frozenset()
        if ref not in self._tax_ids:
            company = self.crm.doc("company", id_of(ref)) or {}
            self._tax_ids[ref] = _known(company.get("tax_ids") or {})
        return self._tax_ids[ref]


def id_of(ref: str) -> int:
    """Return the number of a reference such as invoice/12."""
    return int(ref.partition("/")[2])


def client_of(invoice: Doc) -> str:
    """Return the reference of who an invoice is for: a company, else a person."""
    return str(invoice.get("company") or invoice.get("contact") or "")


def _known(numbers: Doc) -> frozenset[str]:
    return frozenset(str(numbers[name]) for name in _TAX_IDS if numbers.get(name))
