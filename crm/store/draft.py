"""A change set while it is being drafted, under the lock: what a verb has changed so far, and what it sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import NotFound
from crm.locale import _
from crm.store.journal import Change, Doc, Line
from crm.store.select import count, select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.store.commit import Store
    from crm.store.forgetting import Cleaner
    from crm.store.schema import Kind
    from crm.store.select import Selection


class Draft:
    """A change set in the making; nothing of it is on disk until the store commits it.

    With a `cleaner`, the commit rewrites the past as well: see `forgetting`.
    """

    def __init__(self, store: Store, actor: str, via: str, command: str, extra: Doc) -> None:
        self.store = store
        self.actor = actor
        self.via = via
        self.command = command
        self.extra = extra
        self.cleaner: Cleaner | None = None
        self.time = store.now()
        self.events: list[Doc] = []
        self._before: dict[tuple[str, int], Doc | None] = {}
        self._after: dict[tuple[str, int], Doc | None] = {}
        self._next: dict[str, int] = {}
        self._keyed: dict[str, dict[tuple[str, str], dict[int, None]]] = {}
        self._trail: list[tuple[tuple[str, int], Doc | None, bool]] | None = None

    def get(self, kind: str, record_id: int) -> Doc | None:
        """Return a record as it stands within this draft."""
        key = (kind, record_id)
        return self._after[key] if key in self._after else self.store.index.get(kind, record_id)

    def select(self, kind: Kind, selection: Selection) -> Iterator[Doc]:
        """Yield the selected records as they stand within this draft, in the order of the selection."""
        drafted = self._drafted(kind)
        if not drafted:
            return select(self.store.index, kind, selection)
        from crm.store.selected import selected

        return selected(self.store.index, kind, selection, drafted)

    def count(self, kind: Kind, selection: Selection) -> int:
        """Return how many records a query selects within this draft, whatever limit it has."""
        if not self._drafted(kind):
            return count(self.store.index, kind, selection)
        return sum(1 for _doc in self.select(kind, selection._replace(limit=None, offset=0)))

    def _drafted(self, kind: Kind) -> dict[int, Doc | None]:
        return {key[1]: doc for key, doc in self._after.items() if key[0] == kind.name}

    def having(self, kind: Kind, field: str, value: str) -> list[int]:
        """Return the ids of the records that hold `value` among the keys of `field`, as they stand in this draft."""
        found = self.store.index.lookup(kind.name, field, value)
        kept = [one for one in found if (kind.name, one) not in self._after]
        drafted = self._keys_of(kind).get((field, value), ())
        also = [one for one in drafted if self._holds(kind, one, (field, value))]
        return sorted({*kept, *also})

    def _keys_of(self, kind: Kind) -> dict[tuple[str, str], dict[int, None]]:
        """Return the drafted records of a kind by their keys; kept up from the first question on."""
        if kind.name not in self._keyed:
            self._keyed[kind.name] = {}
            for (name, record_id), doc in self._after.items():
                if name == kind.name and doc is not None:
                    self._note_keys(kind, record_id, doc)
        return self._keyed[kind.name]

    def _note_keys(self, kind: Kind, record_id: int, doc: Doc) -> None:
        keyed = self._keyed[kind.name]
        for key in kind.keys(doc):
            keyed.setdefault(key, {})[record_id] = None

    def _holds(self, kind: Kind, record_id: int, key: tuple[str, str]) -> bool:
        doc = self._after.get((kind.name, record_id))
        return doc is not None and key in set(kind.keys(doc))

    def mark(self) -> tuple[int, dict[str, int]]:
        """Begin what `go_back` may take back while the rest of the draft stays; a new mark replaces the old."""
        self._trail = []
        return len(self.events), dict(self._next)

    def go_back(self, mark: tuple[int, dict[str, int]]) -> None:
        """Take back what was drafted since the mark."""
        for key, doc, was in reversed(self._trail or []):
            if was:
                self._after[key] = doc
            else:
                del self._after[key], self._before[key]
        self._trail = []
        events, self._next = mark
        del self.events[events:]

    def create(self, kind: str, fields: Doc) -> Doc:
        """Draft a new record with the next id of its kind."""
        record_id = self.next_id(kind)
        self._next[kind] = record_id + 1
        head = {"id": record_id, "rev": 1, "created": self.time, "updated": self.time}
        doc = {**head, **{key: value for key, value in fields.items() if value is not None}, "rev": 1}
        return self._place(kind, record_id, None, doc)

    def next_id(self, kind: str) -> int:
        """Return the id that the next new record of a kind gets."""
        return self._next.get(kind) or self.store.index.next_id(kind)

    def recreate(self, kind: str, record_id: int, doc: Doc, rev: int) -> Doc:
        """Draft a record under an id of its own: a removed one again (undo), or one that comes with its id."""
        self._next[kind] = max(self.next_id(kind), record_id + 1)
        return self._place(kind, record_id, None, {**doc, "id": record_id, "rev": rev})

    def update(self, kind: str, record_id: int, fields: Doc) -> Doc:
        """Draft a change of some fields; None clears a field. What changes nothing leaves no trace."""
        before = self.get(kind, record_id)
        if before is None:
            raise missing(kind, record_id)
        changed = {key: value for key, value in fields.items() if before.get(key) != value}
        if not changed:
            return before
        doc = {key: value for key, value in {**before, **changed}.items() if value is not None}
        doc["rev"] = self._base_rev(kind, record_id) + 1
        if "updated" not in fields:
            doc["updated"] = self.time
        return self._place(kind, record_id, before, doc)

    def remove(self, kind: str, record_id: int) -> None:
        """Draft that a record is gone for good; its id stays used."""
        before = self.get(kind, record_id)
        if before is None:
            raise missing(kind, record_id)
        self._place(kind, record_id, before, None)

    def emit(self, name: str, ref: str, **details: Any) -> None:
        """Say an event that plugins hear after the commit."""
        self.events.append({"name": name, "ref": ref, **details})

    def _base_rev(self, kind: str, record_id: int) -> int:
        key = (kind, record_id)
        before = self._before[key] if key in self._before else self.store.index.get(kind, record_id)
        return before["rev"] if before is not None else 0

    def _place(self, kind: str, record_id: int, before: Doc | None, after: Doc | None) -> Doc:
        key = (kind, record_id)
        if self._trail is not None:
            self._trail.append((key, self._after.get(key), key in self._after))
        base = self._before.setdefault(key, before)
        if base is not None and after is not None and key in self._after:  # in the order that a replay gives
            after = {**{name: after[name] for name in base if name in after}, **after}
        self._after[key] = after
        if kind in self._keyed and after is not None:
            self._note_keys(self.store.kinds[kind], record_id, after)
        return after or {}

    def touched(self, kind: str) -> bool:
        """Tell whether this draft has any record of a kind."""
        return any(name == kind for name, _record_id in self._after)

    def docs(self) -> Iterator[tuple[str, int, Doc | None]]:
        """Yield (kind, id, record as drafted) of all that this draft changes."""
        for (kind, record_id), doc in self._after.items():
            before = self._before[kind, record_id]
            if _is_changed(before, doc):
                yield kind, record_id, doc

    def before(self, kind: str, record_id: int) -> Doc | None:
        """Return a record that this draft touches as it stood when the draft began."""
        return self._before[kind, record_id]

    def changes(self) -> list[Change]:
        """List what this draft changes, field by field; what ends as it began is not a change."""
        changes = []
        for key, after in self._after.items():
            change = _difference(*key, self._before[key], after)
            if change is not None:
                changes.append(change)
        return changes

    def line(self, n: int, prev: str) -> Line:
        """Return the journal line of this draft."""
        return Line(n, self.time, self.actor, self.via, self.command, self.changes(), self.events, self.extra, prev)


def missing(kind: str, record_id: int) -> NotFound:
    """Say that there is no such record."""
    return NotFound(
        _("There is no {ref}.").format(ref=f"{kind}/{record_id}"),
        _("See `crm {kind} list`, and `crm {kind} list --trash` for what was deleted.").format(kind=kind),
    )


def _is_changed(before: Doc | None, after: Doc | None) -> bool:
    if before is None or after is None:
        return before is not after
    follow = {"rev": 0, "updated": ""}
    return {**before, **follow} != {**after, **follow}


def _difference(kind: str, record_id: int, before: Doc | None, after: Doc | None) -> Change | None:
    if before is None and after is None:
        return None
    if before is None or after is None:
        rev = (after or {"rev": (before or {"rev": 0})["rev"] + 1})["rev"]
        return Change(kind, record_id, rev, before, after)
    old = {key: value for key, value in before.items() if key not in after or after[key] != value}
    new = {key: value for key, value in after.items() if key not in before or before[key] != value}
    old.pop("rev", None)
    new.pop("rev", None)
    if not (old.keys() | new.keys()) - {"updated"}:
        return None
    return Change(kind, record_id, after["rev"], old, new)
