"""An export: the records of a noun as CSV, JSON lines or XLSX, one after another; what it writes can be imported.

Cells that a spreadsheet would run as formulas are guarded (X4); rights are asked once, and for each record read.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import IO, TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.field_lists import ManyOf
from crm.model.field_parts import Classifiers, Items, Parts
from crm.model.fields import REF, MoneyField
from crm.sales.import_map import CURRENCY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crm.model.fields import Doc, Field
    from crm.sales.collection import Collection
    from crm.store.query import QueryLike

FORMATS = ("csv", "jsonl", "xlsx")
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_SHEET_ROWS = 1_048_576
"""Rows that one sheet of XLSX can have (ECMA-376)."""

Cell = tuple[str, "Callable[[Doc], Any]"]


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs: with an apostrophe before `= + - @`, a tab or a return.

    A plain number, such as -5 or +79161234567, stays as it is. An import takes the apostrophe off.
    """
    if text[:1] in _RUNS and text and not _NUMBER.fullmatch(text):
        return "'" + text
    return "'" + text if text[:1] == "'" and text[1:2] in (*_RUNS, "'") and text[1:] else text


class Export:
    """The records of one noun on their way out; `names` writes the names of linked records instead of references."""

    def __init__(self, records: Collection[Any], query: QueryLike | None = None, *, names: bool = False) -> None:
        records.crm.guard.check("export", records.noun.name, None)
        self.records = records
        self.query = query
        self.names = names
        self._known: dict[str, str] = {}
        self.cells = list(self._cells())

    @property
    def columns(self) -> list[str]:
        """Return the headers of a table."""
        return [name for name, _read in self.cells]

    def docs(self) -> Iterator[Doc]:
        """Yield the records as scripts get them."""
        return (self.records.export(record) for record in self.records.find(self.query))

    def rows(self) -> Iterator[list[Any]]:
        """Yield the records as rows of a table: texts, and numbers where a field holds one."""
        for record in self.records.find(self.query):
            yield [read(record.doc) for _name, read in self.cells]

    # --- one column --------------------------------------------------------------------------------------------------

    def _cells(self) -> Iterator[Cell]:
        yield "id", lambda doc: doc["id"]
        for name, field in self.records.noun.fields.items():
            yield from self._columns_of(name, field)

    def _columns_of(self, name: str, field: Field[Any]) -> Iterator[Cell]:
        if isinstance(field, MoneyField):
            yield name, lambda doc: _number(doc[name]["amount"]) if name in doc else ""
            yield name + CURRENCY, lambda doc: doc[name]["currency"] if name in doc else ""
        elif isinstance(field, Parts) and not isinstance(field, Classifiers) and field.parts:
            for part in field.parts:
                yield f"{name}.{part}", _part(name, part)
        elif isinstance(field, Items):
            yield name, lambda doc: "\n".join(map(_item, doc.get(name, ())))
        elif isinstance(field, ManyOf):
            yield name, lambda doc: "; ".join(self._named(value) for value in doc.get(name, ()))
        else:
            yield name, lambda doc: self._plain(doc.get(name))

    def _plain(self, value: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dict):
            return "; ".join(f"{key}={part}" for key, part in value.items())
        return self._named(value) if isinstance(value, str) else value

    def _named(self, value: str) -> str:
        if not self.names or not REF.fullmatch(value):
            return value
        if value not in self._known:
            kind, _slash, number = value.partition("/")
            doc = self.records.crm.doc(kind, int(number)) if kind in self.records.crm.nouns else None
            entity = self.records.crm.nouns[kind].entity if doc is not None else None
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[value] = entity(doc).label if entity is not None and doc is not None else value
        return self._known[value]


def _part(name: str, part: str) -> Callable[[Doc], Any]:
    return lambda doc: doc[name].get(part, "") if name in doc else ""


def _number(amount: str) -> Any:
    from decimal import Decimal

    return Decimal(amount)


def _item(line: Doc) -> str:
    label = line.get("sku") or line["name"]
    return f"{label}*{line['qty']}@{line['price']}%{line['vat']}"


# --- formats ---------------------------------------------------------------------------------------------------------


def write(export: Export, out: IO[bytes], form: str, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> None:
    """Write an export to a binary file in a format of FORMATS; raise InvalidValue for what it cannot hold."""
    if form == "jsonl":
        for doc in export.docs():
            out.write(json.dumps(doc, ensure_ascii=False).encode() + b"\n")
    elif form == "xlsx":
        _write_xlsx(export, out)
    elif form == "csv":
        _write_csv(export, out, encoding, delimiter)
    else:
        raise InvalidValue(
            _("«{name}» is not a format of export.").format(name=form),
            _("Known: {names}.").format(names=", ".join(FORMATS)),
        )


def _write_csv(export: Export, out: IO[bytes], encoding: str, delimiter: str) -> None:
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise InvalidValue(_("«{text}» is not a delimiter: one character is needed.").format(text=delimiter))
    try:
        text = io.TextIOWrapper(out, encoding=encoding, newline="", errors="strict", write_through=False)
    except LookupError:
        raise InvalidValue(_("There is no encoding «{name}».").format(name=encoding)) from None
    writer = csv.writer(text, delimiter=delimiter)
    try:
        writer.writerow(export.columns)
        writer.writerows(_guarded_row(row) for row in export.rows())
        text.flush()
    except UnicodeEncodeError as error:
        raise InvalidValue(
            _("{encoding} has no letter «{sign}».").format(encoding=encoding, sign=error.object[error.start]),
            _("Choose another: --encoding utf-8-sig."),
        ) from error
    finally:
        text.detach()


def _guarded_row(row: Iterable[Any]) -> list[Any]:
    return [guarded(value) if isinstance(value, str) else value for value in row]


def _write_xlsx(export: Export, out: IO[bytes]) -> None:
    """Write one sheet, row by row; texts are texts to the spreadsheet, and those that look like formulas are quoted."""
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise InvalidValue(
            _("Writing XLSX needs a library that is not installed."), "pip install XlsxWriter"
        ) from error
    book = Workbook(out, {"constant_memory": True, "in_memory": False})
    quoted = book.add_format({"quote_prefix": True})
    sheet = book.add_worksheet(export.records.noun.plural)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, export.columns, book.add_format({"bold": True}))
    for number, row in enumerate(export.rows(), 1):
        if number >= _SHEET_ROWS:
            raise InvalidValue(
                _("A sheet of XLSX holds at most {n} records.").format(n=_SHEET_ROWS - 1),
                _("Export to CSV, or filter with --where."),
            )
        for place, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(number, place, value, quoted if guarded(value) != value else None)
            else:
                sheet.write_number(number, place, value)
    book.close()
