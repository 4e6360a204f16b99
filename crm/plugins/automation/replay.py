"""Replaying rules on what really happened: history is read backwards, nothing is written, nothing goes out (N5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.plugins.automation.reacting import holds
from crm.plugins.automation.rule import RECORD_CHANGED
from crm.sales import seen
from crm.store import history

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm.model.fields import Doc
    from crm.plugins.automation.rule import Rule
    from crm.store.journal import Change, Line
    from crm.workspace import Workspace


class Hit(NamedTuple):
    """A rule that would have run: at which change set and time, for which record, and what it would have done."""

    n: int
    time: str
    rule: str
    ref: str
    label: str
    actions: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Return what scripts get."""
        return {"id": self.n, **self._asdict(), "actions": list(self.actions)}


def replay(crm: Workspace, rules: Sequence[Rule], since: str) -> list[Hit]:
    """Return what rules would have done since a time, the oldest first.

    Each record is taken back change by change from what it is now, so that a rule sees it as it was at the event.
    """
    past = _Past(crm)
    hits: list[Hit] = []
    for line in seen.lines(crm, history.Asked(since=since)):
        for name, ref in _events(line):
            doc = past.doc(ref)
            hits += [
                Hit(line.n, line.time, rule.id, ref, past.label(ref, doc), tuple(one.text() for one in rule.then))
                for rule in rules
                if doc is not None and rule.on == name and rule.about == ref.partition("/")[0] and holds(crm, rule, doc)
            ]
        past.take_back(line)
    return hits[::-1]


def _events(line: Line) -> Iterator[tuple[str, str]]:
    """Yield the events of a change set; what rules themselves did is left out, as they would do it anew."""
    if "rules" in line.extra:
        return
    for event in line.events:
        yield event["name"].removeprefix("on_"), event["ref"]
    for change in line.changes:
        if change.after is not None:
            yield RECORD_CHANGED, change.ref


class _Past:
    """Records as they stood after the change set at hand, going back in time."""

    def __init__(self, crm: Workspace) -> None:
        self._crm = crm
        self._docs: dict[str, Doc | None] = {}

    def doc(self, ref: str) -> Doc | None:
        """Return a record, None where it was not there; one that rights keep back is not there either."""
        if ref not in self._docs:
            kind, _slash, number = ref.partition("/")
            doc = self._crm.doc(kind, int(number)) if kind in self._crm.nouns else None
            readable = doc is not None and self._crm.guard.may("read", kind, doc)
            self._docs[ref] = dict(doc) if doc is not None and readable else None
        return self._docs[ref]

    def label(self, ref: str, doc: Doc | None) -> str:
        """Return what people call a record."""
        return "" if doc is None else str(self._crm.collection(ref.partition("/")[0]).record(doc).label)

    def take_back(self, line: Line) -> None:
        """Go back before a change set."""
        for change in reversed(line.changes):
            self._docs[change.ref] = self._before(change)

    def _before(self, change: Change) -> Doc | None:
        if change.before is None or change.after is None:
            return dict(change.before) if change.before is not None else None
        doc = self.doc(change.ref)
        if doc is None:
            return None
        kept = {name: value for name, value in doc.items() if name not in change.after}
        return kept | change.before
