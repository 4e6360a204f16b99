"""The store as it stood at a past moment: temporary tables of what was changed since, laid over the living index.

SQLite looks for a name among the temporary tables first, so every query of the index reads the past unchanged; a held
read transaction keeps out what others write meanwhile. Which moment a person means is decided in the workspace.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NoReturn

from crm.errors import NotFound, Refused
from crm.locale import _
from crm.store import history
from crm.store.commit import Store
from crm.store.index import row_of
from crm.store.journal import Change, Doc, Position, dump
from crm.store.search import PLACE_BITS, take, take_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm.store.schema import Kind

_ABSENT: Any = object()
_TOUCHED = "CREATE TEMP TABLE past_touched(kind TEXT, id INTEGER, PRIMARY KEY(kind, id)) WITHOUT ROWID"


class _Earlier:
    """What one record was before the changes that came after the moment.

    `whole` says that `fields` is all there was: the record was removed since.
    """

    def __init__(self, first: Change) -> None:
        self.existed = first.before is not None
        self.whole = False
        self.fields: Doc = {"rev": first.rev - 1}

    def add(self, change: Change) -> None:
        """Take in the next change; only the earliest value of a field counts."""
        if not self.existed or self.whole:
            return
        before, after = change.before or {}, change.after or {}
        for name in [*before, *(name for name in after if name not in before)]:
            self.fields.setdefault(name, before.get(name, _ABSENT))
        self.whole = change.after is None

    def doc(self, now: Doc | None) -> Doc | None:
        """Return the record as it was; `now` is how it stands at present."""
        if not self.existed:
            return None
        doc = {**({} if self.whole else now or {}), **self.fields}
        return {name: value for name, value in doc.items() if value is not _ABSENT}


def before(changes: Sequence[Change], now: Doc | None) -> Doc | None:
    """Return a record as it was before its last changes, the earliest of them first; `now` is how it stands."""
    if not changes:
        return now
    earlier = _Earlier(changes[0])
    for change in changes:
        earlier.add(change)
    return earlier.doc(now)


class PastStore(Store):
    """A store of its own connection, read-only, that shows the records as they stood after change `n`.

    Raise NotFound for a change that was not made yet.
    """

    def __init__(self, present: Store, n: int, *, clock: Callable[[], str]) -> None:
        self._held = False
        super().__init__(present.data, present.kinds, clock=clock, wait=present.wait)
        self._searched: tuple[tuple[str, str], ...] = ()
        try:
            self._hold()
            self._go_back(n)
        except BaseException:
            self.close()
            raise

    def refresh(self) -> None:
        """See nothing new: the past stays as it was."""
        if not self._held:
            super().refresh()

    def writing(self, **_asked: Any) -> NoReturn:
        """Raise Refused."""
        raise Refused(_("The past cannot be changed."), _("Open the workspace as it is now: without --as-of."))

    def searched(self) -> tuple[tuple[str, str], ...]:
        """Return where to search: the words as they are indexed, but for records that have other words since."""
        if not self._searched:
            self._searched = self._search_tables()
        return self._searched

    # --- going back --------------------------------------------------------------------------------------------------

    def _hold(self) -> None:
        """Hold the index as it is now, with its history whole."""
        while not self._held:
            history.bring_up(self)
            self.index.db.execute("BEGIN")
            self._held = self.index.position("history") == self.index.position()
            if not self._held:
                self.index.db.execute("ROLLBACK")

    def _go_back(self, n: int) -> None:
        moment, present = _position_of(self, n), self.index.position()
        self.index.tallying = False
        self.index.db.execute(_TOUCHED)
        self.index.db.execute("CREATE TEMP TABLE past_key AS SELECT * FROM main.key WHERE 0")
        changed = self._changed_since(moment, present)
        for kind in self.kinds.values():
            self._lay_kind(kind, changed.get(kind.name, {}))
        self._lay_over("key", "past_key", "old.kind = new.kind AND old.id = new.id")
        self._lay_notes(moment)

    def _changed_since(self, moment: Position, present: Position) -> dict[str, dict[int, _Earlier]]:
        found: dict[str, dict[int, _Earlier]] = {}
        for line, _end in self.journal.read(moment):
            if line.n > present.n:
                break
            for change in line.changes:
                found.setdefault(change.kind, {}).setdefault(change.id, _Earlier(change)).add(change)
        return found

    def _lay_kind(self, kind: Kind, changed: dict[int, _Earlier]) -> None:
        db, table = self.index.db, f"past_{kind.name}"
        db.execute(f'CREATE TEMP TABLE "{table}" AS SELECT * FROM main."doc_{kind.name}" WHERE 0')
        for record_id, earlier in changed.items():
            doc = earlier.doc(self.index.get(kind.name, record_id))
            if doc is not None:
                row = row_of(kind, doc, dump(doc))
                db.execute(f'INSERT INTO "{table}" VALUES({",".join("?" * len(row))})', row)
                keys = [(kind.name, field, value, record_id) for field, value in dict.fromkeys(kind.keys(doc))]
                db.executemany("INSERT INTO past_key VALUES(?, ?, ?, ?)", keys)
        db.executemany("INSERT INTO past_touched VALUES(?, ?)", [(kind.name, one) for one in changed])
        db.execute(f'CREATE INDEX temp."{table}_id" ON "{table}"(id)')
        self._lay_over(f"doc_{kind.name}", table, f"old.kind = '{kind.name}' AND old.id = new.id")

    def _lay_over(self, name: str, past: str, touched: str) -> None:
        """Lay a view over a table of the index: its rows of untouched records, and the past rows of the others."""
        self.index.db.execute(
            f'CREATE TEMP VIEW "{name}" AS SELECT * FROM main."{name}" AS new'
            f" WHERE NOT EXISTS (SELECT 1 FROM temp.past_touched AS old WHERE {touched})"
            f' UNION ALL SELECT * FROM temp."{past}"'
        )

    def _lay_notes(self, moment: Position) -> None:
        """Let history end at the moment, and the index say that it is current to it."""
        db = self.index.db
        db.execute("CREATE TEMP TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        db.execute("INSERT INTO temp.meta SELECT * FROM main.meta")
        self.index.set_position(moment)
        self.index.set_position(moment, "history")
        for table in ("line", "touch"):
            db.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE n <= {moment.n}")

    # --- searching ---------------------------------------------------------------------------------------------------

    def _search_tables(self) -> tuple[tuple[str, str], ...]:
        db = self.index.db
        db.execute("CREATE VIRTUAL TABLE temp.search USING fts5(text, tokenize='trigram', detail='full')")
        indexed = db.execute("SELECT value FROM main.meta WHERE key = 'search'").fetchone()
        if indexed is None:
            take_all(self)
            return (("temp.search", "1"),)
        db.execute("CREATE TEMP TABLE past_searched(place INTEGER PRIMARY KEY)")
        stale = min(Position(*json.loads(indexed[0])).n, self.number)
        names = list(self.kinds)
        for kind, record_id in db.execute("SELECT DISTINCT kind, id FROM main.touch WHERE n > ?", (stale,)).fetchall():
            if kind in self.kinds:
                number = names.index(kind)
                db.execute("INSERT INTO past_searched VALUES(?)", (number << PLACE_BITS | record_id,))
                take(self, number, kind, [record_id])
        return (("temp.search", "1"), ("main.search", "rowid NOT IN (SELECT place FROM past_searched)"))


def number_at(store: Store, time: str) -> int:
    """Return the number of the last change set made at `time` (UTC) or before it, 0 when there was none."""
    history.bring_up(store)

    def time_of(n: int) -> str:
        row = store.index.db.execute("SELECT time FROM line WHERE n >= ? ORDER BY n LIMIT 1", (n,)).fetchone()
        return str(row[0])

    return bisect_right(range(1, store.number + 1), time, key=time_of)


def _position_of(store: Store, n: int) -> Position:
    if n == 0:
        return Position()
    row = store.index.db.execute("SELECT file, offset, size FROM line WHERE n = ?", (n,)).fetchone()
    if row is None:
        raise NotFound(_("There is no change {n}.").format(n=n), _("See the history: crm log."))
    file, offset, size = row
    line = store.journal.at(file, offset, size)
    return Position(n, file, offset + size, line.sum, line.time)
