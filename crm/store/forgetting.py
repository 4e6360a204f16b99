"""Forgetting a person: journal, tables and what lies beside them are written anew without his data, then put in place.

Which values go is the cleaner's to say. Whenever it is interrupted, the old files are whole, or the new ones are
and the next to open finishes. This is the one thing that rewrites the journal.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from crm.store import disk
from crm.store.commit import FORGETTING, FORGOTTEN, Written, merged
from crm.store.damage import STATED, Stretch, as_stated
from crm.store.gate import checked_batches
from crm.store.journal import Change, Doc, Journal, Line, Position, dump, encode, whole
from crm.store.lock import locked
from crm.store.rebuild import drop_index, reopen_index
from crm.store.replay import plurals
from crm.store.tables import TableFile, Tables, number_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from crm.store.commit import Store
    from crm.store.draft import Draft

_REMOVED = ".removed"
"""The list of files that are to go, among the new ones."""
_BUFFER = 1 << 20


class Cleaner(Protocol):
    """Says what is left of values. The same field of the same record must always come out the same.

    So a change that is cleaned still leads from one cleaned record to the next.
    """

    def fields(self, kind: str, record_id: int, fields: Doc) -> Doc:
        """Return fields of a record, or all of them, without what has to go."""

    def value(self, value: Any) -> Any:
        """Return any other JSON value without what has to go."""

    def text(self, text: str) -> str:
        """Return a text that people read when something fails without what has to go."""


def mentions(journal: Journal, refs: Collection[str]) -> Iterator[Line]:
    """Yield the change sets in which one of these references stands, without reading what the others hold."""
    needles = [f'"{ref}"'.encode() for ref in refs]
    for name in journal.files():
        with open(journal.folder / name, "rb") as file:
            for raw in file:
                if any(needle in raw for needle in needles) and (line := whole(raw)) is not None:
                    yield line


# --- the commit ------------------------------------------------------------------------------------------------------


def commit(store: Store, draft: Draft, cleaner: Cleaner) -> Written:
    """Make a draft durable together with the cleaned past; renaming the prepared folder is the commit point."""
    with locked(store.data / ".delivery", holder=f"{draft.actor}, {draft.command}", wait=store.wait):
        part = store.data / FORGETTING
        try:
            written = _prepare(store, draft, cleaner, part)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        disk.rename(part, store.data / FORGOTTEN)
        disk.flush_folder(store.data)
        finish(store)
        return written


def _prepare(store: Store, draft: Draft, cleaner: Cleaner, part: Path) -> Written:
    """Write everything that changes beside the old files."""
    shutil.rmtree(part, ignore_errors=True)
    disk.make_folder(part / "journal")
    delivery = _delivery(store, cleaner)
    journal = _CleanedJournal(part / "journal", cleaner)
    last, told = journal.take(store.journal, delivery["position"][0] if delivery else 0)
    line = journal.clean(draft.line(last.n + 1, last.sum))
    end = journal.append(line, max(line.time[:7] + ".jsonl", last.file))
    journal.close()
    _write_tables(store, part, cleaner, line)
    if delivery:
        _write(part / "delivery.json", dump({**delivery, "position": list(told)}).encode())
    gone = sorted(set(store.journal.files()) - journal.names)
    _write_rest(store, part, cleaner, [f"journal/{name}" for name in gone])
    for folder, _folders, _files in os.walk(part):
        disk.flush_folder(Path(folder))
    return Written(line, last, end)


def finish(store: Store) -> None:
    """Put the new files into their places, at whatever step an earlier try stopped, under the lock."""
    fresh = store.data / FORGOTTEN
    if fresh.is_dir():
        drop_index(store)
        for name in _removed(fresh):
            (store.data / name).unlink(missing_ok=True)
        for folder, _folders, names in os.walk(fresh):
            _move(Path(folder), store.data / Path(folder).relative_to(fresh), names)
        shutil.rmtree(fresh)
        disk.flush_folder(store.data)
        store.tables = Tables(store.tables.folder)
        if "index" in store.__dict__:
            reopen_index(store)
    shutil.rmtree(store.data / FORGETTING, ignore_errors=True)


def _removed(fresh: Path) -> list[str]:
    try:
        names: list[str] = json.loads((fresh / _REMOVED).read_bytes())
    except FileNotFoundError:
        return []
    return names


def _move(source: Path, target: Path, names: list[str]) -> None:
    moving = sorted(name for name in names if name != _REMOVED)
    if not moving:
        return
    disk.make_folder(target)
    for name in moving:
        disk.rename(source / name, target / name)
    disk.flush_folder(target)


def _write(path: Path, data: bytes) -> None:
    disk.make_folder(path.parent)
    disk.write_new(path, data)


# --- the journal -----------------------------------------------------------------------------------------------------


class _CleanedJournal:
    """A journal in the making: the lines of another one, cleaned and chained anew, in files of the same names.

    Bytes that were no change sets are left out; where change sets were lost, that stays known.
    """

    def __init__(self, folder: Path, cleaner: Cleaner) -> None:
        self.folder = folder
        self.cleaner = cleaner
        self.names: set[str] = set()
        self._name = ""
        self._file = -1
        self._buffer = bytearray()
        self._size = self._lines = 0
        self._gaps: list[Stretch] = []

    def take(self, journal: Journal, noted: int) -> tuple[Position, Position]:
        """Take in every line; return where the last one ends, and the last one up to number `noted`."""
        old = last = told = Position()
        for line, position in journal.read(Position()):
            if (line.n, line.prev) == (old.n + 1, old.sum):
                line.prev = last.sum
            else:
                self._note_gap(line, last, position.file)
            old, last = position, self.append(self.clean(line), position.file)
            told = last if line.n <= noted else told
        return last, told

    def _note_gap(self, line: Line, last: Position, name: str) -> None:
        same = name == self._name
        place = (self._lines + 1, self._size) if same else (1, 0)
        self._gaps.append(Stretch(name, *place, 0, last.n + 1, line.n - 1, line.prev))

    def clean(self, line: Line) -> Line:
        """Return a line without what has to go, and with the damage that it states where that is now."""
        line.changes = [self._change(change) for change in line.changes]
        line.events = self.cleaner.value(line.events)
        stated = line.extra.pop(STATED, None)
        line.extra = self.cleaner.value(line.extra)
        line.command = self.cleaner.value(line.command)
        if stated is not None:
            sums = {entry["sum"] for entry in stated}
            line.extra[STATED] = as_stated([gap for gap in self._gaps if gap.sum in sums])
        return line

    def _change(self, change: Change) -> Change:
        before, after = (
            side and self.cleaner.fields(change.kind, change.id, side) for side in (change.before, change.after)
        )
        if before and after:
            same = {name for name in before.keys() & after.keys() if before[name] == after[name]}
            before, after = _without(before, same), _without(after, same)
        return change._replace(before=before, after=after)

    def append(self, line: Line, name: str) -> Position:
        """Append a line in the file of that name and return where it ends."""
        if name != self._name:
            self._open(name)
        data = encode(line)
        self._buffer += data
        self._size += len(data)
        self._lines += 1
        if len(self._buffer) > _BUFFER:
            self._pour()
        return Position(line.n, name, self._size, line.sum, line.time)

    def _open(self, name: str) -> None:
        self.close()
        self._file = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        self._name, self._size, self._lines = name, 0, 0
        self.names.add(name)

    def _pour(self) -> None:
        disk.write_all(self._file, bytes(self._buffer))
        self._buffer.clear()

    def close(self) -> None:
        """Flush and close the file at hand."""
        if self._file >= 0:
            self._pour()
            disk.flush(self._file)
            os.close(self._file)
            self._file = -1


def _without(side: Doc, names: set[str]) -> Doc:
    return {name: value for name, value in side.items() if name not in names}


# --- the tables ------------------------------------------------------------------------------------------------------


def _write_tables(store: Store, part: Path, cleaner: Cleaner, line: Line) -> None:
    """Write the table files that differ, those of plugins that are off too."""
    changes: dict[tuple[str, int], list[Change]] = {}
    for change in line.changes:
        changes.setdefault((change.kind, number_of(change.id)), []).append(change)
    fresh = Tables(part / "tables")
    for kind, plural in plurals(store).items():
        for number in store.tables.numbers(plural):
            table, own = store.tables.load(plural, number), changes.get((kind, number), [])
            if _clean_table(store, kind, table, cleaner, own) or own:
                table.seq = max(table.seq, line.n) if own else table.seq
                _write(fresh.path(plural, number), table.dump())


def _clean_table(store: Store, kind: str, table: TableFile, cleaner: Cleaner, changes: list[Change]) -> bool:
    """Clean the records of a table file and bring the changes in; tell whether anything differs."""
    docs = {record_id: json.loads(row) for record_id, row in table.rows.items()}
    fresh = {record_id: cleaner.fields(kind, record_id, doc) for record_id, doc in docs.items()}
    for change in changes:
        fresh[change.id] = merged(fresh[change.id], change.before, change.after or {}, change.rev)
    differing = [(kind, record_id, doc) for record_id, doc in fresh.items() if doc != docs[record_id]]
    checked_batches(store.kinds, differing)
    for _kind, _id, doc in differing:
        table.put(doc)
    return bool(differing)


# --- what lies beside them -------------------------------------------------------------------------------------------


def _delivery(store: Store, cleaner: Cleaner) -> Doc:
    """Return what plugins have heard, with the newer note of the index, which will be gone; empty where nothing is."""
    try:
        state: Doc = json.loads((store.data / "delivery.json").read_bytes())
        newer = json.loads(store.index.meta("delivery") or "null")
        if newer and newer["position"][0] >= state["position"][0]:
            state |= {"position": newer["position"], "cursors": newer["cursors"]}
        return state | {name: cleaner.value(state[name]) for name in ("failures", "parked")}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _write_rest(store: Store, part: Path, cleaner: Cleaner, gone: list[str]) -> None:
    """Write the logs anew that name him; copies of damaged files that may hold his data are to go."""
    for name in _names(store.data / "log"):
        text = _text(store.data / "log" / name)
        if cleaner.text(text) != text:
            _write(part / "log" / name, cleaner.text(text).encode(errors="surrogateescape"))
    gone += [f"damaged/{name}" for name in _names(store.data / "damaged")]
    _write(part / _REMOVED, dump(gone).encode())


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return sorted(name for name in os.listdir(folder) if (folder / name).is_file())
    return []


def _text(path: Path) -> str:
    return path.read_bytes().decode(errors="surrogateescape")
