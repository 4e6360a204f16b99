"""Opening the index of a workspace: as it is, built anew from the tables, or a copy where the folder is read-only."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from crm.errors import Damaged
from crm.locale import _
from crm.store import disk
from crm.store.commit import FORGOTTEN
from crm.store.index import Index
from crm.store.journal import Position
from crm.store.standing import missing_file

if TYPE_CHECKING:
    from pathlib import Path

    from crm.store.commit import Store
    from crm.store.schema import Kind


def open_index(store: Store) -> Index:
    """Open the index of a store, current to the journal as far as no writer is at work.

    For who mends the store, damage does not keep it shut: the index is then behind, or empty and in memory.
    """
    if not store.mending:
        return _open(store)
    try:
        return _open(store)
    except (Damaged, sqlite3.DatabaseError, ValueError):
        return store.__dict__.get("index") or empty(store)


def empty(store: Store) -> Index:
    """Return an empty index in memory."""
    from pathlib import Path

    index = Index(Path(":memory:"), store.kinds)
    index.create()
    return index


def _open(store: Store) -> Index:
    path = store.data / "cache" / "index.sqlite"
    with suppress(OSError):
        os.makedirs(store.data, exist_ok=True)
    if not os.access(store.data, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return _read_only(store)
    if os.path.isdir(store.data / FORGOTTEN):
        with disk.explained(store.data), store.locked("forget"):
            store.finish_rebuild()
    index = _existing(store, path) if path.exists() else None
    if index is None:
        with disk.explained(store.data), store.locked("build the index"):
            index = _existing(store, path) if path.exists() else None
            index = index or build(store, path)
    store.index = index
    store.refresh()
    return index


def reopened(store: Store) -> Index:
    """Open the index that stands on the disk now, under the lock; build it where there is none."""
    path = store.data / "cache" / "index.sqlite"
    index = _existing(store, path) if path.exists() else None
    return index or build(store, path)


def _existing(store: Store, path: Path) -> Index | None:
    index = None
    with suppress(sqlite3.DatabaseError, ValueError):  # a spoilt text in the file is no UTF-8
        index = Index(path, store.kinds)
        if index.fits():
            return index
    if index is not None:
        index.close()
    return None


def _read_only(store: Store) -> Index:
    """Read a folder that may not be written: a copy of its index, or one built from its tables, in memory."""
    if os.path.isdir(store.data / FORGOTTEN):
        raise Damaged(
            _("Forgetting a person was interrupted here."),
            _("Open the workspace once with the right to write: it is finished then."),
        )
    store.index = empty(store)
    fill(store, store.index)
    for line, end in store.journal.read(store.index.position()):
        store.show(line, end)
    return store.index


def build(store: Store, path: Path) -> Index:
    """Build the index from the tables, beside the old one, and put it in its place."""
    store.finish_rebuild()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name("index.new")
    for name in ("index.new", "index.new-wal", "index.new-shm"):
        (path.parent / name).unlink(missing_ok=True)
    index = Index(fresh, store.kinds)
    index.create()
    from crm.store.bulk import loading

    try:
        with loading(index):
            fill(store, index)
    except BaseException:
        index.close()
        raise
    index.close()
    for name in ("index.sqlite-wal", "index.sqlite-shm"):
        (path.parent / name).unlink(missing_ok=True)
    disk.flush_file(fresh)  # else a power cut might leave the name without the bytes
    disk.rename(fresh, path)
    disk.flush_folder(path.parent)
    return Index(path, store.kinds)


def fill(store: Store, index: Index) -> None:
    """Fill an empty index from the tables and note the journal line that they are sure to hold."""
    _refuse_missing_files(store)
    newest = 0
    with index.transaction():
        for kind in store.kinds.values():
            newest = max(newest, _fill_kind(store, index, kind))
        newest = max(newest, store.tables.newest_besides({kind.plural for kind in store.kinds.values()}))
        index.set_position(_position_before(store, newest))


def _fill_kind(store: Store, index: Index, kind: Kind) -> int:
    newest, next_id = 0, 1
    for table in store.tables.each(kind.plural):
        texts = [row.decode() for row in table.rows.values()]
        index.put(kind, zip(map(json.loads, texts), texts, strict=True), fresh=True)
        newest, next_id = max(newest, table.seq), max(next_id, table.next)
    index.set_next_id(kind.name, next_id)
    return newest


def _position_before(store: Store, newest: int) -> Position:
    """Return the position before the newest line that any table knows: a crash may have left that one half applied."""
    if newest == 0:
        if store.journal.files() and not _starts_empty(store):
            raise _tables_gone()
        return Position()
    position = store.journal.find(newest - 1) if newest > 1 else Position()
    if position is None or next(store.journal.read(position), None) is None:
        raise Damaged(
            _("The journal lacks change {n}.").format(n=newest - 1 if position is None else newest),
            _("Run `crm check` to see what is affected, `crm check --repair` to mend it."),
        )
    return position


def _starts_empty(store: Store) -> bool:
    """Tell whether no table was ever written: what the journal holds was never applied."""
    first = next(store.journal.read(Position()), None)
    return first is None or not store.tables.noted()


def _refuse_missing_files(store: Store) -> None:
    for noted in store.tables.noted().values():
        missing = set(range(noted["files"])) - set(store.tables.numbers(noted["plural"]))
        if missing:
            raise missing_file(noted["plural"], min(missing))


def _tables_gone() -> Damaged:
    return Damaged(_("The table files are gone."), _("Run `crm rebuild` to write them anew from the journal."))
