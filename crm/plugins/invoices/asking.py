"""«The client asked for an invoice»: the most urgent activity there is, with a clock; the invoice stops it (Q11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import WrongUsage
from crm.locale import _
from crm.plugins.invoices.settings import InvoiceSettings

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.plugins.invoices.invoice import Invoice
    from crm.sales.desk import Desk

KIND = "invoice"


def asked(crm: Desk, about: str, *, minutes: int = 0, comment: str = "", owner: str = "") -> Activity:
    """Plan the urgent activity about a deal, a company or a contact; due in `minutes` (0: those of the settings).

    Asked again about the same record, it returns the one that waits: the clock runs from the first time.
    """
    record = crm.record(about)
    if record.noun not in ("deal", "company", "contact", "lead"):
        raise WrongUsage(_("A client who asks is a deal, a company, a contact or a lead."), _("Give --about deal/12."))
    for one in _waiting(crm, record.ref):
        return one
    wait = minutes or crm.settings.section("invoices", InvoiceSettings).asked_minutes
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=wait)
    with crm.writing("invoice asked"):
        activities: Any = crm.collection("activity")
        made: Activity = activities.add(
            kind=KIND,
            subject=_("The client waits for an invoice: {name}").format(name=record.label)
            + (f" — {comment}" if comment else ""),
            about=record.ref,
            due=due.isoformat(),
            urgent=True,
            owner=owner or record.doc.get("owner") or crm.actor,
        )
        return made


def _waiting(crm: Desk, ref: str) -> list[Activity]:
    found = crm.collection("activity").having("about", ref)
    return [one for one in found if one.kind == KIND and one.urgent and not one.done]


def answered(crm: Desk, invoice: Invoice) -> None:
    """Stop the clock of whoever waited for an invoice: its deal, company or contact; the result has the minutes."""
    for ref in filter(None, (invoice.deal, invoice.company, invoice.contact)):
        for one in _waiting(crm, ref):
            created = datetime.fromisoformat(one.doc["created"])
            minutes = int((datetime.now(UTC) - created).total_seconds() // 60)
            result = _("Invoice No. {number} in {minutes} min").format(number=invoice.number, minutes=minutes)
            activities: Any = crm.collection("activity")
            activities.done(one.id, result)
