"""What a list says that has nothing in it: why, what the records are for, where they come from, and how to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.console.visit import Context
    from crm.sales.noun import Noun

_TAUGHT = {
    "lead": N_(
        "A lead is any request: who it is, where from, what about. Take one in the box above; the site and "
        "the mail bring them too."
    ),
    "contact": N_(
        "Contacts are the people you talk to. They come from leads that became clients, from a file, or by "
        "hand."
    ),
    "company": N_(
        "Companies are the clients who pay: requisites, contacts, deals and papers in one card. They come "
        "from leads or from a file."
    ),
    "deal": N_("A deal is a sale on its way from interest to payment. It grows out of a lead, or begins here."),
    "activity": N_(
        "Calls, meetings, letters and tasks: what is to be done, for whom, until when. Plan the next step on "
        "any card."
    ),
    "quote": N_(
        "A quote is made on the card of a deal, out of its goods; the accepted one becomes an invoice in one "
        "click."
    ),
    "invoice": N_("An invoice is made on the card of a deal or of a quote; the bank statement marks it as paid."),
    "payment": N_("Payments come with the bank statement, or are noted on the card of an invoice."),
    "document": N_("Acts, waybills and contracts are made on the card of a deal or of an invoice."),
    "product": N_(
        "Goods and services with their prices: lines of deals, quotes and invoices take them from here. A "
        "file or 1C brings them all at once."
    ),
}  # fmt: skip


def unfit(everything: str) -> Context:
    """Return what is said where conditions leave nothing; `everything` is the list without them."""
    return {
        "title": _("Nothing fits"),
        "text": _("No record meets these conditions. Take one of them away."),
        "command": "",
        "action": {"title": _("Show all"), "address": everything},
        "other": None,
    }


def untrashed() -> Context:
    """Return what is said of a trash with nothing in it."""
    return {"title": _("The trash is empty"), "text": "", "command": "", "action": None, "other": None}


def unbegun(noun: Noun, add: Context | None, brought: Context | None) -> Context:
    """Return what is said before there are any records: what they are for, how one is added or a file brought."""
    taught = _TAUGHT.get(noun.name)
    return {
        "title": _("Nothing here yet"),
        "text": _(taught) if taught else noun.entity.many(),
        "command": f"crm {noun.name} add" if add else "",
        "action": add,
        "other": brought,
    }
