"""The history as the actor may see it: without the records that rights keep back, and without kept passwords."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from crm.model.user import SECRET
from crm.store import history
from crm.store.journal import Change, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.sales.desk import Desk


def lines(crm: Desk, asked: history.Asked) -> Iterator[Line]:
    """Yield change sets, newest first; one of which nothing may be seen is left out."""
    if all(crm.guard.scope(noun) is None for noun in crm.nouns):
        yield from map(_without_secrets, history.lines(crm.store, asked))
        return
    found = (_seen(crm, line) for line in history.lines(crm.store, asked._replace(limit=None)))
    yield from islice((line for line in found if line is not None), asked.limit)


def _seen(crm: Desk, line: Line) -> Line | None:
    changes = [change for change in line.changes if _may_see(crm, change)]
    if line.changes and not changes:
        return None
    refs = {change.ref for change in changes}
    events = [event for event in line.events if event["ref"] in refs]
    return _without_secrets(_copy(line, changes, events))


def _may_see(crm: Desk, change: Change) -> bool:
    """Judge by the record as it is now; one that is gone by what it was, where the change holds it whole."""
    if change.kind not in crm.nouns:
        return False
    doc = crm.doc(change.kind, change.id)
    whole = change.after if change.before is None else change.before if change.after is None else None
    known = doc or whole
    return known is not None and crm.guard.may("read", change.kind, known)


def _without_secrets(line: Line) -> Line:
    if not any(change.kind == "user" for change in line.changes):
        return line
    changes = [
        change._replace(before=_public(change.before), after=_public(change.after)) if change.kind == "user" else change
        for change in line.changes
    ]
    return _copy(line, changes, line.events)


def _public(doc: Doc | None) -> Doc | None:
    return None if doc is None else {name: value for name, value in doc.items() if name not in SECRET}


def _copy(line: Line, changes: list[Change], events: list[Doc]) -> Line:
    return Line(line.n, line.time, line.actor, line.via, line.command, changes, events, line.extra, line.prev, line.sum)
