"""The index: the records in SQLite, with columns and keys to find them by. A cache: delete it at any time."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.store.evaluation import register_functions
from crm.store.index_faults import parsed
from crm.store.journal import Doc, Position, dump
from crm.store.memo import Memo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import tzinfo
    from pathlib import Path

    from crm.store.schema import Column, Kind, Kinds

FORMAT = 3
SCALE = 4
"""Money columns hold amounts in units of 10⁻⁴."""

_LOG_PAGES = 200
"""Pages of SQLite's log that are copied into the file at a time."""

_TYPES: dict[str, type] = {"text": str, "time": str, "integer": int, "bool": bool}
_SQL_TYPES = {"text": "TEXT", "time": "TEXT", "integer": "INTEGER", "bool": "INTEGER", "money": "INTEGER"}


def minor(amount: str) -> int:
    """Return a decimal string as a whole number of 10⁻⁴ units."""
    whole, _dot, fraction = amount.partition(".")
    return int(whole + fraction.ljust(SCALE, "0")[:SCALE])


def _column_names(column: Column) -> list[str]:
    return [column.name, column.name + "_currency"] if column.kind == "money" else [column.name]


def _column_names_of(kind: Kind) -> list[str]:
    return [name for column in kind.columns.values() for name in _column_names(column)]


def _money_values(value: Any) -> list[Any]:
    try:
        amount, currency = minor(value["amount"]), str(value["currency"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return [None, None]
    return [amount, currency] if _is_bindable(amount) else [None, None]


def _is_bindable(value: Any) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


class Batch(NamedTuple):
    """What the index is to keep of some records of one kind, and which of them it is to forget.

    `fresh` says that none of them stood there before.
    """

    kind: Kind
    removed: list[int]
    rows: list[list[Any]]
    keys: list[tuple[str, str, str, int]]
    fresh: bool


def batch_of(kind: Kind, docs: Iterable[tuple[Doc, str]], *, removed: Iterable[int] = ()) -> Batch:
    """Return what to keep of records, each given with its JSON text."""
    batch = Batch(kind, list(removed), [], [], fresh=True)
    fresh = not batch.removed
    for doc, text in docs:
        batch.rows.append(row_of(kind, doc, text))
        record_id = doc["id"]
        batch.keys.extend([(kind.name, name, value, record_id) for name, value in kind.keys(doc)])
        fresh = fresh and doc["rev"] == 1
    return batch if fresh else batch._replace(fresh=False)


def row_of(kind: Kind, doc: Doc, text: str) -> list[Any]:
    """Return a record as its row in the table of its kind; NULL for a value that the field cannot have."""
    row = [doc["id"], doc["rev"], int("deleted" in doc)]
    for name, sort in kind.columns.values():
        value = doc.get(name)
        if sort == "money":
            row += (None, None) if value is None else _money_values(value)
        else:
            fits = type(value) is _TYPES[sort] and (sort != "integer" or _is_bindable(value))
            row.append(value if fits else None)
    row.append(text)
    return row


def misfit(kind: Kind, doc: Doc, row: list[Any]) -> str:
    """Return the field of a record that holds what its column cannot, empty when all fit."""
    at = 3
    for column in kind.columns.values():
        if row[at] is None and column.name in doc:
            return column.name
        at += 2 if column.kind == "money" else 1
    return ""


class Index:
    """One connection to `index.sqlite`."""

    def __init__(self, path: Path, kinds: Kinds, *, read_only: bool = False) -> None:
        self.path = path
        self.kinds = kinds
        target = f"{path.resolve().as_uri()}?mode=ro" if read_only else str(path)
        self.db = sqlite3.connect(
            target, isolation_level=None, timeout=10, check_same_thread=False, uri=read_only, cached_statements=64
        )
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
        register_functions(self.db)
        self.key_table = "key"
        self.tallying = True
        self.memo = Memo()
        self.zone: tzinfo | None = None
        self._inserts: dict[str, str] = {}
        self._inode = _inode(path)

    def is_replaced(self) -> bool:
        """Tell whether another process has put another file into the place of this one, or took it away."""
        return self.is_on_disk and _inode(self.path) != self._inode

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Copy SQLite's log into the file more seldom, while much is written by one command."""
        self.db.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES * 20}")
        try:
            yield
        finally:
            self.db.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")

    @property
    def is_on_disk(self) -> bool:
        """Tell whether the index lives longer than this process."""
        return str(self.path) != ":memory:"

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def fits(self) -> bool:
        """Tell whether the file holds an index of this program's shape and of these kinds."""
        try:
            return self._has_shape() and self.position().n >= 0
        except (sqlite3.DatabaseError, ValueError, TypeError):
            return False

    def _has_shape(self) -> bool:
        """Tell whether the tables are those of these kinds; kinds that say what they are made of are not made again."""
        stamp = getattr(self.kinds, "stamp", "")
        if stamp and self.meta("stamp") == stamp:
            return True
        if self.meta("signature") != self.signature():
            return False
        if stamp:
            self.set_meta("stamp", stamp)
        return True

    def signature(self) -> str:
        """Describe the shape of the index, so that a change of a plugin's fields builds it anew."""
        shape = [
            [kind.name, kind.plural, [[c.name, c.kind] for c in kind.columns.values()], kind.orders, kind.tally]
            for kind in self.kinds.values()
        ]
        return dump([FORMAT, sorted(shape, key=lambda row: str(row[0]))])

    def create(self) -> None:
        """Lay out the empty tables."""
        self.db.execute("PRAGMA journal_mode=WAL")
        with self.transaction():
            for statement in self._layout():
                self.db.execute(statement)
            self.set_meta("signature", self.signature())

    def _layout(self) -> Iterator[str]:
        yield "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"
        yield (
            "CREATE TABLE key(kind TEXT, field TEXT, value TEXT, id INTEGER,"
            " PRIMARY KEY(kind, field, value, id)) WITHOUT ROWID"
        )
        yield "CREATE INDEX key_of ON key(kind, id)"
        yield (
            "CREATE TABLE line(n INTEGER PRIMARY KEY, file TEXT, offset INTEGER, size INTEGER, time TEXT, actor TEXT,"
            " command TEXT, cause INTEGER, grp INTEGER, undoes TEXT, events TEXT)"
        )
        yield "CREATE INDEX line_cause ON line(cause) WHERE cause IS NOT NULL"
        yield "CREATE INDEX line_undoes ON line(n) WHERE undoes IS NOT NULL"
        yield "CREATE INDEX line_group ON line(grp) WHERE grp IS NOT NULL"
        yield "CREATE TABLE touch(kind TEXT, id INTEGER, n INTEGER, PRIMARY KEY(kind, id, n)) WITHOUT ROWID"
        yield "CREATE VIRTUAL TABLE search USING fts5(text, tokenize='trigram', detail='full')"
        for kind in self.kinds.values():
            yield from _layout_of(kind)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do what is inside as one step of the index."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:  # SQLite may have rolled back by itself
                self.db.execute("ROLLBACK")
            raise

    def meta(self, key: str) -> str | None:
        """Return a note of the index about itself."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a note of the index about itself."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", (key, value))

    def position(self, name: str = "position") -> Position:
        """Return the journal line that the index (or the part of it called `name`) is current to."""
        text = self.meta(name)
        return Position() if text is None else Position(*json.loads(text))

    def set_position(self, position: Position, name: str = "position") -> None:
        """Note the journal line that the index is current to."""
        self.set_meta(name, dump(list(position)))

    def next_id(self, kind: str) -> int:
        """Return the first id of a kind that was never used."""
        return int(self.meta(f"next:{kind}") or 1)

    def set_next_id(self, kind: str, value: int) -> None:
        """Note that ids below `value` are used."""
        self.set_meta(f"next:{kind}", str(value))

    def raise_next_id(self, kind: str, value: int) -> None:
        """Note that ids below `value` are used, unless more of them are."""
        if value > self.next_id(kind):
            self.set_next_id(kind, value)

    def put(self, kind: Kind, docs: Iterable[tuple[Doc, str]], *, fresh: bool = False) -> None:
        """Place records, each with its JSON text; `fresh` says that none of them stood here before."""
        self.take(batch_of(kind, docs)._replace(fresh=fresh))

    def take(self, batch: Batch) -> None:
        """Place the records of a batch, and forget those that are gone."""
        name = batch.kind.name
        follow = self._tallied(batch) if self.tallying and batch.kind.tally else None
        rows, keys = batch.rows, batch.keys
        if not batch.fresh:
            self.db.executemany(f'DELETE FROM "doc_{name}" WHERE id = ?', [(one,) for one in batch.removed])
            rows = [row for row in rows if not self._changed(batch.kind, row)]
            keys = self._new_keys(batch)
        self.db.executemany(self._insert(batch.kind), rows)
        self.db.executemany(f"INSERT OR IGNORE INTO {self.key_table} VALUES(?, ?, ?, ?)", keys)
        if follow is not None:
            follow()

    def _tallied(self, batch: Batch) -> Callable[[], None]:
        """Return what counts a batch once it is placed."""
        from crm.store import tally

        gone = tally.before(self, batch)
        return lambda: tally.follow(self, batch, gone)

    def _changed(self, kind: Kind, row: list[Any]) -> bool:
        """Write what differs in a row that is there, so that only the orders it has a part in are rewritten."""
        old = self.db.execute(f'SELECT * FROM "doc_{kind.name}" WHERE id = ?', (row[0],)).fetchone()
        if old is None:
            return False
        differing = [place for place, value in enumerate(row) if old[place] != value]
        if differing:
            names = ["id", "rev", "trashed", *_column_names_of(kind), "doc"]
            changes = ", ".join(f'"{names[place]}" = ?' for place in differing)
            values = [row[place] for place in differing]
            self.db.execute(f'UPDATE "doc_{kind.name}" SET {changes} WHERE id = ?', (*values, row[0]))
        return True

    def _new_keys(self, batch: Batch) -> list[tuple[str, str, str, int]]:
        """Forget the keys that the records of a batch have no more; return those that they did not have."""
        held: set[tuple[str, str, str, int]] = set()
        for record_id in (*batch.removed, *(row[0] for row in batch.rows)):
            place = (batch.kind.name, record_id)
            held.update(self.db.execute("SELECT * FROM key WHERE kind = ? AND id = ?", place).fetchall())
        gone = "DELETE FROM key WHERE kind = ? AND field = ? AND value = ? AND id = ?"
        self.db.executemany(gone, held.difference(batch.keys))
        return [key for key in batch.keys if key not in held]

    def _insert(self, kind: Kind) -> str:
        if kind.name not in self._inserts:
            count = 4 + len(_column_names_of(kind))
            marks = ",".join("?" * count)
            self._inserts[kind.name] = f'INSERT OR REPLACE INTO "doc_{kind.name}" VALUES({marks})'
        return self._inserts[kind.name]

    def get(self, kind: str, record_id: int) -> Doc | None:
        """Return a record, or None."""
        row = self.db.execute(f'SELECT doc FROM "doc_{kind}" WHERE id = ?', (record_id,)).fetchone()
        return None if row is None else parsed(row[0])

    def lookup(self, kind: str, field: str, value: str) -> list[int]:
        """Return the ids of the records that have `value` among the keys called `field`."""
        rows = self.db.execute(
            "SELECT id FROM key WHERE kind = ? AND field = ? AND value = ? ORDER BY id", (kind, field, value)
        )
        return [row[0] for row in rows]

    def lookup_prefix(self, kinds: list[str], field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return (kind, id) of the records that have a key beginning with `prefix`, kind by kind."""
        rows = self.db.execute(
            "SELECT DISTINCT key.kind, +key.id FROM json_each(?) AS kinds CROSS JOIN key ON key.kind = kinds.value"
            " WHERE field = ? AND key.value >= ? AND key.value < ? LIMIT ?",
            (json.dumps(kinds), field, prefix, prefix + "\U0010ffff", limit),
        )
        return [(kind, record_id) for kind, record_id in rows]


def _inode(path: Path) -> int:
    try:
        return os.stat(path).st_ino
    except OSError:
        return 0


def _layout_of(kind: Kind) -> Iterator[str]:
    columns = ""
    for column in kind.columns.values():
        for name in _column_names(column):
            sql_type = "TEXT" if name != column.name else _SQL_TYPES[column.kind]
            columns += f'"{name}" {sql_type}, '
    yield f'CREATE TABLE "doc_{kind.name}"(id INTEGER PRIMARY KEY, rev INTEGER, trashed INTEGER, {columns}doc TEXT)'
    for number, order in enumerate(kind.orders):
        names = ", ".join(f'"{name}"' for name in order)
        yield f'CREATE INDEX "order_{kind.name}_{number}" ON "doc_{kind.name}"(trashed, {names})'
    if kind.tally:
        from crm.store.tally import layout

        yield from layout(kind)
