"""«Принять обращение»: find the client by phone, e-mail or name, else make the lead (T9, T10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import InvalidValue, WrongUsage
from crm.locale import _
from crm.model.email_address import fold as fold_email
from crm.model.phone import normalize, search_key
from crm.sales.noun import fold

if TYPE_CHECKING:
    from crm.model.record import Record
    from crm.sales.desk import Desk

_NOUNS = ("contact", "company", "lead")
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
    found: dict[str, Record] = {}
    for noun in _NOUNS:
        records = crm.collection(noun)
        for field, value in _identities(crm, asked):
            for record in records.having(field, value):
                found[record.ref] = record
    if not found and asked.name:
        for noun in _NOUNS:
            for record in crm.collection(noun).having("=", fold(asked.name)):
                found[record.ref] = record
    return [record for record in found.values() if record.noun != "lead" or _is_open(record)]


def _identities(crm: Desk, asked: Asked) -> list[tuple[str, str]]:
    phones = [normalize(text, crm.customs.phone_region) for text in asked.phones]
    pairs = [("phones", search_key(phone.number)) for phone in phones if phone.valid]
    for text in asked.emails:
        try:
            pairs.append(("emails", fold_email(text)))
        except InvalidValue:
            continue
    return pairs


def _is_open(lead: Record) -> bool:
    return lead.doc.get("stage") not in ("converted", "rejected")


def _make(crm: Desk, asked: Asked) -> Record:
    values = {"phones": asked.phones, "emails": asked.emails, "source": asked.source}
    given = {name: value for name, value in values.items() if value}
    name = asked.name or (asked.phones + asked.emails)[0]
    return crm.collection("lead").take(name=name, **given)
