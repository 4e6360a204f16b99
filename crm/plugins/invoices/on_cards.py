"""Invoices on the card of an accepted quote in the console: those made of it, and one made with a button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.html import button, link, money, table
from crm.locale import _
from crm.plugins.invoices.invoice import CANCELLED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.record import Record
    from crm.plugins.invoices.invoices import Invoices
    from crm.workspace import Workspace


def panel(crm: Workspace, quote: Record) -> dict[str, Any] | None:
    """Return the invoices of a quote, and the way to make one where the client accepted it and there is none."""
    invoices: Invoices = crm.collection("invoice")  # type: ignore[assignment]
    made = [one for one in invoices.having("quote", quote.ref) if one.deleted is None]
    rows = [
        [
            link(f"/{one.ref}", f"№\u00a0{one.number}" if one.number else one.ref),
            _(str(one.status)),
            money(one.doc["total"]),
        ]
        for one in made
    ]
    html = table(_("Invoices"), [_("Invoice"), _("Status"), _("Total")], rows, ends=(2,)) if rows else Markup("")
    lacking = all(one.status == CANCELLED for one in made)
    if quote.doc.get("status") == "accepted" and lacking and crm.guard.may("create", "invoice", None):
        html += button("quote_invoice", _("Issue an invoice"), {"quote": quote.ref}, "button primary")
    return {"html": html} if html else None


def issue(crm: Workspace, given: Mapping[str, Any]) -> tuple[str, str]:
    """Issue the invoice of a quote, and go to it."""
    invoices: Invoices = crm.collection("invoice")  # type: ignore[assignment]
    issued = invoices.issue(quote=str(given.get("quote") or ""))
    return _("Invoice No. {number} is issued.").format(number=issued.number), f"/{issued.ref}"
