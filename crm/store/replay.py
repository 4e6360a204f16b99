"""A replay: the records as the journal says they are, kept in a temporary SQLite file, so that memory stays flat."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from crm.store.commit import merged
from crm.store.journal import Doc, dump
from crm.store.tables import PER_FILE, TableFile, note, number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crm.store.commit import Store
    from crm.store.journal import Change, Line


class Replay:
    """The state that the journal's lines lead to, one after another."""

    def __init__(self) -> None:
        self.db = sqlite3.connect("", isolation_level=None)  # a private file that SQLite removes
        self.db.execute("PRAGMA journal_mode=OFF")
        self.db.execute("CREATE TABLE doc(kind TEXT, id INTEGER, doc TEXT, PRIMARY KEY(kind, id)) WITHOUT ROWID")
        self.db.execute(
            "CREATE TABLE file(kind TEXT, number INTEGER, next INTEGER, seq INTEGER, PRIMARY KEY(kind, number))"
            " WITHOUT ROWID"
        )
        self.db.execute("BEGIN")

    def close(self) -> None:
        """Forget everything."""
        self.db.close()

    def run(self, lines: Iterable[Line]) -> Replay:
        """Apply lines in their order."""
        for line in lines:
            self.apply(line)
        return self

    def apply(self, line: Line) -> None:
        """Apply one line."""
        for change in line.changes:
            self._change(change)
            self._stamp(change, line.n)

    def _change(self, change: Change) -> None:
        if change.after is None:
            self.db.execute("DELETE FROM doc WHERE kind = ? AND id = ?", (change.kind, change.id))
            return
        old = None if change.before is None else self.get(change.kind, change.id)
        doc = merged(old, change.before, change.after, change.rev)
        if "id" not in doc:  # its making was lost with damage of the journal
            doc = {"id": change.id, **doc}
        self.db.execute("INSERT OR REPLACE INTO doc VALUES(?, ?, ?)", (change.kind, change.id, dump(doc)))

    def _stamp(self, change: Change, n: int) -> None:
        self.db.execute(
            "INSERT INTO file VALUES(?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET next = max(next, excluded.next), seq = excluded.seq",
            (change.kind, number_of(change.id), change.id + 1, n),
        )

    def get(self, kind: str, record_id: int) -> Doc | None:
        """Return a record, or None."""
        row = self.db.execute("SELECT doc FROM doc WHERE kind = ? AND id = ?", (kind, record_id)).fetchone()
        return None if row is None else json.loads(row[0])

    def kinds(self) -> list[str]:
        """List the kinds that ever had a record."""
        return [row[0] for row in self.db.execute("SELECT DISTINCT kind FROM file ORDER BY kind").fetchall()]

    def numbers(self, kind: str) -> list[int]:
        """List the numbers of a kind's table files."""
        rows = self.db.execute("SELECT number FROM file WHERE kind = ? ORDER BY number", (kind,))
        return [row[0] for row in rows.fetchall()]

    def table(self, kind: str, plural: str, number: int) -> TableFile:
        """Return a table file as it has to be."""
        table = TableFile(plural, number)
        first = number * PER_FILE + 1
        rows = self.db.execute(
            "SELECT id, doc FROM doc WHERE kind = ? AND id BETWEEN ? AND ? ORDER BY id",
            (kind, first, first + PER_FILE - 1),
        )
        table.rows = {record_id: text.encode() for record_id, text in rows}
        noted = self.db.execute("SELECT next, seq FROM file WHERE kind = ? AND number = ?", (kind, number)).fetchone()
        table.next, table.seq = noted or (table.next, table.seq)
        return table

    def next_id(self, kind: str) -> int:
        """Return the first id of a kind that was never used."""
        row = self.db.execute("SELECT max(next) FROM file WHERE kind = ?", (kind,)).fetchone()
        return int(row[0] or 1)

    def noted(self, plurals: Mapping[str, str]) -> bytes:
        """Return what has to be noted of the kinds."""
        known = (kind for kind in self.kinds() if kind in plurals)
        return note({kind: {"plural": plurals[kind], "files": self.numbers(kind)[-1] + 1} for kind in known})

    def tables(self, plurals: Mapping[str, str]) -> Iterator[tuple[str, TableFile]]:
        """Yield every table file with its kind, as far as its plural is known."""
        for kind in self.kinds():
            for number in self.numbers(kind) if kind in plurals else ():
                yield kind, self.table(kind, plurals[kind], number)


def plurals(store: Store) -> dict[str, str]:
    """Return what the table of each kind is called, those of plugins that are off included."""
    known = {kind.name: kind.plural for kind in store.kinds.values()}
    noted = {kind: str(about["plural"]) for kind, about in store.tables.noted().items() if kind not in known}
    return known | {kind: plural for kind, plural in noted.items() if plural not in known.values()}
