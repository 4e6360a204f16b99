"""Writing tables and index anew from the journal: beside the old ones, then put into their place at once."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from crm.errors import Refused
from crm.locale import _
from crm.store import disk
from crm.store.commit import OLD, PART, REBUILT
from crm.store.journal import Position
from crm.store.opening import build
from crm.store.replay import Replay, plurals
from crm.store.tables import KINDS, Tables

if TYPE_CHECKING:
    from crm.store.commit import Store


def rebuild(store: Store) -> int:
    """Write tables and index anew from the journal; return the number of table files.

    Edits by hand that no repair adopted are gone. Whenever it is interrupted, the old tables are whole, or the new
    ones are, and the next writer finishes. Raises Damaged for a journal that does not hold.
    """
    with store.locked("rebuild"), disk.explained(store.data):
        store.finish_rebuild()
        replay = Replay()
        try:
            replay.run(line for line, _end in store.journal.read(Position()))
            count = _write(store, replay)
        finally:
            replay.close()
        swap(store)
        reopen_index(store)
    return count


def _write(store: Store, replay: Replay) -> int:
    """Write every table file beside the old ones; the last step says that they are whole."""
    known = plurals(store)
    _refuse_unknown(set(replay.kinds()) - known.keys())
    part = store.data / PART
    shutil.rmtree(part, ignore_errors=True)
    disk.make_folder(part)
    fresh = Tables(part)
    count = 0
    for _kind, table in replay.tables(known):
        path = fresh.path(table.plural, table.number)
        disk.make_folder(path.parent)
        disk.write_new(path, table.dump())
        count += 1
    if count:
        disk.write_new(part / KINDS, replay.noted(known))
    for folder, _folders, _files in os.walk(part):
        disk.flush_folder(type(part)(folder))
    disk.rename(part, store.data / REBUILT)
    disk.flush_folder(store.data)
    return count


def _refuse_unknown(kinds: set[str]) -> None:
    if kinds:
        raise Refused(
            _("No plugin knows what is in the journal: {names}.").format(names=", ".join(sorted(kinds))),
            _("Switch the plugin on and repeat: crm plugin enable NAME."),
        )


def finish(store: Store) -> None:
    """Finish or clear away what an interrupted rebuild left, under the lock."""
    if (store.data / REBUILT).is_dir():
        swap(store)
        if "index" in store.__dict__:
            reopen_index(store)
    for name in (OLD, PART):
        shutil.rmtree(store.data / name, ignore_errors=True)


def swap(store: Store) -> None:
    """Put rebuilt tables into their place, at whatever step an earlier try stopped; the index has to be built anew."""
    tables, fresh, old = store.data / "tables", store.data / REBUILT, store.data / OLD
    drop_index(store)
    if tables.is_dir():
        shutil.rmtree(old, ignore_errors=True)
        disk.rename(tables, old)
    disk.rename(fresh, tables)
    disk.flush_folder(store.data)
    shutil.rmtree(old, ignore_errors=True)
    store.tables = Tables(tables)


def drop_index(store: Store) -> None:
    """Remove the index, so that whoever opens next builds it from the new tables."""
    if "index" in store.__dict__:
        store.index.close()
    for name in ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm"):
        (store.data / "cache" / name).unlink(missing_ok=True)


def reopen_index(store: Store) -> None:
    """Build the index of an open store anew and use it, under the lock."""
    drop_index(store)
    store.index = build(store, store.data / "cache" / "index.sqlite")
    store.catch_up()
