"""An import: the rows of a file become records, a thousand a change set, all of them undone as one.

A bad row is told by its line and leaves nothing; the good ones stay. Reading files is in `import_rows.py`, the map in
`import_map.py`, values in `import_values.py`, finding what is there already in `import_match.py`.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from crm.errors import CrmError, Refused, WrongUsage
from crm.locale import _
from crm.model.field_lists import ManyOf
from crm.sales.import_map import MODES, Plan, guess_noun, with_guesses
from crm.sales.import_match import Matcher
from crm.sales.import_rows import Row, open_sheet
from crm.sales.import_values import Reader
from crm.store import history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crm.model.fields import Doc
    from crm.sales.desk import Desk
    from crm.sales.noun import Noun
    from crm.store.draft import Draft

BATCH = 1000
"""Rows that one change set takes in."""


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


class Import:
    """One file on its way into a workspace; `file` can seek."""

    def __init__(self, crm: Desk, file: IO[bytes], name: str, plan: Plan) -> None:
        self.crm = crm
        self.file = file
        self.file_name = name
        self.sheet = open_sheet(file, encoding=plan.encoding, delimiter=plan.delimiter)
        self.noun: Noun = crm.collection(plan.into or guess_noun(crm, name)).noun
        self.plan = with_guesses(plan, self.noun, self.sheet.headers)
        if self.plan.way not in MODES:
            raise WrongUsage(_("--mode is one of: {options}.").format(options=", ".join(MODES)))
        if self.plan.way == "update" and not self.plan.match:
            raise WrongUsage(
                _("Nothing says which records to update."), _("Name the fields that find them: --match phone,email.")
            )

    @property
    def ignored(self) -> list[str]:
        """Return the headers that mean nothing here."""
        return [header for header, targets in self.plan.columns.items() if not targets and header]

    def preview(self, limit: int = 3) -> list[tuple[int, Doc]]:
        """Return the first rows as they would be taken: (line, fields); nothing is written, the file is read anew."""
        found = []
        reader = Reader(self.crm, self.noun, self.plan, self.sheet.headers)
        with suppress(_Dropped), self.crm.writing("import") as draft:
            for row in islice(self.sheet.rows, limit):
                with suppress(CrmError):
                    found.append((row.line, reader.read(row, draft)))
            raise _Dropped
        self.sheet = open_sheet(self.file, encoding=self.plan.encoding, delimiter=self.plan.delimiter)
        return found

    def run(self, watcher: Watcher | None = None) -> Outcome:
        """Take in every row; with the workspace's `dry_run` nothing stays."""
        return _Run(self, watcher or Watcher()).run()

    def digest(self) -> str:
        """Return what names this very import: the bytes of the file and what its columns mean."""
        self.file.seek(0)
        summed = blake2b(repr((self.noun.name, self.plan)).encode(), digest_size=16)
        while chunk := self.file.read(1 << 20):
            summed.update(chunk)
        return summed.hexdigest()


class _Dropped(Exception):
    """Leaves a draft without committing it."""


class _Run:
    """The rows of one import being taken in."""

    def __init__(self, asked: Import, watcher: Watcher) -> None:
        self.crm = asked.crm
        self.asked = asked
        self.watcher = watcher
        self.plan = asked.plan
        self.records = asked.crm.collection(asked.noun.name)
        self.digest = "" if self.plan.match else asked.digest()
        self.done_to = already_in(self.crm, self.digest) if self.digest else 0
        asked.sheet = open_sheet(asked.file, encoding=self.plan.encoding, delimiter=self.plan.delimiter)
        self.reader = Reader(asked.crm, asked.noun, self.plan, asked.sheet.headers)
        self.matcher = Matcher(asked.crm, asked.noun, self.plan.match)
        self.total = Outcome()
        self.bad: list[Bad] = []

    def run(self) -> Outcome:
        """Take in every row."""
        if self.plan.way == "create":
            self.crm.guard.check("create", self.asked.noun.name, None)
        with ExitStack() as stack:
            if self.crm.dry_run:
                stack.enter_context(self.crm.writing("import"))
            for rows in _batches(self._new_rows(), BATCH):
                self._take_batch(rows)
                self.watcher.on_progress(self.asked.sheet.fraction, self.total)
        return self.total

    def _new_rows(self) -> Iterator[Row]:
        """Yield the rows that the same import has not taken in before: it goes on where it was interrupted."""
        for row in self.asked.sheet.rows:
            if row.line > self.done_to:
                yield row
            else:
                self.total.passed += 1

    def _take_batch(self, rows: list[Row]) -> None:
        """Take in rows as one change set; where rights or a plugin refuse the whole, one by one."""
        done, self.bad = Outcome(), []
        try:
            self._write(rows, done)
        except Refused as error:
            self.reader.links.forget_added()
            if len(rows) > 1:
                for row in rows:
                    self._take_batch([row])
                return
            done, self.bad = Outcome(bad=1, line=rows[0].line), [Bad(rows[0].line, str(error), rows[0].cells)]
        self.reader.links.added.clear()
        self.total.add(done)
        for bad in self.bad:
            self.watcher.on_bad(bad)

    def _write(self, rows: list[Row], done: Outcome) -> None:
        note = {"file": self.asked.file_name, "digest": self.digest, "line": rows[-1].line}
        with self.crm.writing("import", group=self.total.number, note=note) as draft:
            for row in rows:
                self._take(draft, row, done)
            done.linked = len(self.reader.links.added)
            done.line = rows[-1].line
        if done.created or done.updated:
            self.total.number = self.total.number or draft.extra.get("group", 0)

    def _take(self, draft: Draft, row: Row, done: Outcome) -> None:
        added = len(self.reader.links.added)
        try:
            with draft.attempt():
                self._place(draft, row, done)
        except CrmError as error:
            self.reader.links.forget_added(added)
            done.bad += 1
            self.bad.append(Bad(row.line, str(error), row.cells))

    def _place(self, draft: Draft, row: Row, done: Outcome) -> None:
        fields = self.reader.read(row, draft)
        stored = self.matcher.find(fields) if self.plan.match else None
        fields = {name: value for name, value in fields.items() if name[0] != "*"}
        if stored is None:
            if self.plan.way == "update":
                done.passed += 1
                return
            self.matcher.note(self.records.add_historic(draft, fields).doc)
            done.created += 1
        elif self.plan.way == "create":
            done.passed += 1
        else:
            self._update(draft, stored, fields, done)

    def _update(self, draft: Draft, stored: Doc, fields: Doc, done: Outcome) -> None:
        changed = {
            name: value for name, value in self._together(stored, fields).items() if stored.get(name) != value
        }
        if not changed:
            done.unchanged += 1
            return
        self.records.change_historic(draft, stored, changed)
        self.matcher.note(self.records.doc(stored["id"]))
        done.updated += 1

    def _together(self, stored: Doc, fields: Doc) -> Doc:
        """Return the fields of a row with what a list or a field with parts had before: a file takes nothing away."""
        joined: Doc = {}
        for name, value in fields.items():
            before = stored.get(name)
            if isinstance(before, dict) and isinstance(value, dict) and not value.keys() == {"amount", "currency"}:
                value = {**before, **value}
            elif isinstance(before, list) and isinstance(self.asked.noun.fields.get(name), ManyOf):
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


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


__all__ = ["BATCH", "Bad", "Import", "Outcome", "Watcher", "already_in"]
