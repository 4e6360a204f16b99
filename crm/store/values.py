"""Records found by a value that has no key of its own: gathered once into a temporary table of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.store.select import expression

if TYPE_CHECKING:
    from crm.store.index import Index
    from crm.store.schema import Kind


class Values:
    """The values of one field of a kind, with the ids of the records that have them, for the time of a connection."""

    def __init__(self, index: Index, kind: Kind, field: str) -> None:
        self._db = index.db
        self._table = f'temp."values_{kind.name}_{field}"'
        self._db.execute(f"DROP TABLE IF EXISTS {self._table}")
        self._db.execute(f"CREATE TABLE {self._table}(value, id INTEGER, PRIMARY KEY(value, id)) WITHOUT ROWID")
        value = expression(kind, field)
        self._db.execute(
            f'INSERT INTO {self._table} SELECT {value}, id FROM "doc_{kind.name}" WHERE {value} IS NOT NULL'
        )

    def ids(self, value: Any) -> list[int]:
        """Return the ids of the records that had or have the value; whoever asks looks whether they still do."""
        rows = self._db.execute(f"SELECT id FROM {self._table} WHERE value = ? ORDER BY id", (value,))
        return [row[0] for row in rows]

    def note(self, value: Any, record_id: int) -> None:
        """Take in a record that was written since."""
        self._db.execute(f"INSERT OR IGNORE INTO {self._table} VALUES(?, ?)", (value, record_id))
