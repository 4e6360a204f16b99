"""«Принять обращение»: find the client by phone, e-mail or name, else make the lead (T9, T10)."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import InvalidValue, WrongUsage
from crm.locale import _
from crm.model.email_address import fold as fold_email
from crm.model.phone import normalize
from crm.sales.duplicates import NOUNS, alike
from crm.sales.noun import fold

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.desk import Desk

_EMAIL = re.compile(r"[^\s<>,;]+@[^\s<>,;]+\.[^\s<>,;]+")
_PHONE = re.compile(r"\+?[\d][\d\s()–-]{5,}\d")


class Asked(NamedTuple):
    """What a caller told of himself."""

    name: str
    phones: list[str]
    emails: list[str]
    source: str


class Intake(NamedTuple):
    """What a request led to: the client that was known, or the lead (in simple mode the deal) that was made."""

    known: list[Record]
    made: Record | None


def read_request(text: str, phones: list[str], emails: list[str], source: str) -> Asked:
    """Take a request apart: phones and e-mails may stand within the text."""
    found_emails = [*emails, *_EMAIL.findall(text)]
    rest = _EMAIL.sub(" ", text)
    found_phones = [*phones, *(match.strip() for match in _PHONE.findall(rest))]
    name = " ".join(_PHONE.sub(" ", rest).split()).strip(" ,;")
    return Asked(name, list(dict.fromkeys(found_phones)), list(dict.fromkeys(found_emails)), source)


def accept(crm: Desk, asked: Asked) -> Intake:
    """Find the client of a request, else add the lead; a phone is compared by its digits, a name without case."""
    if not (asked.name or asked.phones or asked.emails):
        raise WrongUsage(_("A request needs a name, a phone or an e-mail."), _("For example: crm accept «8 916 …»"))
    known = find_client(crm, asked)
    if known:
        return Intake(known, None)
    with crm.writing("accept"):
        return Intake([], _make(crm, asked))


def find_client(crm: Desk, asked: Asked) -> list[Record]:
    """Return the contacts, companies and open leads with the same phone or e-mail, else with the same name."""
    told = _told(crm, asked)
    found = [record for noun in NOUNS for record, _why in alike(crm, noun, told, extensions=False)]
    return found or (_by_name(crm, asked.name) if asked.name else [])


def _by_name(crm: Desk, name: str) -> list[Record]:
    companies = [record for record, _why in alike(crm, "company", {"name": name})]
    others = [record for noun in ("contact", "lead") for record in crm.collection(noun).having("=", fold(name))]
    return [*companies, *(record for record in others if record.noun != "lead" or _is_open(record))]


def _told(crm: Desk, asked: Asked) -> Doc:
    """Return the phones and addresses of a request that can be compared."""
    phones = [normalize(text, crm.customs.phone_region) for text in asked.phones]
    emails = []
    for text in asked.emails:
        with suppress(InvalidValue):
            emails.append(fold_email(text))
    return {"phones": [phone.number for phone in phones if phone.valid], "emails": emails}


def _is_open(lead: Record) -> bool:
    return lead.doc.get("stage") not in ("converted", "rejected")


def _make(crm: Desk, asked: Asked) -> Record:
    values = {"phones": asked.phones, "emails": asked.emails, "source": asked.source}
    given = {name: value for name, value in values.items() if value}
    name = asked.name or (asked.phones + asked.emails)[0]
    return crm.collection("lead").take(name=name, **given)
