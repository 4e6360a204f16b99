"""A survey of a store: everything on its disk held against the journal. Nothing is changed; mending is `repair.py`."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from typing import TYPE_CHECKING, Any

from crm.locale import _
from crm.store import identity
from crm.store.check_index import compare_index
from crm.store.check_tables import compare, sound
from crm.store.damage import Scan
from crm.store.findings import Finding
from crm.store.replay import Replay, plurals
from crm.store.tables import KINDS, TableFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.store.commit import Store
    from crm.store.damage import Stretch
    from crm.store.findings import HandEdit

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\.jsonl")
_HASHED = re.compile(r"([0-9a-f]{64})(\..*)?")
_CHUNK = 1 << 20


class Survey:
    """What is wrong in a store; taken under the writer's lock.

    `findings` lists it; the other attributes say what a repair has to do.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.findings: list[Finding] = []
        self.edits: list[HandEdit] = []
        self.spoilt: list[tuple[str, int]] = []
        self.index_differs = False
        self.kinds_differ = False
        self.delivery_differs = False
        self.scan = Scan(store.journal)
        self.replay = Replay()
        self.replay.run(self.scan.lines())
        known = {*store.kinds, *self.replay.kinds()}
        self.plurals = {kind: plural for kind, plural in plurals(store).items() if kind in known}
        self.scan.finish(self._known())

    def close(self) -> None:
        """Forget the replay."""
        self.replay.close()

    def __enter__(self) -> Survey:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def take(self) -> Survey:
        """Look at everything."""
        self._look_at_journal()
        self._look_at_tables()
        self._look_at_index()
        self._look_at_delivery()
        self._look_at_files()
        self._look_at_identity()
        return self

    # --- the journal -------------------------------------------------------------------------------------------------

    def _known(self) -> int:
        """Return the newest change that tables or index know to have been made."""
        return max([self._known_by_index(), *self._known_by_tables()])

    def _known_by_tables(self) -> Iterator[int]:
        for plural, number, data in self.files():
            seq = re.search(rb'"seq": (\d{1,15})\}', data[:200])
            if seq is not None and int(seq[1]) > self.scan.position.n and sound(data, TableFile(plural, number)):
                yield int(seq[1])

    def _known_by_index(self) -> int:
        """Return the number that the index is current to, unless the journal has every byte that it had then."""
        try:
            position = self.store.index.position()
        except (sqlite3.DatabaseError, ValueError, TypeError):
            return 0
        end = self.scan.end
        is_behind = self.scan.is_open or (position.file, position.offset) > (end.file, end.offset)
        return position.n if is_behind else 0

    def files(self) -> Iterator[tuple[str, int, bytes]]:
        """Yield plural, number and bytes of every table file there is."""
        for plural in sorted(set(self.plurals.values())):
            for number in self.store.tables.numbers(plural):
                yield plural, number, self.store.tables.path(plural, number).read_bytes()

    def _look_at_journal(self) -> None:
        folder = self.store.journal.folder
        for name in sorted(os.listdir(folder)) if folder.is_dir() else ():
            if not _MONTH.fullmatch(name):
                self._find(f"journal/{name}", 0, _("The name is not a month: it is not read."), fixable=False)
        for name in self.scan.misplaced:
            self._find(f"journal/{name}", 0, _("It holds changes of a later month."), fixable=False)
        for stretch in self.scan.stretches:
            self._look_at_stretch(stretch, known=stretch in self.scan.stated)
        if self.scan.torn is not None:
            what = _("The end of a write that was never acknowledged; the next change removes it.")
            self._find(f"journal/{self.scan.torn.file}", self.scan.torn.line, what, note=True)

    def _look_at_stretch(self, stretch: Stretch, *, known: bool) -> None:
        lost = _listed(stretch)
        if known:
            what = _("Known damage, mended; lost from the history: {changes}.").format(changes=lost)
        elif self.month_is_missing(stretch):
            what = _("A month of the journal is missing: {changes}.").format(changes=lost)
        elif stretch.size:
            what = _("The line is damaged; lost from the history: {changes}.").format(changes=lost)
        else:
            what = _("Lines are missing; lost from the history: {changes}.").format(changes=lost)
        fixable = known or not self.month_is_missing(stretch)
        self._find(f"journal/{stretch.file}".rstrip("/"), stretch.line, what, fixable=fixable, note=known)

    def month_is_missing(self, stretch: Stretch) -> bool:
        """Tell whether a whole file is gone rather than lines of one: then only a backup helps."""
        names = self.store.journal.files()
        if stretch.size or stretch.last < stretch.first:
            return False
        if not names:
            return True
        first, last = self._months()
        if stretch.offset == 0:
            before = names.index(stretch.file) - 1
            return first < stretch.file[:7] if before < 0 else _months_apart(names[before], stretch.file) > 1
        return stretch.file == names[-1] and stretch.last >= self.scan.end.n and last > stretch.file[:7]

    def _months(self) -> tuple[str, str]:
        """Return the months of the first and the last change that the tables know of."""
        first, last = "9999-99", ""
        for plural, number, data in self.files():
            table = sound(data, TableFile(plural, number))
            for record_id in table.rows if table else ():
                doc = (table.get(record_id) if table else None) or {}
                first = min(first, str(doc.get("created", first))[:7])
                last = max(last, str(doc.get("updated", last))[:7])
        return first, last

    # --- the tables --------------------------------------------------------------------------------------------------

    def _look_at_tables(self) -> None:
        for kind, plural in sorted(self.plurals.items()):
            present, wanted = self.store.tables.numbers(plural), self.replay.numbers(kind)
            for number in sorted({*present, *wanted}):
                self._look_at_table(kind, plural, number)
        for kind in self.replay.kinds():
            if kind not in self.plurals:
                what = _("No plugin knows records of the kind «{kind}»: they were not checked.").format(kind=kind)
                self._find("tables", 0, what, note=True)
        if not self.scan.unknown:
            self._look_at_kinds()

    def _look_at_table(self, kind: str, plural: str, number: int) -> None:
        path = self.store.tables.path(plural, number)
        data = path.read_bytes() if path.exists() else None
        file = f"data/tables/{plural}/{path.name}"
        if self.scan.unknown:
            if data is None or sound(data, TableFile(plural, number)) is None:
                self._find(f"tables/{plural}/{path.name}", 0, _("The file is damaged, missing or edited by hand."))
            return
        wanted = self.replay.table(kind, plural, number)
        report = compare(file, data, wanted, kind, self.store.kinds.get(kind))
        if report.findings:
            self.spoilt.append((kind, number))
            self.findings += report.findings
            self.edits += report.edits

    def _look_at_kinds(self) -> None:
        path = self.store.tables.folder / KINDS
        wanted = self.replay.noted(self.plurals)
        if (path.read_bytes() if path.exists() else b"{}\n") != wanted:
            self.kinds_differ = True
            self._find(f"tables/{KINDS}", 0, _("The note of the kinds is not as it was written."))

    # --- the rest ----------------------------------------------------------------------------------------------------

    def _look_at_index(self) -> None:
        if self.scan.unknown or not os.access(self.store.data, os.W_OK):
            return
        what = compare_index(self.store, self.replay, self.scan.position)
        if what:
            self.index_differs = True
            self._find("cache/index.sqlite", 0, what)

    def _look_at_delivery(self) -> None:
        try:
            state = json.loads((self.store.data / "delivery.json").read_bytes())
            fits = {"position", "cursors", "failures", "parked"} <= state.keys() and self._stands(state["position"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, AttributeError):
            fits = False
        if not fits:
            self.delivery_differs = True
            self._find("delivery.json", 0, _("What plugins have heard cannot be read."))

    def _stands(self, position: list[Any]) -> bool:
        """Tell whether a note of a place in the journal is right; while the journal is damaged any may be."""
        if self.scan.unknown or position[0] == 0:
            return True
        found = self.store.journal.find(position[0])
        return found is not None and list(found[:4]) == position[:4]

    def _look_at_identity(self) -> None:
        if (self.store.data / "format").exists() and not identity.read(self.store.data):
            self._find(identity.FILE, 0, identity.lost(), fixable=False)

    def _look_at_files(self) -> None:
        """Look at the attachments: each is named by the SHA-256 of its bytes."""
        root = self.store.data / "files"
        for folder, _folders, names in os.walk(root):
            for name in sorted(names):
                match = _HASHED.fullmatch(name)
                path = os.path.join(folder, name)
                if match and _sha256(path) != match[1]:
                    shown = os.path.relpath(path, self.store.data).replace(os.sep, "/")
                    self._find(shown, 0, _("The file is damaged: its bytes do not fit its name."), fixable=False)

    def _find(self, file: str, line: int, what: str, *, fixable: bool = True, note: bool = False) -> None:
        self.findings.append(Finding(f"data/{file}", line, "", what, fixable, note))


def _listed(stretch: Stretch) -> str:
    if stretch.last < stretch.first:
        return _("nothing")
    if stretch.first == stretch.last:
        return _("change {n}").format(n=stretch.first)
    return _("changes {first} to {last}").format(first=stretch.first, last=stretch.last)


def _months_apart(one: str, other: str) -> int:
    months = [int(name[:4]) * 12 + int(name[5:7]) for name in (one, other) if _MONTH.fullmatch(name)]
    return months[-1] - months[0] if len(months) == 2 else 0


def _sha256(path: str) -> str:
    from hashlib import sha256

    digest = sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
