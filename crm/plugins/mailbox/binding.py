"""Whose a letter is: by the letters that it answers, else by the address; an unknown person becomes a lead (T10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tinydb import where

from crm.errors import CrmError, NotFound

if TYPE_CHECKING:
    from crm.model.record import Record
    from crm.plugins.mailbox.letter import Letter
    from crm.plugins.mailbox.reading import Read
    from crm.sales.desk import Desk

_TOKEN = re.compile(r"\[#(\d+)\]")
_LONGEST_NAME = 200


class Place(NamedTuple):
    """Where a letter belongs: the letter it answers, its client, what it is about, who is responsible."""

    parent: Letter | None
    client: str
    about: str
    owner: str


def place_of(crm: Desk, letter: Read, address: str) -> Place:
    """Return where a letter from or to `address` belongs; rights are asked of the fetching, not of each record."""
    parent = parent_of(crm, letter)
    if parent is not None and parent.about:
        return Place(parent, str(parent.client or parent.about), str(parent.about), _owner(crm, str(parent.about)))
    client = client_of(crm, address)
    if client is None:
        return Place(parent, "", "", "")
    about = open_deal(crm, client) or client
    return Place(parent, client.ref, about.ref, str(about.doc.get("owner") or ""))


def parent_of(crm: Desk, letter: Read) -> Letter | None:
    """Return the letter that another answers: by In-Reply-To and References, else by `[#12]` in the subject."""
    letters = crm.collection("letter")
    for message_id in letter.references:
        if found := letters.having("message_id", message_id):
            return found[0]  # type: ignore[no-any-return]
    token = _TOKEN.search(letter.subject)
    doc = crm.doc("letter", int(token[1])) if token and len(token[1]) < 16 else None
    if doc is None or letter.sender not in (doc.get("to") or []):
        return None
    return letters.record(doc)  # type: ignore[no-any-return]


def client_of(crm: Desk, address: str) -> Record | None:
    """Return whose an address is: a contact, a company, or an open lead."""
    for noun in ("contact", "company", "lead"):
        for record in crm.collection(noun).having("emails", address) if address else ():
            if noun != "lead" or record.doc.get("stage") not in ("converted", "rejected"):
                return record  # type: ignore[no-any-return]
    return None


def open_deal(crm: Desk, client: Record) -> Record | None:
    """Return the open deal of a client that was worked on last."""
    if client.noun not in ("contact", "company"):
        return None
    field = "contacts" if client.noun == "contact" else "company"
    deals = crm.collection("deal").holding(field, [client.ref], ~where("outcome").exists())
    return max(deals, key=lambda deal: (str(deal.doc.get("updated")), deal.id), default=None)


def new_client(crm: Desk, letter: Read, source: str, owner: str) -> Place:
    """Make a lead of an unknown person who wrote (in simple mode a deal)."""
    name = ", ".join(part for part in (letter.sender_name or letter.sender, letter.subject) if part)[:_LONGEST_NAME]
    values = {"name": name, "emails": [letter.sender], "source": source, "contact_name": letter.sender_name}
    given = {key: value for key, value in values.items() if value}
    made = crm.collection("lead").take(**given, **({"owner": owner} if owner else {}))
    return Place(None, made.ref, made.ref, str(made.doc.get("owner") or ""))


def _owner(crm: Desk, ref: str) -> str:
    try:
        return str(crm.record(ref).doc.get("owner") or "")
    except (NotFound, CrmError):
        return ""
