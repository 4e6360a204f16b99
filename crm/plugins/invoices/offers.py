"""What the cards of invoices offer to do: buttons, and what they ask first."""

from __future__ import annotations

from typing import Any

from crm.locale import N_

_DEEDS = "crm.plugins.invoices.deeds"
_ISSUED = ["issued", "approved", "sent", "partly_paid", "paid"]
OFFERS: dict[str, tuple[str, dict[str, Any]]] = {
    "invoice_mail": (
        f"{_DEEDS}:mail",
        {
            "title": N_("Send by e-mail"),
            "where": ["invoice"],
            "icon": "letter",
            "when": {"status": _ISSUED},
            "asks": [
                {"name": "to", "title": N_("To whom; by itself, whom the paper is for")},
                {"name": "text", "title": N_("Text of the letter"), "type": "multiline"},
            ],
        },
    ),
    "invoice_refund": (
        f"{_DEEDS}:refund",
        {
            "title": N_("Money given back"),
            "where": ["invoice"],
            "icon": "undo",
            "when": {"status": ["partly_paid", "paid"]},
            "asks": [
                {
                    "name": "amount",
                    "title": N_("Amount; by itself what is above the total, else all"),
                    "type": "decimal",
                },
                {"name": "date", "title": N_("Date"), "type": "date", "value": "today"},
                {"name": "reference", "title": N_("Number of the payment order")},
                {"name": "purpose", "title": N_("Purpose")},
            ],
        },
    ),
    "invoice_advance": (
        f"{_DEEDS}:use_advance",
        {
            "title": N_("Pay from an advance"),
            "where": ["invoice"],
            "icon": "payment",
            "when": {"status": ["issued", "checking", "approved", "sent", "partly_paid"]},
            "asks": [
                {"name": "source", "title": N_("The invoice that was overpaid"), "noun": "invoice", "required": True},
                {"name": "amount", "title": N_("Amount; by itself as much as fits"), "type": "decimal"},
            ],
        },
    ),
    "invoice_deal": (
        f"{_DEEDS}:make_deal",
        {
            "title": N_("Make a deal"),
            "where": ["invoice"],
            "icon": "deal",
            "when": {"deal": [""], "status": ["draft", *_ISSUED]},
            "asks": [
                {"name": "title", "title": N_("Title; by itself the first goods")},
                {"name": "pipeline", "title": N_("Pipeline"), "dictionary": "pipelines"},
            ],
        },
    ),
    "invoice_asked": (
        f"{_DEEDS}:asked",
        {
            "title": N_("Asks for an invoice"),
            "icon": "clock",
            "where": ["deal", "company", "contact", "lead"],
            "asks": [
                {"name": "comment", "title": N_("What exactly is asked for"), "type": "multiline"},
                {"name": "minutes", "title": N_("Minutes; by itself as the settings say"), "type": "decimal"},
            ],
        },
    ),
}
"""Name: (who does it, options of `register_actions`)."""
