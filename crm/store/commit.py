"""The store of one workspace: opening, catching up with the journal, and the commit point."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import Busy, OutsideFailed
from crm.locale import _
from crm.store import disk
from crm.store.draft import Draft
from crm.store.gate import batches, checked_batches
from crm.store.history import follow
from crm.store.index import Batch, Index
from crm.store.journal import Doc, Journal, Line, Position
from crm.store.lock import WAIT, locked
from crm.store.standing import refuse_missing, refuse_strange
from crm.store.tables import KINDS, TableFile, Tables, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from crm.store.forgetting import Cleaner
    from crm.store.journal import Change, Texts
    from crm.store.schema import Kinds


class Written(NamedTuple):
    """The change set that this process committed last, and where the journal stood before and after it."""

    line: Line
    before: Position
    end: Position


PART, REBUILT, OLD = "tables.part", "tables.new", "tables.old"
"""The folders of a rebuild: tables in the making, whole ones not yet put into their place, those that were there."""
FORGETTING, FORGOTTEN = "forget.part", "forget.new"
"""The folders of forgetting a person: files in the making, whole ones not yet put into their places."""

Drafted = list[tuple[str, int, Doc | None]]
"""Documents by kind and id, None for those that are gone."""
Touched = dict[tuple[str, int], TableFile]
"""Table files by (kind, file number)."""


def utc_now() -> str:
    """Return the time now in UTC, to the second, as records keep it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Store:
    """The records of a workspace: read without a lock, written by one at a time.

    `mending` opens it although it is damaged, for check, repair and rebuild alone.
    """

    def __init__(
        self,
        data: Path,
        kinds: Kinds,
        *,
        clock: Callable[[], str] = utc_now,
        wait: float = WAIT,
        mending: bool = False,
    ) -> None:
        self.data = data
        self.kinds = kinds
        self.clock = clock
        self.wait = wait
        self.mending = mending
        self.journal = Journal(data / "journal")
        self.tables = Tables(data / "tables")
        self.draft: Draft | None = None
        self.revs: tuple[int, dict[tuple[str, int], int]] = (0, {})
        self.last: Written | None = None
        self._broken = False
        self.index = self._open_index()

    # --- opening -----------------------------------------------------------------------------------------------------

    def _open_index(self) -> Index:
        from crm.store.opening import open_index

        return open_index(self)

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    @property
    def number(self) -> int:
        """Return the number of the last change set that readers see."""
        return self.index.position().n

    def now(self) -> str:
        """Return the time for the next change set: the clock's, but never before the last one's."""
        return max(self.clock(), self.index.position().time)

    def refresh(self) -> None:
        """See what others have written; a read never waits for a writer that is at work."""
        if not self.index.is_replaced() and self.journal.ends_at(self.index.position()):
            return
        with suppress(Busy), disk.explained(self.data), self.locked("catch up", wait=0):
            self.catch_up()

    def searched(self) -> tuple[tuple[str, str], ...]:
        """Return the tables to search words in, brought up to now, each with a condition of its own."""
        from crm.store.search import bring_up

        bring_up(self)
        return (("search", "1"),)

    @contextmanager
    def locked(self, holder: str, wait: float | None = None) -> Iterator[None]:
        """Hold the writer's lock."""
        with locked(self.data / ".lock", holder=holder, wait=self.wait if wait is None else wait):
            yield

    def having(self, kind: str, field: str, value: str) -> list[int]:
        """Return the ids of the records that hold `value` among the keys of `field`, in the draft at hand too."""
        if self.draft is not None:
            return self.draft.having(self.kinds[kind], field, value)
        return self.index.lookup(kind, field, value)

    # --- catching up -------------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Bring tables and index to the journal's end, under the lock; sweep what a crash left."""
        self.finish_rebuild()
        if self.index.is_replaced():
            self._reopen_index()
        position = self.index.position()
        if not self.journal.ends_at(position):
            for line, end in self.journal.read(position):
                self.apply(line, end)
                position = end
            self._cut_torn_end(position)
            if not self.journal.ends_at(position):
                raise self.journal.damage(position.file, position.n)
        self._sweep()

    def finish_rebuild(self) -> None:
        """Finish or clear away what an interrupted rebuild or forgetting left, under the lock."""
        if any(os.path.isdir(self.data / name) for name in (FORGOTTEN, FORGETTING)):
            from crm.store.forgetting import finish as finish_forgetting

            finish_forgetting(self)
        if any(os.path.isdir(self.data / name) for name in (REBUILT, PART, OLD)):
            from crm.store.rebuild import finish

            finish(self)

    def _reopen_index(self) -> None:
        """Use the index that another process has put into the place of ours."""
        from crm.store.opening import reopened

        self.index.close()
        self.index = reopened(self)

    def _cut_torn_end(self, position: Position) -> None:
        """Drop what stands behind the last whole line: a write that was never acknowledged."""
        for name in self.journal.files():
            path = self.journal.folder / name
            if name > position.file:
                path.unlink()
            elif name == position.file and path.stat().st_size > position.offset:
                os.truncate(path, position.offset)

    def _sweep(self) -> None:
        folder = self.data / "tmp"
        if folder.is_dir():
            for name in os.listdir(folder):
                (folder / name).unlink(missing_ok=True)

    def apply(self, line: Line, end: Position) -> None:
        """Bring one journal line into tables and index; applying it again changes nothing."""
        touched = self._load_touched((change.kind, change.id) for change in line.changes)
        docs = [(change.kind, change.id, _replay(touched, change)) for change in line.changes]
        self._stamp(touched, line.n)
        self._rename(self._prepare(touched))
        self._index(batches(self.kinds, docs), line, end)

    def show(self, line: Line, end: Position) -> None:
        """Bring one journal line into the index alone, where the tables may not be written."""
        known = [change for change in line.changes if change.kind in self.kinds]
        docs = [(one.kind, one.id, replayed(self.index.get(one.kind, one.id), one)) for one in known]
        self._index(batches(self.kinds, docs), line, end)

    # --- writing -----------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(
        self,
        *,
        actor: str,
        via: str,
        command: str,
        extra: Doc | None = None,
        check: Callable[[Draft], object] | None = None,
        dry_run: bool = False,
    ) -> Iterator[Draft]:
        """Draft a change set under the lock and commit it on leaving; an exception inside leaves nothing.

        `check` may refuse the whole draft before the commit. Within another `writing` the outer one commits.
        """
        if self.draft is not None:
            yield self.draft
            return
        if self._broken:
            raise self._lost()
        with self.locked(f"{actor}, {command}"):
            with disk.explained(self.data):
                self.catch_up()
            self.draft = Draft(self, actor, via, command, dict(extra or {}))
            try:
                yield self.draft
                if check is not None:
                    check(self.draft)
                if not dry_run:
                    self.commit(self.draft)
            finally:
                self.draft = None

    def commit(self, draft: Draft) -> Line | None:
        """Make a draft durable: table files beside the old ones, the journal line, then the renames and the index."""
        if draft.cleaner is not None:
            return self._forget(draft, draft.cleaner)
        last = self.index.position()
        if draft.extra.get("group") == 0:
            draft.extra["group"] = last.n + 1
        line = draft.line(last.n + 1, last.sum)
        if not line.changes and not line.events and "cursor" not in draft.extra:
            return None
        docs = list(draft.docs())
        checked = checked_batches(self.kinds, docs)
        with disk.explained(self.data):
            texts = {(batch.kind.name, row[0]): row[-1] for batch in checked for row in batch.rows}
            prepared = self._draft_tables(draft, docs, line.n, texts)
            end = self._append(line, last, texts)
        with suppress(OSError, sqlite3.Error):  # the journal holds it: whoever opens next catches up
            self._rename(prepared)
            self._index(checked, line, end)
        self.last = Written(line, last, end)
        return line

    def _forget(self, draft: Draft, cleaner: Cleaner) -> Line:
        """Make a draft durable that rewrites the past."""
        from crm.store.forgetting import commit

        with disk.explained(self.data):
            self.last = commit(self, draft, cleaner)
        return self.last.line

    def _append(self, line: Line, last: Position, texts: Texts) -> Position:
        try:
            return self.journal.append(line, last, texts=texts)
        except OSError:
            self._broken = True
            self._sweep()
            raise

    def _lost(self) -> OutsideFailed:
        return OutsideFailed(
            _("A write to the disk failed, so nothing more is written here."),
            _("Check the disk and the free space, then start the program again."),
        )

    def _draft_tables(self, draft: Draft, docs: Drafted, n: int, texts: Texts) -> list[tuple[Path, Path]]:
        touched = self._load_touched((kind, record_id) for kind, record_id, _doc in docs)
        refuse_strange(draft, touched)
        for kind, record_id, doc in docs:
            table = touched[kind, number_of(record_id)]
            if doc is None:
                table.remove(record_id)
            else:
                table.put(doc, texts.get((kind, record_id), ""))
        self._stamp(touched, n)
        try:
            return self._prepare(touched)
        except OSError:
            self._sweep()
            raise

    def _load_touched(self, refs: Iterable[tuple[str, int]]) -> Touched:
        touched: Touched = {}
        for kind, record_id in refs:
            key = (kind, number_of(record_id))
            if key not in touched:
                plural = self._plural(kind)
                if plural:
                    touched[key] = self.tables.load(plural, key[1])
                    refuse_missing(self.index, kind, touched[key])
        return touched

    def _plural(self, kind: str) -> str:
        """Return what the table of a kind is called, also while the plugin that brings it is off; empty if unknown."""
        if kind in self.kinds:
            return self.kinds[kind].plural
        return str(self.tables.noted().get(kind, {}).get("plural", ""))

    def _stamp(self, touched: Touched, n: int) -> None:
        for table in touched.values():
            table.seq = max(table.seq, n)

    def _prepare(self, touched: Touched) -> list[tuple[Path, Path]]:
        """Write the table files beside the old ones, flushed; return (written, its place) pairs."""
        folder = self.data / "tmp"
        folder.mkdir(exist_ok=True)
        prepared = []
        for (kind, number), table in touched.items():
            written = folder / f"{kind}-{number}"
            disk.write_new(written, table.dump())
            prepared.append((written, self.tables.path(table.plural, number)))
        noted = self.tables.noted_with(touched)
        if noted is not None:
            disk.write_new(folder / KINDS, noted)
            prepared.append((folder / KINDS, self.tables.folder / KINDS))
        return prepared

    def _rename(self, prepared: list[tuple[Path, Path]]) -> None:
        """Put the written files into their places, the note of kinds last: what it counts is there."""
        folders = {target.parent: None for _written, target in prepared}
        for folder in folders:
            disk.make_folder(folder)
        for written, target in prepared:
            disk.rename(written, target)
        for folder in folders:
            disk.flush_folder(folder)

    def _index(self, taken: Iterable[Batch], line: Line, end: Position) -> None:
        before = self.index.position()
        with self.index.transaction():
            for batch in taken:
                self.index.take(batch)
            for kind_name, highest in _highest(line).items():
                self.index.raise_next_id(kind_name, highest + 1)
            self.index.set_position(end)
            follow(self.index, line, before, end)


def merged(doc: Doc | None, before: Doc | None, after: Doc, rev: int) -> Doc:
    """Return a record after a change: the new values placed, what stands only in `before` cleared."""
    if doc is None or before is None:
        return {**after, "rev": rev}
    cleared = before.keys() - after.keys()
    kept = {key: value for key, value in doc.items() if key not in cleared}
    return {**kept, **after, "rev": rev}


def replayed(doc: Doc | None, change: Change) -> Doc | None:
    """Return a record after a change, None when it is gone; one that holds the change already stays as it is."""
    if doc is not None and doc["rev"] >= change.rev:
        return doc
    return None if change.after is None else merged(doc, change.before, change.after, change.rev)


def _replay(touched: Touched, change: Change) -> Doc | None:
    table = touched.get((change.kind, number_of(change.id)))
    if table is None:
        return None
    doc = replayed(table.get(change.id), change)
    if doc is None:
        table.remove(change.id)
    else:
        table.put(doc)
    return doc


def _highest(line: Line) -> dict[str, int]:
    highest: dict[str, int] = {}
    for change in line.changes:
        highest[change.kind] = max(change.id, highest.get(change.kind, 0))
    return highest
