"""Who is in a segment, and who of them gets no letter and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue
from crm.locale import N_, _
from crm.plugins.mailings.letter import sendable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.plugins.mailings.nouns import Segment
    from crm.sales.desk import Desk

UNMAILABLE = N_("the address has letters that mail servers do not take")


class Recipient(NamedTuple):
    """Somebody of a segment: the record (None for an address by hand), its company where it came by one.

    `excluded` says why no letter goes there, empty where one does.
    """

    record: Record | None
    company: Record | None
    address: str
    excluded: str = ""

    @property
    def name(self) -> str:
        """Return what people call the recipient, empty for an unknown address."""
        return self.record.label if self.record is not None else ""


def audience(crm: Desk, segment: Segment) -> Iterator[Recipient]:
    """Yield everybody of a segment that the actor may read, each address once without a reason against it."""
    seen: dict[str, str] = {}
    for found in _candidates(crm, segment):
        why = _(_against(crm, found.address))
        if not why and found.address in seen:
            why = _("the same address as {other}").format(other=seen[found.address])
        if not why:
            seen[found.address] = found.name or found.address
        yield found._replace(excluded=why)


def mailable(crm: Desk, segment: Segment) -> list[Recipient]:
    """Return those of a segment who get a letter."""
    return [one for one in audience(crm, segment) if not one.excluded]


def letter_noun(segment: Segment) -> str:
    """Return the noun of the recipients: the people of companies where the segment asks for roles."""
    return "contact" if segment.roles else segment.kind


def _against(crm: Desk, address: str) -> str:
    if not address:
        return N_("no e-mail address")
    if not sendable(address):
        return UNMAILABLE
    if crm.collection("unsubscribe").holds(address):  # type: ignore[attr-defined]
        return N_("unsubscribed")
    if parked(crm, address):
        return N_("earlier letters came back: parked")
    return ""


def bounces_of(crm: Desk, address: str) -> list[Record]:
    """Return the letters to an address that came back, or that the server refused for an address that is none."""
    return [one for one in crm.collection("dispatch").having("address", address) if is_bounce(one.doc)]


def is_bounce(dispatch: Doc) -> bool:
    """Tell whether a letter came back for good and nobody has pardoned it."""
    refused = dispatch.get("status") == "failed" and str(dispatch.get("error") or "").startswith(_NO_SUCH_BOX)
    return (dispatch.get("status") == "bounced" or refused) and not dispatch.get("pardoned")


_NO_SUCH_BOX = ("550", "551", "553")
"""Replies to RCPT that say that there is no such mailbox (RFC 5321 4.2.3)."""


def parked(crm: Desk, address: str) -> bool:
    """Tell whether so many letters to an address came back that it gets no more."""
    from crm.plugins.mailings.letter import mail_settings

    return len(bounces_of(crm, address)) >= max(mail_settings(crm).bounces, 1)


def _candidates(crm: Desk, segment: Segment) -> Iterator[Recipient]:
    if segment.query or segment.roles:
        for record in _selected(crm, segment):
            yield from _of(crm, segment, record)
    for ref in segment.members:
        yield from _member(crm, ref)
    for address in segment.addresses:
        yield Recipient(_known(crm, address), None, address)


def _member(crm: Desk, ref: str) -> Iterator[Recipient]:
    """Yield a member by hand, where he is there still."""
    noun, _slash, number = ref.partition("/")
    doc = crm.doc(noun, int(number))
    if doc is not None and "deleted" not in doc and crm.guard.may("read", noun, doc):
        record: Record = crm.collection(noun).record(doc)
        yield Recipient(record, record if noun == "company" else None, _address(record))


def _selected(crm: Desk, segment: Segment) -> Iterator[Record]:
    from crm.sales.filtering import parse

    noun = crm.nouns[segment.kind]
    query: Any = parse(crm, noun, segment.query) if segment.query else None
    yield from crm.collection(segment.kind).find(query)


def _of(crm: Desk, segment: Segment, record: Record) -> Iterator[Recipient]:
    if not segment.roles:
        yield Recipient(record, record if segment.kind == "company" else None, _address(record))
    elif segment.kind == "contact":
        if _has_role(record, segment):
            yield Recipient(record, None, _address(record))
    else:
        for contact in crm.collection("contact").having("companies", record.ref):
            if _has_role(contact, segment):
                yield Recipient(contact, record, _address(contact))


def _has_role(contact: Record, segment: Segment) -> bool:
    return bool(set(contact.doc.get("roles") or ()) & set(segment.roles))


def _address(record: Record) -> str:
    """Return the first e-mail address of a record: that is the one people give first."""
    emails = record.doc.get("emails") or [""]
    return str(emails[0])


def _known(crm: Desk, address: str) -> Record | None:
    """Return who has an address that was given by hand."""
    found: list[Record] = crm.collection("contact").having("emails", address)
    return found[0] if found else None


def recipient(crm: Desk, segment: Segment, ref: str = "") -> Recipient:
    """Return the first recipient of a segment, or the one that `ref` names (number, reference or name)."""
    noun = letter_noun(segment)
    if ref:
        wished = ref if "/" in ref else crm.customs.find_ref(noun, ref)
        record = crm.record(wished)
        if record.noun != noun:
            raise InvalidValue(
                _("The segment «{name}» is of the noun {noun}, and {ref} is not.").format(
                    name=segment.name, noun=noun, ref=wished
                ),
                _("Give a {noun}, such as {noun}/12.").format(noun=noun),
            )
        return Recipient(record, None, _address(record))
    for found in audience(crm, segment):
        if not found.excluded:
            return found
    raise InvalidValue(
        _("Nobody in the segment «{name}» gets a letter.").format(name=segment.name),
        _("See why: crm segment show {id} --preview").format(id=segment.id),
    )
