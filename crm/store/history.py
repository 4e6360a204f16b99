"""The history: which journal line changed which record, found without reading the journal from its beginning.

The history part of the index is built when someone first asks, and kept up from then on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from crm.store.journal import Change, Doc, Line, Position, dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.store.commit import Store
    from crm.store.index import Index

_PART = "history"
_SMALL = 64
"""Change sets of more records than this are noted when someone asks, not while they are written."""


_BATCH = 1000
"""Records of a range that are looked up at a time."""


class Asked(NamedTuple):
    """Which change sets to list, newest first; `events` are names of which it has to tell one.

    With `alone`, a change set of many records may come with what it did to `ref` alone.
    """

    ref: tuple[str, int] | None = None
    actor: str | None = None
    since: str | None = None
    limit: int | None = None
    events: tuple[str, ...] = ()
    alone: bool = False


def follow(index: Index, line: Line, before: Position, end: Position) -> None:
    """Note a new line in the history, when the history was current to the line before it."""
    if len(line.changes) <= _SMALL and index.position(_PART) == before:
        _note(index, line, before, end)
        index.set_position(end, _PART)


def _note(index: Index, line: Line, before: Position, end: Position) -> None:
    start = before.offset if before.file == end.file else 0
    extra = line.extra
    taken = extra.get("undoes") or extra.get("redoes")
    undoes = None if taken is None else dump(taken)
    place = (line.n, end.file, start, end.offset - start)
    told = " ".join(dict.fromkeys(event["name"] for event in line.events)) or None
    index.db.execute(
        "INSERT OR REPLACE INTO line VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*place, line.time, line.actor, line.command, extra.get("cause"), extra.get("group"), undoes, told),
    )
    index.db.executemany(
        "INSERT OR IGNORE INTO touch VALUES(?, ?, ?)", [(change.kind, change.id, line.n) for change in line.changes]
    )


def bring_up(store: Store) -> None:
    """Bring the history to the journal line that the index is current to."""
    index = store.index
    start, target = index.position(_PART), index.position()
    if start.n >= target.n:
        return
    with index.transaction():
        before = start
        for line, end in store.journal.read(start):
            _note(index, line, before, end)
            before = end
            if end.n >= target.n:
                break
        index.set_position(before, _PART)


def line(store: Store, n: int) -> Line | None:
    """Return change set `n`, or None."""
    bring_up(store)
    row = store.index.db.execute("SELECT file, offset, size FROM line WHERE n = ?", (n,)).fetchone()
    return None if row is None else store.journal.at(*row)


def lines(store: Store, asked: Asked) -> Iterator[Line]:
    """Yield change sets, newest first."""
    bring_up(store)
    conditions = ["1"]
    params: list[object] = []
    if asked.ref is not None:
        conditions.append("n IN (SELECT n FROM touch WHERE kind = ? AND id = ?)")
        params += asked.ref
    if asked.actor is not None:
        conditions.append("actor = ?")
        params.append(asked.actor)
    if asked.since is not None:
        conditions.append("time >= ?")
        params.append(asked.since)
    if asked.events:
        conditions.append("EXISTS (SELECT 1 FROM json_each(?) WHERE instr(' ' || events || ' ', ' ' || value || ' '))")
        params.append(json.dumps(asked.events))
    sql = f"SELECT file, offset, size FROM line WHERE {' AND '.join(conditions)} ORDER BY n DESC LIMIT ?"
    for row in store.index.db.execute(sql, [*params, -1 if asked.limit is None else asked.limit]).fetchall():
        yield store.journal.at(row[0], row[1], row[2], asked.ref if asked.alone else None)


def numbers_after(store: Store, kind: str, record_id: int, n: int) -> list[int]:
    """List the change sets after `n` that touched a record."""
    bring_up(store)
    rows = store.index.db.execute(
        "SELECT n FROM touch WHERE kind = ? AND id = ? AND n > ? ORDER BY n", (kind, record_id, n)
    )
    return [row[0] for row in rows]


def lines_of_kind(store: Store, kind: str, after: int) -> Iterator[Line]:
    """Yield the change sets after `after` that touched any record of a kind, newest first."""
    bring_up(store)
    sql = (
        "SELECT file, offset, size FROM line WHERE n > ?1 AND n IN"
        " (SELECT n FROM touch WHERE kind = ?2 AND n > ?1) ORDER BY n DESC"
    )
    for row in store.index.db.execute(sql, (after, kind)).fetchall():
        yield store.journal.at(*row)


def touched(store: Store, after: int, until: int) -> Iterator[tuple[str, int]]:
    """Yield (kind, id) of the records that the change sets after one and until another touched, in that order."""
    bring_up(store)
    sql = (
        "SELECT DISTINCT kind, id FROM touch WHERE n > ? AND n <= ? AND (kind, id) > (?, ?)"
        f" ORDER BY kind, id LIMIT {_BATCH}"
    )
    last = ("", 0)
    while rows := store.index.db.execute(sql, (after, until, *last)).fetchall():
        yield from rows
        last = rows[-1]


def taken_back(store: Store, after: int) -> dict[int, int]:
    """Return the change sets that an undo or a redo after `after` took back and that are still so, with its number."""
    bring_up(store)
    sql = "SELECT n, undoes FROM line WHERE undoes IS NOT NULL AND n > ? ORDER BY n DESC"
    gone: dict[int, int] = {}
    for n, undoes in store.index.db.execute(sql, (after,)):
        if n not in gone:
            gone |= dict.fromkeys(json.loads(undoes), n)
    return gone


def caused_by(store: Store, n: int) -> list[int]:
    """List the change sets that plugins made in reaction to `n`, and in reaction to those."""
    bring_up(store)
    found: list[int] = []
    queue = [n]
    while queue:
        rows = store.index.db.execute("SELECT n FROM line WHERE cause = ?", (queue.pop(),)).fetchall()
        fresh = [row[0] for row in rows if row[0] not in found]
        found += fresh
        queue += fresh
    return sorted(found)


def group_of(store: Store, n: int) -> list[int]:
    """List the change sets of the import that `n` belongs to, itself alone when it belongs to none."""
    bring_up(store)
    row = store.index.db.execute("SELECT grp FROM line WHERE n = ?", (n,)).fetchone()
    if row is None or row[0] is None:
        return [n]
    return [r[0] for r in store.index.db.execute("SELECT n FROM line WHERE grp = ? ORDER BY n", (row[0],))]


def last_rev(store: Store, kind: str, record_id: int) -> int:
    """Return the highest revision that a record ever had, also when it is gone; 0 for one that never was."""
    numbers = numbers_after(store, kind, record_id, 0)
    return _revs(store, numbers[-1]).get((kind, record_id), 0) if numbers else 0


def _revs(store: Store, n: int) -> dict[tuple[str, int], int]:
    """Return the revisions that change set `n` gave; the last answer is kept, as an undo asks for each record."""
    if store.revs[0] != n:
        found = line(store, n)
        store.revs = (n, {(change.kind, change.id): change.rev for change in found.changes} if found else {})
    return store.revs[1]


def _is(change: Change, kind: str, record_id: int) -> bool:
    return change.kind == kind and change.id == record_id


def first_of_groups(store: Store, command: str) -> Iterator[Line]:
    """Yield the first change sets of the groups that a command made, newest first."""
    bring_up(store)
    sql = "SELECT file, offset, size FROM line WHERE command = ? AND grp = n ORDER BY n DESC"
    for row in store.index.db.execute(sql, (command,)).fetchall():
        yield store.journal.at(*row)


def changed_since(store: Store, kind: str, record_id: int, rev: int) -> Doc:
    """Return the fields of a record that were changed after revision `rev`, with their values then.

    A field that did not exist then maps to None.
    """
    old: Doc = {}
    for n in numbers_after(store, kind, record_id, 0):
        found = line(store, n)
        for change in found.changes if found else []:
            if _is(change, kind, record_id) and change.rev > rev:
                fields = (change.before or {}).keys() | (change.after or {}).keys()
                for name in fields - old.keys() - {"updated"}:
                    old[name] = (change.before or {}).get(name)
    return old
