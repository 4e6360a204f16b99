"""The letter that a paper goes with: its words with merge fields, into the outbox together with what caused it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _, language
from crm.model.money import format_money

if TYPE_CHECKING:
    from crm.plugins.parcels.parcel import Parcel
    from crm.sales.desk import Desk
    from crm.store.draft import Draft


def queue(crm: Desk, draft: Draft, paper: Any, to: tuple[str, str], words: tuple[str, str]) -> Parcel:
    """Draft the letter with a paper `to` (address, name), in these `words` (subject, text)."""
    address, name = to
    subject, text = words
    parcels: Any = crm.collection("parcel")
    made: Parcel = parcels.queue(
        draft, about=paper.ref, address=address, name=name, subject=subject, text=text, paper=paper.ref
    )
    return made


def fields(crm: Desk, paper: Any, name: str) -> dict[str, str]:
    """Return what the merge fields of a letter stand for, as people read it."""
    seller = crm.settings.own_company(paper.own)
    company = crm.record(paper.company).label if paper.company else ""
    return {
        "number": paper.number,
        "date": f"{paper.date:%d.%m.%Y}" if paper.date else "",
        "due": f"{paper.due:%d.%m.%Y}" if paper.doc.get("due") else "",
        "valid_until": f"{paper.valid_until:%d.%m.%Y}" if paper.doc.get("valid_until") else "",
        "total": format_money(paper.total, language()),
        "name": name,
        "company": company,
        "seller": seller.name or crm.settings.company.name,
    }


def merged(text: str, values: dict[str, str]) -> str:
    """Return a text with its merge fields filled in; raise InvalidValue for one that there is not."""

    def filled(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise InvalidValue(
                _("The letter has no field «{name}».").format(name=found[1]),
                _("There are: {names}.").format(names=", ".join(f"{{{name}}}" for name in values)),
            )
        return values[found[1]]

    return re.sub(r"\{([a-z_]+)\}", filled, text)


def worded(subject: str, letter: str, usual: str, values: dict[str, str]) -> tuple[str, str]:
    """Return subject and text; in the `usual` words `{name}` follows a greeting, so it brings its comma."""
    if letter:
        return merged(subject, values), merged(letter, values)
    return merged(subject, values), merged(usual, {**values, "name": f", {values['name']}" if values["name"] else ""})
