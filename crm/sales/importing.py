"""An import: the rows of a file become records, a thousand a change set, all of them undone as one.

A bad row is told by its line and leaves nothing; the good ones stay. Reading files is in `import_rows.py`, the map in
`import_map.py`, values in `import_values.py`, finding what is there already in `import_match.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from crm.errors import CrmError, ReadOnly, Refused, WrongUsage
from crm.locale import _
from crm.model.field_lists import ManyOf
from crm.sales.collection import Collection
from crm.sales.import_map import MODES, Plan, guess_noun, known_headers, with_guesses
from crm.sales.import_match import Matcher
from crm.sales.import_rows import Row, Sheet, open_sheet
from crm.sales.import_values import Links, Reader
from crm.store import history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.sales.desk import Desk
    from crm.sales.noun import Noun
    from crm.store.draft import Draft

BATCH = 1024
"""Rows that one change set takes in: of new records, four table files."""


@dataclass(frozen=True)
class Bad:
    """A row that was left out: its line in the file, why, and its cells."""

    line: int
    reason: str
    cells: list[Any]


@dataclass
class Outcome:
    """What an import did, in numbers of records; `passed` rows were there already or were not asked for.

    `line` is the last line of the file that was taken in, `number` the change set that an undo may name.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    passed: int = 0
    linked: int = 0
    bad: int = 0
    number: int = 0
    line: int = 0

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return self.created + self.updated + self.unchanged + self.passed + self.bad

    def add(self, other: Outcome) -> None:
        """Add the numbers of a batch."""
        for name in ("created", "updated", "unchanged", "passed", "linked", "bad"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.line = max(self.line, other.line)


@dataclass
class Watcher:
    """Who follows an import: told of each bad row, and of the part that is done (0 to 1) after each batch."""

    on_bad: Callable[[Bad], None] = field(default=lambda _bad: None)
    on_progress: Callable[[float, Outcome], None] = field(default=lambda _part, _outcome: None)


class Lane(NamedTuple):
    """How rows of one kind are taken in: the records they become, their reader, and how they find what is there."""

    records: Collection[Any]
    reader: Reader
    matcher: Matcher | None


Brought = Callable[[bytes], Iterable[tuple[str, int, Mapping[str, Any]]]]
"""A plugin's format: the bytes of a file as (noun, line, values by field) of each record."""


class Import:
    """One file on its way into a workspace; `file` can seek. `brought` reads a plugin's format."""

    def __init__(self, crm: Desk, file: IO[bytes], name: str, plan: Plan, *, brought: Brought | None = None) -> None:
        self.crm = crm
        self.file = file
        self.file_name = name
        self.plan = plan
        self.brought = brought
        self.links = Links(crm)
        self.headers: list[str] = []
        self._check_mode()
        if brought is None:
            noun = crm.collection(plan.into or guess_noun(crm, name)).noun
            self.sheet = self._open()
            self.headers = self.sheet.headers
            self.plan = with_guesses(replace(plan, into=noun.name), noun, self.headers)

    def _check_mode(self) -> None:
        if self.plan.way not in MODES:
            raise WrongUsage(_("--mode is one of: {options}.").format(options=", ".join(MODES)))
        if self.plan.way == "update" and not self.plan.match:
            raise WrongUsage(
                _("Nothing says which records to update."), _("Name the fields that find them: --match phone,email.")
            )

    def _open(self) -> Sheet:
        return open_sheet(self.file, encoding=self.plan.encoding, delimiter=self.plan.delimiter)

    @property
    def ignored(self) -> list[str]:
        """Return the headers that mean nothing here."""
        return [header for header, targets in self.plan.columns.items() if not targets and header]

    @property
    def fraction(self) -> float:
        """Return how much of the file was read, from 0 to 1."""
        return self.sheet.fraction if self.brought is None else 1.0

    def entries(self) -> Iterator[tuple[Lane, Row]]:
        """Yield every row with the lane that takes it in."""
        if self.brought is None:
            self.sheet = self._open()
            lane = self._lane(self.plan, self.headers)
            yield from ((lane, row) for row in self.sheet.rows)
            return
        self.file.seek(0)
        lanes: dict[tuple[str, ...], Lane] = {}
        for noun, line, values in self.brought(self.file.read()):
            key = (noun, *values)
            if key not in lanes:
                lanes[key] = self._brought_lane(noun, list(values))
            yield lanes[key], Row(line, list(values.values()))

    def _lane(self, plan: Plan, headers: list[str]) -> Lane:
        records = self.crm.collection(plan.into)
        reader = Reader(self.crm, records.noun, plan, headers, self.links)
        return Lane(records, reader, Matcher(self.crm, records.noun, plan.match) if plan.match else None)

    def _brought_lane(self, name: str, headers: list[str]) -> Lane:
        """Return the lane of a plugin's rows: links are found by name, and added where they are missing."""
        noun = self.crm.collection(name).noun
        known = with_guesses(Plan(), noun, headers).columns
        columns = {header: tuple(replace(one, create=True) for one in targets) for header, targets in known.items()}
        match = tuple(one for one in self.plan.match if one in noun.fields or one in known_headers(noun))
        return self._lane(replace(self.plan, into=noun.name, match=match, columns=columns), headers)

    def preview(self, limit: int = 3) -> list[tuple[int, Doc]]:
        """Return the first rows as they would be taken, (line, fields); nothing is written."""
        found: list[tuple[int, Doc]] = []
        with suppress(_Dropped), self.crm.writing("import") as draft:
            for lane, row in islice(self.entries(), limit):
                with suppress(CrmError):
                    found.append((row.line, lane.reader.read(row, draft)))
            raise _Dropped
        self.links = Links(self.crm)
        return found

    def run(self, watcher: Watcher | None = None) -> Outcome:
        """Take in every row; with the workspace's `dry_run` nothing stays."""
        return _Run(self, watcher or Watcher()).run()

    def digest(self) -> str:
        """Return what names this very import: the bytes of the file and what its columns mean."""
        self.file.seek(0)
        summed = blake2b(repr(self.plan).encode(), digest_size=16)
        while chunk := self.file.read(1 << 20):
            summed.update(chunk)
        return summed.hexdigest()


class _Dropped(Exception):
    """Leaves a draft without committing it."""


Entry = tuple[Lane, Row]


class _Run:
    """The rows of one import being taken in."""

    def __init__(self, asked: Import, watcher: Watcher) -> None:
        self.crm = asked.crm
        self.asked = asked
        self.links = asked.links
        self.watcher = watcher
        self.way = asked.plan.way
        self.digest = "" if asked.plan.match else asked.digest()
        self.done_to = already_in(self.crm, self.digest) if self.digest else 0
        self.total = Outcome()
        self.bad: list[Bad] = []

    def run(self) -> Outcome:
        """Take in every row."""
        if self.way == "create" and self.asked.plan.into:
            self.crm.guard.check("create", self.asked.plan.into, None)
        with ExitStack() as stack:
            if self.crm.dry_run:
                stack.enter_context(self.crm.writing("import"))
            stack.enter_context(self.crm.store.index.filling())
            for entries in _batches(self._new_rows(), BATCH):
                self._take_batch(entries)
                self.watcher.on_progress(self.asked.fraction, self.total)
        return self.total

    def _new_rows(self) -> Iterator[Entry]:
        """Yield the rows that the same import has not taken in before: it goes on where it was interrupted."""
        for lane, row in self.asked.entries():
            if row.line > self.done_to:
                yield lane, row
            else:
                self.total.passed += 1

    def _take_batch(self, entries: list[Entry]) -> None:
        """Take in rows as one change set; where rights or a plugin refuse the whole, one by one."""
        done, self.bad = Outcome(), []
        try:
            self._write(entries, done)
        except ReadOnly:
            raise
        except Refused as error:
            self.links.forget_added()
            if len(entries) > 1:
                for entry in entries:
                    self._take_batch([entry])
                return
            row = entries[0][1]
            done, self.bad = Outcome(bad=1, line=row.line), [Bad(row.line, str(error), row.cells)]
        self.links.added.clear()
        self.total.add(done)
        for bad in self.bad:
            self.watcher.on_bad(bad)

    def _write(self, entries: list[Entry], done: Outcome) -> None:
        done.line = entries[-1][1].line
        note = {"file": self.asked.file_name, "digest": self.digest, "line": done.line}
        with self.crm.writing("import", group=self.total.number, note=note) as draft:
            for lane, row in entries:
                self._take(draft, lane, row, done)
            done.linked = len(self.links.added)
        if done.created or done.updated:
            self.total.number = self.total.number or draft.extra.get("group", 0)

    def _take(self, draft: Draft, lane: Lane, row: Row, done: Outcome) -> None:
        added = len(self.links.added)
        mark = draft.mark()
        try:
            self._place(draft, lane, row, done)
        except CrmError as error:
            draft.go_back(mark)
            self.links.forget_added(added)
            done.bad += 1
            self.bad.append(Bad(row.line, str(error), row.cells))

    def _place(self, draft: Draft, lane: Lane, row: Row, done: Outcome) -> None:
        fields = lane.reader.read(row, draft)
        stored = lane.matcher.find(fields) if lane.matcher else None
        fields = {name: value for name, value in fields.items() if name[0] != "*"}
        if stored is None and self.way != "update":
            made = lane.records.add_historic(draft, fields)
            if lane.matcher:
                lane.matcher.note(made.doc)
            done.created += 1
        elif stored is None or self.way == "create":
            done.passed += 1
        elif self._update(draft, lane, stored, fields):
            done.updated += 1
        else:
            done.unchanged += 1

    def _update(self, draft: Draft, lane: Lane, stored: Doc, fields: Doc) -> bool:
        together = _together(lane.records.noun, stored, fields)
        changed = {name: value for name, value in together.items() if stored.get(name) != value}
        if not changed:
            return False
        lane.records.change_historic(draft, stored, changed)
        if lane.matcher:
            lane.matcher.note(lane.records.doc(stored["id"]))
        return True


def _together(noun: Noun, stored: Doc, fields: Doc) -> Doc:
    """Return the fields of a row with what a list or a field with parts had before: a file takes nothing away."""
    joined: Doc = {}
    for name, value in fields.items():
        before = stored.get(name)
        if isinstance(before, dict) and isinstance(value, dict) and value.keys() != {"amount", "currency"}:
            value = {**before, **value}
        elif isinstance(before, list) and isinstance(noun.fields.get(name), ManyOf):
            value = [*before, *(one for one in value if one not in before)]
        joined[name] = value
    return joined


def already_in(crm: Desk, digest: str) -> int:
    """Return the last line of a file that this very import has taken in before, 0 when it was undone or never made."""
    for line in history.first_of_groups(crm.store, "import"):
        made = next((change for change in line.changes if change.before is None), None)
        note = line.extra.get("note")
        if made is None or not isinstance(note, dict) or note.get("digest") != digest:
            continue
        if crm.doc(made.kind, made.id) is not None:
            last = history.line(crm.store, history.group_of(crm.store, line.n)[-1])
            return int(last.extra["note"]["line"]) if last else 0
    return 0


def _batches(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    remaining = iter(entries)
    while batch := list(islice(remaining, size)):
        yield batch


__all__ = ["BATCH", "Bad", "Import", "Outcome", "Watcher", "already_in"]
