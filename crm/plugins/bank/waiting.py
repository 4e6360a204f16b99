"""The invoices of a workspace as the matching sees them: those that wait for money, and the rest by their numbers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from crm.plugins.bank.matching import OpenInvoice
from crm.plugins.invoices.invoice import DRAFT

if TYPE_CHECKING:
    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.invoices.invoices import Invoices
    from crm.sales.desk import Desk


class Waiting:
    """The invoices during one import; `note` tells that one of them was paid."""

    def __init__(self, crm: Desk) -> None:
        self.crm = crm
        self.invoices: Invoices = crm.collection("invoice")  # type: ignore[assignment]

    @cached_property
    def _open(self) -> dict[str, Invoice]:
        return {invoice.ref: invoice for invoice in self.invoices.open()}

    @cached_property
    def _closed(self) -> list[OpenInvoice]:
        every = self.invoices.find()
        return [self._seen(one) for one in every if one.ref not in self._open and one.status != DRAFT]

    def of(self, currency: str) -> list[OpenInvoice]:
        """Return the invoices in `currency` that wait for money, with what is left to pay of each."""
        return [
            self._seen(one)
            for one in self._open.values()
            if one.balance is not None and one.balance.currency == currency
        ]

    def others(self) -> list[OpenInvoice]:
        """Return the invoices that wait for nothing: cancelled ones and paid ones, those of this import too."""
        paid = [self._seen(one) for one in self._open.values() if not one.balance or not one.balance.amount]
        return [*self._closed, *paid]

    def note(self, ref: str) -> None:
        """Look at an invoice again after it was paid."""
        self._open[ref] = self.invoices.get(ref)

    def _seen(self, invoice: Invoice) -> OpenInvoice:
        numbers = tuple(filter(None, dict.fromkeys((invoice.number, str(invoice.exchange_number or "")))))
        left = invoice.balance.amount if invoice.balance else Decimal(0)
        return OpenInvoice(invoice.ref, numbers, self._inn(invoice), left, invoice.date or dt.date.min)

    def _inn(self, invoice: Invoice) -> str:
        """Return the buyer's INN as the invoice has it, else as the company has it now."""
        known = str(invoice.buyer.get("inn") or "")
        if known or not invoice.company:
            return known
        company = self.crm.doc("company", int(invoice.company.partition("/")[2])) or {}
        return str((company.get("tax_ids") or {}).get("inn") or "")
