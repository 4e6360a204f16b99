"""The requisites of both sides as they are on the day of issue, kept on the invoice so that its paper never changes."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from crm.plugins.paper.parties import Party, seller_from
from crm.plugins.quotes.printing import client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.fields import Doc
    from crm.sales.desk import Desk

_BANK = "bank_"


def seller_now(crm: Desk, own: str = "") -> dict[str, str]:
    """Return the requisites of a company of ours by name, flat: `inn`, `bank_bik` …; what is unknown is left out."""
    company = crm.settings.own_company(own)
    return _flat(seller_from({**company.plain(), "name": company.name or crm.settings.company.name}))


def buyer_now(crm: Desk, doc: Doc) -> dict[str, str]:
    """Return the requisites of the company, else of the contact, that a document names, in the same form."""
    return _flat(client(crm, doc))


def party(snapshot: Mapping[str, str]) -> Party:
    """Return a side of a paper as it was kept."""
    bank = {name.removeprefix(_BANK): text for name, text in snapshot.items() if name.startswith(_BANK)}
    return seller_from({**snapshot, "bank": bank})


def _flat(side: Party) -> dict[str, str]:
    found = {field.name: getattr(side, field.name) for field in fields(side)}
    if side.bank is not None:
        found |= {f"{_BANK}{field.name}": getattr(side.bank, field.name) for field in fields(side.bank)}
    return {name: text for name, text in found.items() if isinstance(text, str) and text}
