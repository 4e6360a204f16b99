"""A quick look at the table files: which of them are not as the store wrote them. What differs in them, `check` says.

A file that was found whole is noted with size, time and inode, so that the next look reads only what was written since.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from crm.store.check_tables import sound
from crm.store.replay import plurals
from crm.store.tables import TableFile

if TYPE_CHECKING:
    from pathlib import Path

    from crm.store.commit import Store

_NOTE = "seen.json"


def strange_files(store: Store) -> list[str]:
    """Return the table files that were damaged, removed or edited by hand, relative to the workspace."""
    path = store.data / "cache" / _NOTE
    before, now, strange = _noted(path), dict[str, list[int]](), list[str]()
    for plural in sorted(set(plurals(store).values())):
        for number in sorted({*store.tables.numbers(plural), *_expected(store, plural)}):
            place = store.tables.path(plural, number)
            name = f"data/tables/{plural}/{place.name}"
            stamp = _stamp(place)
            if stamp and (before.get(name) == stamp or sound(place.read_bytes(), TableFile(plural, number))):
                now[name] = stamp
            else:
                strange.append(name)
    if now != before:
        _note(path, now)
    return strange


def _expected(store: Store, plural: str) -> range:
    files = [int(about["files"]) for about in store.tables.noted().values() if about["plural"] == plural]
    return range(max(files, default=0))


def _stamp(path: Path) -> list[int]:
    """Return what changes when somebody writes a file; empty for one that is not there."""
    try:
        about = os.stat(path)
    except OSError:
        return []
    return [about.st_size, about.st_mtime_ns, about.st_ino]


def _noted(path: Path) -> dict[str, Any]:
    try:
        noted = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _note(path: Path, seen: dict[str, list[int]]) -> None:
    """Keep the note; a cache that cannot be written costs the next look some time."""
    beside = path.with_name(f"{_NOTE}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(seen))
        os.replace(beside, path)
    except OSError:
        return
