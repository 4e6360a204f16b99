"""Rows of a file: CSV with its encoding and delimiter found by content, JSON lines, sheets of XLSX.

What the columns mean is in `import_map.py`.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE = 1 << 16
_LONGEST_CELL = 1 << 24
_DELIMITERS = ",;\t|"
_XLSX = b"PK\x03\x04"
ENCODINGS = ("utf-8", "utf-8-sig", "cp1251", "utf-16")


class Row(NamedTuple):
    """One row: the number of its first line in the file, its cells in the order of the headers, why it is not one."""

    line: int
    cells: list[Any]
    wrong: str = ""


class Sheet:
    """An open file of rows; `fraction` tells how much of it was read."""

    def __init__(self, headers: list[str], rows: Iterator[Row], file: IO[bytes], size: int) -> None:
        self.headers = headers
        self.rows = rows
        self._file = file
        self._size = size

    @property
    def fraction(self) -> float:
        """Return how much of the file was read, from 0 to 1."""
        return min(1.0, self._file.tell() / self._size) if self._size else 1.0


def open_sheet(file: IO[bytes], *, encoding: str = "", delimiter: str = "") -> Sheet:
    """Open a file that can seek; raise InvalidValue when it is empty or not readable as text."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(_SAMPLE)
    if not head.strip():
        raise InvalidValue(_("The file is empty."))
    file.seek(0)
    if head.startswith(_XLSX):
        return _open_xlsx(file, size)
    found = encoding or encoding_of(file, head)
    file.seek(0)
    if head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{" and not delimiter:
        return Sheet(_json_headers(file), _json_rows(file), file, size)
    return _open_csv(file, size, found, delimiter)


# --- CSV -------------------------------------------------------------------------------------------------------------


def encoding_of(file: IO[bytes], head: bytes) -> str:
    """Return the encoding of a text: by its byte order mark, its zeros, its being UTF-8; else cp1251."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    return "utf-8" if _is_utf8(file) else "cp1251"


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _open_csv(file: IO[bytes], size: int, encoding: str, delimiter: str) -> Sheet:
    try:
        sample = _sample(file, encoding)
    except LookupError:
        raise InvalidValue(
            _("There is no encoding «{name}».").format(name=encoding),
            _("Known: {names}.").format(names=", ".join(ENCODINGS)),
        ) from None
    csv.field_size_limit(min(_LONGEST_CELL, sys.maxsize))
    text = _Text(file, encoding=encoding, newline="")
    named = re.match(r'"?sep=(.)"?\r?\n', sample)
    if named:
        text.readline()
    chosen = delimiter or (named[1] if named else delimiter_of(sample))
    if len(chosen) != 1:
        raise InvalidValue(_("«{text}» is not a delimiter: one character is needed.").format(text=chosen))
    records = _records(text, chosen, 1 if named else 0)
    first = next(records)
    headers = [" ".join(cell.split()) for cell in first.cells]
    while headers and not headers[-1]:
        headers.pop()
    return Sheet(headers, records, file, size)


class _Text(io.TextIOWrapper):
    """Text over a file that stays open when the text is dropped."""

    def __del__(self) -> None:
        pass


def _sample(file: IO[bytes], encoding: str) -> str:
    file.seek(0)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(file.read(_SAMPLE))
    file.seek(0)
    whole, newline, _rest = text.rpartition("\n")
    return (whole + newline if newline else text).lstrip("\ufeff")


def delimiter_of(sample: str) -> str:
    """Return the delimiter that cuts most rows into as many cells as the header has; of several, into most cells."""
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in csv.reader(sample.splitlines(keepends=True)[:200], delimiter=delimiter) if row]
        if widths and widths[0] > 1:
            score = (round(widths.count(widths[0]) / len(widths), 1), widths[0])
            best, best_score = (delimiter, score) if score > best_score else (best, best_score)
    return best


def _records(text: _Text, delimiter: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield Row(line + skipped, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidValue(
            _("Line {line} is not CSV: {why}.").format(line=line + skipped, why=error),
            _("Look for a quote that is not closed."),
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidValue(
            _("Somewhere from line {line} on the file is not text in {encoding}.").format(
                line=line + skipped, encoding=text.encoding
            ),
            _("Name the encoding: --encoding {names}.").format(names="|".join(ENCODINGS)),
        ) from error


# --- JSON lines ------------------------------------------------------------------------------------------------------


def _json_headers(file: IO[bytes]) -> list[str]:
    names: dict[str, None] = {}
    file.seek(0)
    for raw in file:
        if raw.strip():
            record = _json_object(raw)
            if record is not None and not record.keys() <= names.keys():
                names |= dict.fromkeys(record)
    return list(names)


def _json_rows(file: IO[bytes]) -> Iterator[Row]:
    names = _json_headers(file)
    file.seek(0)
    for line, raw in enumerate(file, 1):
        if raw.strip():
            record = _json_object(raw)
            if record is None:
                yield Row(line, [], _("This is not a JSON object."))
            else:
                yield Row(line, [record.get(name) for name in names])


def _json_object(raw: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(raw.removeprefix(codecs.BOM_UTF8))
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


# --- XLSX ------------------------------------------------------------------------------------------------------------


def _open_xlsx(file: IO[bytes], size: int) -> Sheet:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise InvalidValue(
            _("Reading XLSX needs a library that is not installed."), "pip install python-calamine"
        ) from error
    try:
        book = CalamineWorkbook.from_filelike(file)
        rows = iter(book.get_sheet_by_index(0).iter_rows())
    except CalamineError as error:
        raise InvalidValue(_("The file is not a readable XLSX: {why}.").format(why=error)) from error
    records = _sheet_rows(rows)
    first = next(records, Row(1, []))
    return Sheet([" ".join(str(cell).split()) for cell in first.cells], records, file, size)


def _sheet_rows(rows: Iterator[list[Any]]) -> Iterator[Row]:
    for line, cells in enumerate(rows, 1):
        shown = [_sheet_text(cell) for cell in cells]
        if any(shown):
            yield Row(line, shown)


def _sheet_text(cell: Any) -> str:
    from datetime import date, datetime, time

    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
