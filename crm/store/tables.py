"""Table files: real TinyDB files of 256 records each, one record a line, rewritten one file at a time."""

from __future__ import annotations

import json
import os
import zlib
from typing import TYPE_CHECKING

from crm.errors import Damaged
from crm.locale import _
from crm.store.journal import Doc, dump

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

PER_FILE = 256
KINDS = "kinds.json"
"""The file that notes what kinds there are, whatever plugins are on."""


def number_of(record_id: int) -> int:
    """Return the number of the file that holds a record."""
    return (record_id - 1) // PER_FILE


class TableFile:
    """One table file in memory: the bytes of each record, the next free id, the journal line it is current to.

    A file that was read stays one text until someone asks for its rows: one record is changed by cutting its line.
    """

    def __init__(self, plural: str, number: int, body: bytes = b"") -> None:
        self.plural = plural
        self.number = number
        self.next = number * PER_FILE + 1
        self.seq = 0
        self._body = body
        self._rows: dict[int, bytes] = {}

    @property
    def rows(self) -> dict[int, bytes]:
        """Return the bytes of each record by its id."""
        if self._body:
            self._rows, self._body = _rows_of(self._body), b""
        return self._rows

    @rows.setter
    def rows(self, rows: dict[int, bytes]) -> None:
        self._rows, self._body = rows, b""

    def get(self, record_id: int) -> Doc | None:
        """Return a record, or None."""
        if self._body:
            start, end = _span(self._body, record_id)
            return json.loads(self._body[start:end]) if end else None
        row = self.rows.get(record_id)
        return None if row is None else json.loads(row)

    def put(self, doc: Doc, text: str = "") -> None:
        """Place a record under its id; `text` is the record as JSON where it is known."""
        record_id: int = doc["id"]
        row = (text or dump(doc)).encode()
        self.next = max(self.next, record_id + 1)
        if self._body:
            start, end = _span(self._body, record_id)
            if end:
                self._body = self._body[:start] + row + self._body[end:]
                return
        fresh = record_id not in self.rows
        self.rows[record_id] = row
        if fresh and len(self.rows) > 1 and record_id < self._last_but_one():
            self.rows = dict(sorted(self.rows.items()))

    def _last_but_one(self) -> int:
        keys = iter(reversed(self.rows))
        next(keys)
        return next(keys)

    def remove(self, record_id: int) -> None:
        """Take a record out; its id stays used."""
        self.rows.pop(record_id, None)
        self.next = max(self.next, record_id + 1)

    def dump(self) -> bytes:
        """Write the file: a checksummed head, then a line a record."""
        if self._body:
            return self.head(self._body) + self._body
        rows = b",\n".join(b'"%d": %b' % item for item in self.rows.items())
        body = b'"%b": {\n%b\n}}\n' % (self.plural.encode(), rows)
        return self.head(body) + body

    def head(self, body: bytes) -> bytes:
        """Write the first line: the checksum over everything, the next free id, the journal line."""
        crc = _crc(self.next, self.seq, body)
        return b'{"_meta": {"1": {"crc": "%08x", "next": %d, "seq": %d}},\n' % (crc, self.next, self.seq)


def _place(item: tuple[tuple[str, int], TableFile]) -> tuple[str, int]:
    return item[0]


def _crc(next_id: int, seq: int, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(b"%d %d" % (next_id, seq)))


def parse(data: bytes, plural: str, number: int) -> TableFile:
    """Read a table file; raise ValueError, saying what is wrong, when it is not as the store wrote it."""
    head, _newline, body = data.partition(b"\n")
    meta = json.loads(head[:-1] + b"}")["_meta"]["1"]
    table = TableFile(plural, number, body)
    table.next, table.seq = int(meta["next"]), int(meta["seq"])
    if table.head(body) != head + b"\n":
        raise ValueError("checksum")
    return table


def _rows_of(body: bytes) -> dict[int, bytes]:
    rows = {}
    for line in body.split(b"\n")[1:-2]:
        if line:
            key, _colon, row = line.partition(b": ")
            rows[int(key[1:-1])] = row[:-1] if row.endswith(b",") else row
    return rows


def _span(body: bytes, record_id: int) -> tuple[int, int]:
    """Return where the JSON of a record begins and ends in the text of a file, (0, 0) where it is not."""
    mark = b'\n"%d": ' % record_id
    at = body.find(mark)
    if at < 0:
        return 0, 0
    end = body.index(b"\n", at + 1)
    return at + len(mark), end - 1 if body[end - 1 : end] == b"," else end


def _is_note(about: object) -> bool:
    if not isinstance(about, dict):
        return False
    return isinstance(about.get("plural"), str) and isinstance(about.get("files"), int)


def note(kinds: Mapping[str, Doc]) -> bytes:
    """Write what is noted of the kinds, by name."""
    return dump(dict(sorted(kinds.items()))).encode() + b"\n"


class Tables:
    """The folder of table files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._counts = self._counted()

    def path(self, plural: str, number: int) -> Path:
        """Return where the file of that number stands."""
        return self.folder / plural / f"{number:05d}.json"

    def numbers(self, plural: str) -> list[int]:
        """List the file numbers of a kind."""
        try:
            names = os.listdir(self.folder / plural)
        except FileNotFoundError:
            return []
        return sorted(int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit())

    def load(self, plural: str, number: int) -> TableFile:
        """Read a file, an empty one where there is none; raise Damaged when it is not as it was written."""
        path = self.path(plural, number)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return TableFile(plural, number)
        try:
            return parse(data, plural, number)
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(
                _("A table file is damaged or was edited by hand: data/tables/{table}/{file}.").format(
                    table=plural, file=path.name
                ),
                _("Run `crm check` to see what differs, `crm check --repair` to mend it."),
            ) from error

    def noted(self) -> dict[str, Doc]:
        """Return what is known of each kind whatever plugins are on: its plural and how many files it has."""
        try:
            kinds = json.loads((self.folder / KINDS).read_bytes())
        except (OSError, ValueError):
            return {}
        return {kind: about for kind, about in kinds.items() if _is_note(about)} if isinstance(kinds, dict) else {}

    def _counted(self) -> dict[str, int]:
        return {name: kind["files"] for name, kind in self.noted().items()}

    def noted_with(self, touched: Mapping[tuple[str, int], TableFile]) -> bytes | None:
        """Return what to note when these files stand, so that a missing one is noticed; None for nothing new."""
        fresh = {name: (number + 1, table.plural) for (name, number), table in sorted(touched.items(), key=_place)}
        if self._hold(fresh):
            return None
        self._counts = self._counted()
        if self._hold(fresh):
            return None
        noted = self.noted()
        for name, (count, plural) in fresh.items():
            noted[name] = {"plural": plural, "files": max(count, self._counts.get(name, 0))}
        return note(noted)

    def _hold(self, fresh: Mapping[str, tuple[int, str]]) -> bool:
        return all(self._counts.get(name, 0) >= count for name, (count, _plural) in fresh.items())

    def newest_besides(self, plurals: Collection[str]) -> int:
        """Return the newest journal line that a table of another kind knows, of one whose plugin is off."""
        others = {about["plural"] for about in self.noted().values()} - set(plurals)
        return max((self._seq(plural, number) for plural in others for number in self.numbers(plural)), default=0)

    def _seq(self, plural: str, number: int) -> int:
        try:
            with open(self.path(plural, number), "rb") as file:
                return int(json.loads(file.readline()[:-2] + b"}")["_meta"]["1"]["seq"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def each(self, plural: str) -> Iterator[TableFile]:
        """Yield every file of a kind in order."""
        for number in self.numbers(plural):
            yield self.load(plural, number)
