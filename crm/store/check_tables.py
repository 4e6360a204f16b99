"""Checking one table file against the records as they have to be: what is damaged, and what was edited by hand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from crm.locale import _
from crm.store.findings import Finding, HandEdit
from crm.store.journal import Doc, dump
from crm.store.tables import TableFile, number_of, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.store.schema import Kind

_ROW = re.compile(rb'\s*"(\d{1,16})"\s*:\s*(\{.*\})\s*,?\s*')
_FRAME = 2
"""Lines before the first record."""
_KEPT = ("id", "created")
"""Fields that nobody changes by hand."""


class FileReport(NamedTuple):
    """What is wrong with a table file, and the edits in it that can be adopted; no findings: it is as it has to be."""

    findings: list[Finding]
    edits: list[HandEdit]


class _Row(NamedTuple):
    """A record as it stands in the file; no `doc`: the line cannot be read."""

    line: int
    id: int
    doc: Doc | None


def compare(file: str, data: bytes | None, wanted: TableFile, kind_name: str, kind: Kind | None) -> FileReport:
    """Compare the bytes of a table file (None: there is no file) with what it has to hold."""
    if data is None:
        what = _("The file is missing; it holds {n} records.").format(n=len(wanted.rows))
        return FileReport([Finding(file, 0, "", what)], [])
    if data == wanted.dump():
        return FileReport([], [])
    present = sound(data, wanted)
    if present is not None and _is_same(present, wanted):
        return FileReport([], [])
    report = _Comparison(file, wanted, kind_name, kind, whole=present is not None)
    return report.of(rows(data, wanted.number))


def sound(data: bytes, like: TableFile) -> TableFile | None:
    """Read a table file whose checksum holds, None for another."""
    try:
        return parse(data, like.plural, like.number)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_same(one: TableFile, other: TableFile) -> bool:
    """Tell whether two files hold the same, though the order of fields may differ."""
    heads_agree = (one.next, one.seq) == (other.next, other.seq) and list(one.rows) == list(other.rows)
    return heads_agree and all(one.get(record_id) == other.get(record_id) for record_id in one.rows)


def rows(data: bytes, number: int) -> list[_Row]:
    """Read what can be read of a table file, line by line, or as a whole where somebody laid it out anew."""
    numbered = enumerate(data.split(b"\n")[_FRAME:], _FRAME + 1)
    lines = [_row(n, raw, number) for n, raw in numbered if raw.strip() not in (b"", b"}}")]
    if lines and all(row.doc is not None for row in lines):
        return lines
    try:
        tables = json.loads(data)
        found = [(int(key), doc) for name, table in tables.items() if name != "_meta" for key, doc in table.items()]
    except (ValueError, AttributeError):
        return lines
    return [_Row(0, key, doc if _fits(key, doc, number) else None) for key, doc in found]


def _row(n: int, raw: bytes, number: int) -> _Row:
    match = _ROW.fullmatch(raw)
    try:
        doc = json.loads(match[2]) if match else None
    except ValueError:
        doc = None
    record_id = int(match[1]) if match else 0
    return _Row(n, record_id, doc if _fits(record_id, doc, number) else None)


def _fits(record_id: int, doc: object, number: int) -> bool:
    """Tell whether a record stands under its own id and in the right file."""
    if not isinstance(doc, dict) or record_id < 1 or number_of(record_id) != number:
        return False
    return type(doc.get("id")) is int and doc["id"] == record_id and type(doc.get("rev", 1)) is int


class _Comparison:
    """One table file against the records that it has to hold."""

    def __init__(self, file: str, wanted: TableFile, kind_name: str, kind: Kind | None, *, whole: bool) -> None:
        self.file = file
        self.wanted = wanted
        self.kind_name = kind_name
        self.kind = kind
        self.whole = whole
        self.findings: list[Finding] = []
        self.edits: list[HandEdit] = []

    def of(self, present: list[_Row]) -> FileReport:
        """Compare the rows of the file."""
        for row in present:
            if row.doc is None:
                self._note(row.line, row.id, _("The record cannot be read."))
            else:
                self._compare(row, row.doc)
        for record_id in self.wanted.rows.keys() - {row.id for row in present}:
            self._note(0, record_id, _("The record is missing."))
        if not self.findings:
            self._note(1, 0, _("The file is not as it was written, though its records are."))
        return FileReport(self.findings, self.edits)

    def _note(self, line: int, record_id: int, what: str, *, by_hand: bool = False) -> None:
        known = record_id > 0 and number_of(record_id) == self.wanted.number
        ref = f"{self.kind_name}/{record_id}" if known else ""
        self.findings.append(Finding(self.file, line, ref, what, by_hand=by_hand))

    def _compare(self, row: _Row, doc: Doc) -> None:
        wanted = self.wanted.get(row.id)
        if wanted is None:
            self._stray(row, doc)
        elif doc != wanted:
            self._changed(row, doc, wanted)

    def _stray(self, row: _Row, doc: Doc) -> None:
        if row.id < self.wanted.next or self.whole:
            self._note(row.line, row.id, _("The journal has no such record."))
            return
        self._note(row.line, row.id, _("The record was added by hand."), by_hand=True)
        self._offer(row, {key: value for key, value in doc.items() if key not in ("id", "rev")}, 0)

    def _changed(self, row: _Row, doc: Doc, wanted: Doc) -> None:
        fields = dict(_differences(doc, wanted))
        if self.whole and doc.get("rev") != wanted["rev"]:
            what = _("Revision {theirs} stands here, the journal has {ours}.")
            self._note(row.line, row.id, what.format(theirs=doc.get("rev"), ours=wanted["rev"]))
        elif doc.get("rev") != wanted["rev"] or fields.keys() & set(_KEPT):
            self._note(
                row.line,
                row.id,
                _("A field that only the program writes was changed: {list}.").format(
                    list=_listed({"rev": doc.get("rev"), **fields}, wanted)
                ),
            )
        else:
            self._note(row.line, row.id, _("Edited by hand: {list}").format(list=_listed(fields, wanted)), by_hand=True)
            self._offer(row, fields, wanted["rev"])

    def _offer(self, row: _Row, fields: Doc, rev: int) -> None:
        """Keep an edit of a kind that is known here."""
        if self.kind is not None:
            self.edits.append(HandEdit(self.kind_name, row.id, rev, fields))


def _differences(doc: Doc, wanted: Doc) -> Iterator[tuple[str, object]]:
    for key in [*wanted, *(key for key in doc if key not in wanted)]:
        if key != "rev" and doc.get(key) != wanted.get(key):
            yield key, doc.get(key)


def _listed(fields: Doc, wanted: Doc) -> str:
    """Write differences as `amount: 100 → 200; source: — → site`."""
    changed = ((key, wanted.get(key), value) for key, value in fields.items() if wanted.get(key) != value)
    return "; ".join(f"{key}: {_short(old)} → {_short(new)}" for key, old, new in changed)


def _short(value: object) -> str:
    text = "—" if value is None else value if isinstance(value, str) else dump(value)
    return text if len(text) <= 60 else text[:60] + "…"
