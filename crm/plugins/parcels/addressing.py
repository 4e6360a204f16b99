"""To whom a paper is sent: an address for a reference, or one that was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.record import Record
    from crm.sales.desk import Desk


class Addressee(NamedTuple):
    """An address with the name that stands before it, and the record it was taken from (empty for a typed one)."""

    address: str
    name: str
    ref: str


def addressee(crm: Desk, text: str) -> Addressee:
    """Return who `contact/1`, `company/2`, `lead/3`, `deal/4` or an e-mail address is; raise InvalidValue."""
    if "@" in text:
        from crm.model.email_address import fold

        return Addressee(fold(text), "", "")
    record = crm.record(text)
    for one in _candidates(crm, record):
        for address in one.doc.get("emails", ()):
            return Addressee(str(address), one.label, record.ref)
    raise InvalidValue(
        _("{ref} has no e-mail address.").format(ref=record.ref),
        _("Add one: crm {noun} set {id} emails+=…").format(noun=record.noun, id=record.id),
    )


def _candidates(crm: Desk, record: Record) -> Iterator[Record]:
    """Yield whose address it may be: the record itself, then its people, then its company."""
    yield record
    refs = [record.doc.get("contact"), *record.doc.get("contacts", ()), record.doc.get("company")]
    yield from (crm.record(ref) for ref in refs if ref)
    if record.noun == "company":
        yield from crm.collection("contact").having("companies", record.ref)
