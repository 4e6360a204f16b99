"""Checking the index against the records as they have to be."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from crm.locale import _
from crm.store import tally
from crm.store.index import Index
from crm.store.tables import PER_FILE

if TYPE_CHECKING:
    from crm.store.commit import Store
    from crm.store.journal import Position
    from crm.store.replay import Replay
    from crm.store.schema import Kind
    from crm.store.tables import TableFile


def compare_index(store: Store, replay: Replay, end: Position) -> str:
    """Say what is wrong with the index, in one sentence; empty when it holds what it has to.

    `end` is where the journal ends.
    """
    index = store.index
    try:
        if not index.fits() or index.db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return _("The index cannot be read.")
        if index.position()[:4] != end[:4]:
            return _("The index does not know the journal's end.")
        for kind in store.kinds.values():
            ref = _first_difference(index, replay, kind)
            if not ref and not tally.holds(index, kind):
                ref = kind.name
            if ref:
                return _("The index differs from the journal: {ref}.").format(ref=ref)
    except (sqlite3.DatabaseError, ValueError, TypeError):
        return _("The index cannot be read.")
    return ""


def _first_difference(index: Index, replay: Replay, kind: Kind) -> str:
    """Return the first record of a kind that the index has otherwise, or the kind alone for what is no record."""
    shadow = Index(Path(":memory:"), {kind.name: kind})
    shadow.create()
    counts = [0, 0]
    try:
        for number in replay.numbers(kind.name):
            table = replay.table(kind.name, kind.plural, number)
            wanted, present = _wanted(shadow, kind, table), _held(index, kind, table)
            for record_id in sorted(wanted.keys() | present.keys()):
                if wanted.get(record_id) != present.get(record_id):
                    return f"{kind.name}/{record_id}"
            counts = [counts[0] + len(wanted), counts[1] + sum(len(keys) for _row, keys in wanted.values())]
    finally:
        shadow.close()
    fits = counts == _counts(index, kind) and index.next_id(kind.name) >= replay.next_id(kind.name)
    return "" if fits else kind.name


_Held = dict[int, tuple[list[object], set[tuple[str, str]]]]
"""What an index holds of records: their columns and their keys."""


def _wanted(shadow: Index, kind: Kind, table: TableFile) -> _Held:
    """Return what the index has to hold of the records of a table file, as another index holds it."""
    with shadow.transaction():
        shadow.put(kind, [(json.loads(row), row.decode()) for row in table.rows.values()], fresh=True)
        held = _held(shadow, kind, table)
        shadow.db.execute(f'DELETE FROM "doc_{kind.name}"')
        shadow.db.execute("DELETE FROM key")
    return held


def _held(index: Index, kind: Kind, table: TableFile) -> _Held:
    span = (table.number * PER_FILE + 1, (table.number + 1) * PER_FILE)
    held: _Held = {}
    for row in index.db.execute(f'SELECT * FROM "doc_{kind.name}" WHERE id BETWEEN ? AND ?', span):
        held[row[0]] = ([*row[:-1], json.loads(row[-1])], set())
    keys = "SELECT id, field, value FROM key WHERE kind = ? AND id BETWEEN ? AND ?"
    for record_id, field, value in index.db.execute(keys, (kind.name, *span)):
        held.setdefault(record_id, ([], set()))[1].add((field, value))
    return held


def _counts(index: Index, kind: Kind) -> list[int]:
    rows = index.db.execute(f'SELECT count(*) FROM "doc_{kind.name}"').fetchone()[0]
    keys = index.db.execute("SELECT count(*) FROM key WHERE kind = ?", (kind.name,)).fetchone()[0]
    return [rows, keys]
