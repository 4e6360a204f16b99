"""Who an invoice is sent to: the accountant of the company, where one is known (роль контакта «бухгалтер»)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.record import Record
    from crm.plugins.invoices.invoice import Invoice
    from crm.sales.desk import Desk

ACCOUNTANT = "accountant"


def address_for(crm: Desk, invoice: Invoice) -> tuple[str, str]:
    """Return where an invoice goes and to whom: the accountant of the company, its contact, the company; or nobody."""
    for record in _candidates(crm, invoice):
        for address in record.doc.get("emails", ()):
            return str(address), record.label
    return "", ""


def _candidates(crm: Desk, invoice: Invoice) -> Iterator[Record]:
    people = crm.collection("contact").having("companies", invoice.company) if invoice.company else []
    yield from (person for person in people if ACCOUNTANT in person.doc.get("roles", ()))
    yield from (crm.record(ref) for ref in (invoice.contact, invoice.company) if ref)
