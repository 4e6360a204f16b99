"""An export: the records of a noun as CSV, JSON lines or XLSX, one after another; what it writes can be imported.

Cells that a spreadsheet would run as formulas are guarded (X4); rights are asked once, and for each record read.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import ManyOf
from crm.model.field_parts import Classifiers, Items, Parts
from crm.model.fields import REF, Choice, MoneyField
from crm.sales.import_map import CURRENCY, CURRENCY_TITLE

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
    """The records of one noun on their way out, in the order of `sort`.

    `names` writes the names of linked records that may be read instead of references; `titled` is for people: these
    names and those of the owners, titles of fields and of choices, days as days.
    """

    def __init__(
        self,
        records: Collection[Any],
        query: QueryLike | None = None,
        *,
        names: bool = False,
        titled: bool = False,
        sort: str = "id",
    ) -> None:
        records.crm.guard.check("export", records.noun.name, None)
        self.records = records
        self.query = query
        self.names = names or titled
        self.titled = titled
        self.sort = sort
        self._known: dict[str, str] = {}
        self._titles: dict[str, dict[str, str]] = {}
        self.cells = list(self._cells())

    @property
    def columns(self) -> list[str]:
        """Return the headers of a table."""
        return [name for name, _read in self.cells]

    def docs(self) -> Iterator[Doc]:
        """Yield the records as scripts get them."""
        return (self.records.export(record) for record in self.records.find(self.query, sort=self.sort))

    def rows(self) -> Iterator[list[Any]]:
        """Yield the records as rows of a table: texts, and numbers where a field holds one."""
        for record in self.records.find(self.query, sort=self.sort):
            yield [read(record.doc) for _name, read in self.cells]

    # --- one column --------------------------------------------------------------------------------------------------

    def _cells(self) -> Iterator[Cell]:
        yield "id", lambda doc: doc["id"]
        for name, field in self.records.noun.fields.items():
            yield from self._columns_of(name, field)

    def _columns_of(self, name: str, field: Field[Any]) -> Iterator[Cell]:
        title = field.label if self.titled else name
        if isinstance(field, MoneyField):
            unit = f"{title}, {_(CURRENCY_TITLE)}" if self.titled else name + CURRENCY
            yield title, lambda doc: _number(doc[name]["amount"]) if name in doc else ""
            yield unit, lambda doc: doc[name]["currency"] if name in doc else ""
        elif isinstance(field, Parts) and not isinstance(field, Classifiers) and field.parts:
            for part in field.parts:
                yield f"{name}.{part}", _part(name, part)
        elif isinstance(field, Items):
            yield title, lambda doc: "\n".join(map(_item, doc.get(name, ())))
        elif isinstance(field, ManyOf):
            yield title, lambda doc: "; ".join(self._named(value) for value in doc.get(name, ()))
        elif self.titled:
            yield title, lambda doc: self._shown(field, doc.get(name))
        else:
            yield title, lambda doc: self._plain(doc.get(name))

    def _shown(self, field: Field[Any], value: Any) -> Any:
        """Return a value as people read it; a day and a time as such."""
        if value and isinstance(field, Day):
            return date.fromisoformat(value)
        if value and isinstance(field, Moment):
            zone = self.records.crm.settings.time_zone
            return datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None)
        if value and isinstance(field, Choice) and field.dictionary:
            return self._titles_of(field.dictionary).get(value, value)
        if value and field.name == "owner":
            return self._titles_of("").get(value, value)
        return self._plain(value)

    def _titles_of(self, dictionary: str) -> dict[str, str]:
        """Return the titles of a dictionary by id, of nothing the names of people by login."""
        if dictionary not in self._titles:
            crm = self.records.crm
            if dictionary:
                found = {entry.id: entry.title.text() for entry in crm.customs.dictionary(dictionary).entries}
            else:
                found = {str(user.doc["login"]): user.label for user in crm.collection("user").find()}
            self._titles[dictionary] = found
        return self._titles[dictionary]

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
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[value] = self._label(kind, int(number)) or value
        return self._known[value]

    def _label(self, kind: str, number: int) -> str:
        """Return the name of a record, empty where there is none or it may not be read."""
        crm = self.records.crm
        doc = crm.doc(kind, number) if kind in crm.nouns else None
        if doc is None or not crm.guard.may("read", kind, doc):
            return ""
        return str(crm.nouns[kind].entity(doc).label)


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
    days = {date: book.add_format({"num_format": "dd.mm.yyyy"})}
    days[datetime] = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
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
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, days[type(value)])
            else:
                sheet.write_number(number, place, value)
    book.close()
