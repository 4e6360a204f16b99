"""Forgetting a person (право на забвение): who he is in the data, and erasing him everywhere, the journal included.

His contact, the contacts merged into it and his leads stay as empty cards, so that links hold. Phones, addresses and
names in other records are replaced; another person's or a company's own card is left as it is and told.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import NotFound, Refused, WrongUsage
from crm.locale import _
from crm.model.fields import REF
from crm.model.forgotten import FORGOTTEN
from crm.model.phone import search_key
from crm.sales.erasure import Erasure
from crm.sales.noun import fold
from crm.sales.traces import Traits
from crm.store.draft import missing
from crm.store.forgetting import mentions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.desk import Desk
    from crm.store.draft import Draft
    from crm.store.journal import Change, Line

Card = tuple[str, int]
"""A record by kind and id."""

NOUNS = ("contact", "lead")
"""What a person is kept as."""
FINAL = "forgotten"
"""What the journal line says, so that nobody undoes it."""
_CARDS = ("contact", "company", "lead", "user", "product")
_NAMES = ("name", "contact_name")
_PARTS = ("first_name", "middle_name", "last_name")


class Person:
    """Somebody in the data: his cards, what is noted about him, what is about him among other things, his traits.

    `left` are other people's and companies' cards that hold the same phone or address.
    """

    def __init__(self) -> None:
        self.cards: dict[Card, None] = {}
        self.notes: set[Card] = set()
        self.linked: set[Card] = set()
        self.passed: dict[Card, set[str]] = {}
        self.traits = Traits()
        self.left: list[str] = []

    @property
    def emptied(self) -> set[Card]:
        """Return the records of which nothing about him is to stay."""
        return {*self.cards, *self.notes}

    @property
    def refs(self) -> list[str]:
        """Return his cards as references."""
        return [f"{kind}/{record_id}" for kind, record_id in self.cards]


class Forgotten(NamedTuple):
    """What a forgetting did, or would do: his cards, the other records that were cleaned, the cards that were left.

    `whole` is False where only the records that are about him were looked through: others may hold traces too.
    """

    cards: list[Record]
    cleaned: list[str]
    left: list[str]
    whole: bool = True


def forget(crm: Desk, refs: Iterable[str]) -> Forgotten:
    """Erase people everywhere, the journal included; it cannot be undone, and older backups still hold them.

    `refs` name contacts or leads, also ones removed for good. Raises Refused for who may not delete, NotFound.
    """
    if crm.store.draft is not None:
        raise Refused(_("Forgetting rewrites the journal, so it is no part of another change."))
    with crm.writing("contact forget") as draft:
        person = person_of(crm, refs)
        erasure = Erasure(person, crm.nouns, _("[erased]"), crm.identity)
        draft.cleaner, draft.extra["final"] = erasure, FINAL
        cleaned = _draft(crm, draft, erasure)
        draft.extra["cleaned"] = [*person.refs, *cleaned]
        cards = [crm.collection(kind).record(doc) for (kind, one) in person.cards if (doc := draft.get(kind, one))]
    return Forgotten(cards, cleaned, person.left)


def foresee(crm: Desk, refs: Iterable[str], most: int | None = None) -> Forgotten:
    """Return what forgetting would touch, and change nothing; of more than `most` records only what is about him."""
    person = person_of(crm, refs)
    erasure = Erasure(person, crm.nouns, _("[erased]"), crm.identity)
    cards = [crm.collection(kind).record(doc) for (kind, one) in person.cards if (doc := crm.doc(kind, one))]
    whole = most is None or sum(crm.store.index.next_id(kind) - 1 for kind in crm.nouns) <= most
    docs = _documents(crm) if whole else _about(crm, person)
    cleaned = [f"{kind}/{doc['id']}" for kind, doc, _fresh in _differing(docs, erasure)]
    return Forgotten(cards, [ref for ref in cleaned if ref not in person.refs], person.left, whole)


def _draft(crm: Desk, draft: Draft, erasure: Erasure) -> list[str]:
    """Draft what the cleaned records are to be; return the references of those that are not his own."""
    cleaned = []
    for kind, doc, fresh in _differing(_documents(crm), erasure):
        own = (kind, doc["id"]) in erasure.person.cards
        changed = {name: fresh.get(name) for name in doc.keys() | fresh.keys() if doc.get(name) != fresh.get(name)}
        draft.update(kind, doc["id"], changed if own else {**changed, "updated": doc.get("updated")})
        if not own:
            cleaned.append(f"{kind}/{doc['id']}")
    for kind, record_id in erasure.person.cards:
        if draft.get(kind, record_id) is not None:
            draft.update(kind, record_id, {FORGOTTEN: draft.time})
    return cleaned


def _differing(docs: Iterable[tuple[str, Doc]], erasure: Erasure) -> Iterator[tuple[str, Doc, Doc]]:
    """Yield the records that hold something of him, in the trash or not: kind, document, what is left of it."""
    for kind, doc in docs:
        fresh = erasure.fields(kind, doc["id"], doc)
        if fresh != doc:
            yield kind, doc, fresh


def _documents(crm: Desk) -> Iterator[tuple[str, Doc]]:
    for kind in crm.nouns:
        for (text,) in crm.store.index.db.execute(f'SELECT doc FROM "doc_{kind}" ORDER BY id'):
            yield kind, json.loads(text)


def _about(crm: Desk, person: Person) -> Iterator[tuple[str, Doc]]:
    for kind, record_id in sorted(person.linked | person.emptied):
        doc = crm.doc(kind, record_id) if kind in crm.nouns else None
        if doc is not None:
            yield kind, doc


# --- who he is -------------------------------------------------------------------------------------------------------


def person_of(crm: Desk, refs: Iterable[str]) -> Person:
    """Return a person with everything that is known to be about him; raise NotFound, or Refused where rights say so."""
    person, fresh = Person(), [_card(crm, ref) for ref in refs]
    while fresh:
        person.cards |= dict.fromkeys(fresh)
        fresh = _read_journal(crm, person, fresh)
    _take_leads(crm, person)
    _set_apart(crm, person)
    _follow_links(crm, person)
    for kind, record_id in person.cards:
        crm.guard.check("delete", kind, crm.doc(kind, record_id))
    return person


def _card(crm: Desk, ref: str) -> Card:
    match = REF.fullmatch(str(ref).strip())
    if match is None:
        raise NotFound(_("«{ref}» names no record.").format(ref=ref), _("Write contact/12 or lead/12."))
    if match[1] not in NOUNS:
        raise WrongUsage(
            _("{ref} is no person.").format(ref=ref), _("Contacts and leads are forgotten: contact/12, lead/12.")
        )
    card = (match[1], int(match[2]))
    if card[1] >= crm.store.index.next_id(card[0]):
        raise missing(*card)
    return card


def _read_journal(crm: Desk, person: Person, cards: list[Card]) -> list[Card]:
    """Take from the journal what these cards ever held and what ever named them; return his further cards."""
    refs = {f"{kind}/{record_id}" for kind, record_id in cards}
    found: dict[Card, None] = {}
    for line in mentions(crm.store.journal, refs):
        for change in line.changes:
            _read_change(person, change, set(cards), refs)
            found |= dict.fromkeys(_merged(crm, change, set(cards), refs))
        found |= dict.fromkeys(_converted(line, refs))
    return [card for card in found if card not in person.cards]


def _read_change(person: Person, change: Change, cards: set[Card], refs: set[str]) -> None:
    card = (change.kind, change.id)
    sides = [side for side in (change.before, change.after) if side]
    if card in cards:
        for side in sides:
            _learn(person.traits, change.kind, side)
            person.linked |= {("company", int(ref.partition("/")[2])) for ref in side.get("companies", ())}
    elif change.kind == "activity" and any(side.get("about") in refs for side in sides):
        person.notes.add(card)
    elif change.kind not in _CARDS and any(_names(side, refs) for side in sides):
        person.linked.add(card)


def _learn(traits: Traits, kind: str, side: Doc) -> None:
    """Take the names, phones and addresses of a card; a lead's own name is that of the request."""
    names = [side[name] for name in _NAMES if name in side and (kind, name) != ("lead", "name")]
    whole = " ".join(str(side[name]) for name in _PARTS if side.get(name))
    traits.names |= {str(name) for name in [*names, whole] if name}
    traits.phones |= {*side.get("phones", ()), *side.get("phones_typed", {}).values()}
    traits.emails |= {*side.get("emails", ())}


def _names(value: Any, refs: set[str]) -> bool:
    if isinstance(value, dict):
        return any(_names(part, refs) for part in value.values())
    if isinstance(value, list):
        return any(_names(part, refs) for part in value)
    return value in refs if isinstance(value, str) else False


def _merged(crm: Desk, change: Change, cards: set[Card], refs: set[str]) -> Iterator[Card]:
    """Yield the card that was merged into one of his, or that one of his was merged into, unless that was undone."""
    into = (change.after or {}).get("merged_into")
    if not into or (crm.doc(change.kind, change.id) or {"merged_into": into}).get("merged_into") != into:
        return
    if into in refs:
        yield change.kind, change.id
    elif (change.kind, change.id) in cards:
        yield change.kind, int(into.partition("/")[2])


def _converted(line: Line, refs: set[str]) -> Iterator[Card]:
    """Yield the lead that became one of his contacts, and the contact that one of his leads became."""
    for event in line.events:
        if event["name"] == "on_lead_converted" and event.get("contact") and {event["ref"], event["contact"]} & refs:
            for ref in (event["ref"], event["contact"]):
                kind, _slash, number = ref.partition("/")
                yield kind, int(number)


# --- what is his -----------------------------------------------------------------------------------------------------


def _take_leads(crm: Desk, person: Person) -> None:
    """Take the requests with a phone or an address that no other client has for his too."""
    own = [key for key in _keys(person) if not _others(crm, person, key)]
    found = {("lead", one) for key in own for one in _having(crm, "lead", key)}
    fresh = sorted(found - person.cards.keys())
    person.cards |= dict.fromkeys(fresh)
    if fresh:
        _read_journal(crm, person, fresh)


def _set_apart(crm: Desk, person: Person) -> None:
    """Leave out of his traits what another client's card holds too, and note these cards."""
    left: dict[str, None] = {}
    for key in _keys(person):
        others = _others(crm, person, key)
        left |= dict.fromkeys(others)
        if others:
            _leave_out(crm, person.traits, key)
    companies = {name for name in person.traits.names if crm.store.index.lookup("company", "=", fold(name))}
    person.traits.names -= companies
    person.left = list(left)


def _keys(person: Person) -> list[tuple[str, str]]:
    phones = [("phones", search_key(number)) for number in sorted(person.traits.phones) if number.startswith("+")]
    return list(dict.fromkeys([*phones, *(("emails", address) for address in sorted(person.traits.emails))]))


def _having(crm: Desk, noun: str, key: tuple[str, str]) -> list[int]:
    return crm.store.index.lookup(noun, *key)


def _others(crm: Desk, person: Person, key: tuple[str, str]) -> list[str]:
    cards = [(noun, one) for noun in ("contact", "company") for one in _having(crm, noun, key)]
    return [f"{noun}/{one}" for noun, one in cards if (noun, one) not in person.cards]


def _leave_out(crm: Desk, traits: Traits, key: tuple[str, str]) -> None:
    field, value = key
    if field == "emails":
        traits.emails.discard(value)
        return
    region = crm.customs.phone_region
    traits.phones = {number for number in traits.phones if _digits(number, region) != value}


def _digits(typed: str, region: str) -> str:
    from crm.model.phone import normalize

    return search_key(normalize(typed, region).number)


def _follow_links(crm: Desk, person: Person) -> None:
    """Count as about him what links to what is about him: activities and papers of his deals."""
    reached = {card for card in person.linked if card[0] != "company"}
    while reached:
        found = {card for kind, one in reached for card in _linking(crm, f"{kind}/{one}")}
        reached = {card for card in found if card not in person.linked | person.emptied}
        person.linked |= reached
    person.linked |= person.emptied
    for kind, record_id in person.linked:
        doc = crm.doc(kind, record_id) if kind in crm.nouns else None
        if doc is not None and doc.get("company"):
            person.passed[kind, record_id] = {"buyer"}


def _linking(crm: Desk, ref: str) -> Iterator[Card]:
    for noun in crm.nouns.values():
        if noun.name not in _CARDS:
            for name in noun.linking:
                for record_id in crm.store.index.lookup(noun.name, name, ref):
                    yield noun.name, record_id
