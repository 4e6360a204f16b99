"""Everything that is known of a person, as one JSON document: what he may ask for (ФЗ-152 art. 14, GDPR art. 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.sales.forgetting import person_of
from crm.store.forgetting import mentions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Doc
    from crm.sales.desk import Desk
    from crm.sales.forgetting import Card, Person
    from crm.store.journal import Line


def dossier(crm: Desk, refs: Iterable[str]) -> Doc:
    """Return his cards, the history of them, and by noun the activities, letters and papers that are about him."""
    person = person_of(crm, refs)
    cards = [doc for card in person.cards if (doc := _exported(crm, card))]
    known: dict[str, list[Doc]] = {}
    for card in sorted({*person.notes, *person.linked, *_letters(crm, person)} - person.cards.keys()):
        doc = _exported(crm, card) if card[0] != "company" else None
        if doc is not None:
            known.setdefault(crm.nouns[card[0]].plural, []).append(doc)
    return {"cards": cards, **known, "history": _history(crm, person)}


def _exported(crm: Desk, card: Card) -> Doc | None:
    kind, record_id = card
    doc = crm.doc(kind, record_id) if kind in crm.nouns else None
    if doc is None or not crm.guard.may("export", kind, doc):
        return None
    records = crm.collection(kind)
    return records.export(records.record(doc))


def _letters(crm: Desk, person: Person) -> set[Card]:
    """Return the letters that went to his addresses and what else is kept by address."""
    return {
        (noun, record_id)
        for noun in crm.nouns
        if "address" in crm.nouns[noun].fields
        for address in person.traits.emails
        for record_id in crm.store.index.lookup(noun, "address", address)
    }


def _history(crm: Desk, person: Person) -> list[Doc]:
    return [_shown(line, person) for line in mentions(crm.store.journal, person.refs)]


def _shown(line: Line, person: Person) -> Doc:
    """Return a change set, of its changes only those of his cards."""
    changes = [
        {"ref": change.ref, "before": change.before, "after": change.after}
        for change in line.changes
        if (change.kind, change.id) in person.cards
    ]
    return {"n": line.n, "time": line.time, "actor": line.actor, "command": line.command, "changes": changes}
