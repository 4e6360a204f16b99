"""How SQL asks for one field of a record: in its column or in its document.

Money is in `money_places.py`; what a whole query means is read in `query.py`. Relied upon: a column is NULL
exactly where its field is absent, else it holds a value of its own kind; documents are JSON with letters unescaped
and no U+0000 in their texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    pass

Sort = Literal["text", "number", "null"]

MANY = 100
"""Beyond so many items or halves an expression is left to TinyDB: SQLite bounds the depth of expressions."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SURROGATES = re.compile("[\ud800-\udfff]")
_EXACT_IN_SQLITE = 2**60
SQL_OF = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class Plan:
    """A WHERE expression that is true for every document that matches; NULL counts as not true.

    `exact`: true for these only, but for documents on which TinyDB raises TypeError. Such documents never match;
    `fails` says that there may be some where the expression is not true, `blurred` where it is.
    """

    sql: str
    params: tuple[object, ...] = ()
    exact: bool = True
    fails: bool = False
    blurred: bool = False


ALL = Plan("1")
NONE = Plan("0")
UNKNOWN = Plan("1", exact=False)


class Scalar(NamedTuple):
    """SQL of a JSON value: its type, its SQL value, and its value as Python's number (NULL for what is none)."""

    type: str
    value: str
    number: str

    def among(self, items: Sequence[object]) -> tuple[str, list[object]]:
        """Return SQL and parameters that say: equals one of `items`, all of them with a `sort_of`."""
        texts = [item for item in items if sort_of(item) == "text"]
        numbers = [item for item in items if sort_of(item) == "number"]
        found = [f"{self.type} = 'text' AND {self.value} {is_in(texts)}"] if texts else []
        found += [f"{self.number} {is_in(numbers)}"] if numbers else []
        found += [f"{self.type} = 'null'"] if None in items else []
        return " OR ".join(found) or "0", texts + numbers


def sort_of(value: object) -> Sort | None:
    """Return how SQLite would compare a value just as Python does, or None if it would not."""
    if type(value) is str:
        return "text" if "\0" not in value and not _SURROGATES.search(value) else None
    if isinstance(value, int | float) and type(value) in (int, float, bool):
        return "number" if abs(value) < _EXACT_IN_SQLITE else None
    return "null" if value is None else None


def is_in(items: Sequence[object]) -> str:
    """Return `= ?`, or `IN (?, …)` for several items."""
    return "= ?" if len(items) == 1 else f"IN ({', '.join('?' * len(items))})"


def quote(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def json_path(keys: Sequence[str]) -> str | None:
    """Return a JSON path as a quoted SQL string, or None for keys that SQLite cannot name safely."""
    if not keys or not all(key and key.isprintable() and not set(key) & set('"\\') for key in keys):
        return None
    steps = [key if _PLAIN_KEY.fullmatch(key) else f'"{key}"' for key in keys]
    return "'" + ".".join(["$", *steps]).replace("'", "''") + "'"


class Place:
    """A field of which only its presence is known; the places below know more and override what they know."""

    def __init__(self, present: str) -> None:
        self.present = present

    def possible(self) -> Plan:
        """Select every document that has the field: no test of TinyDB holds for a field that is absent."""
        return Plan(self.present, exact=False)

    def exists(self) -> Plan:
        """Plan `exists()`."""
        return self.possible()

    def compare(self, _order: str, _value: object) -> Plan:
        """Plan one of `== != < <= > >=`."""
        return self.possible()

    def among(self, _items: Sequence[object]) -> Plan:
        """Plan `one_of`."""
        return self.possible()

    def any_of(self, _items: Sequence[object]) -> Plan:
        """Plan `any` over a list of scalars."""
        return self.possible()

    def all_of(self, _items: Sequence[object]) -> Plan:
        """Plan `all` over a list of scalars."""
        return self.possible()

    def is_text(self) -> Plan:
        """Plan what holds for texts only, like `matches`: the flags of an expression are not in its hash form."""
        return self.possible()

    def contains(self, _folded: str) -> Plan:
        """Plan `query.contains` of a casefolded text."""
        return self.possible()

    def is_empty(self) -> Plan:
        """Plan `query.is_empty`."""
        return self.possible()

    def decimal(self, _order: str, _number: Decimal) -> Plan:
        """Plan `query.decimal_is`."""
        return self.possible()


class JsonPlace(Place):
    """A field inside the document."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.type = f"json_type(doc, {path})"
        self.field = Scalar(self.type, f"doc->>{path}", _number(self.type, f"doc->>{path}", f"doc->{path}"))
        super().__init__(f"{self.type} IS NOT NULL")

    def exists(self) -> Plan:
        """See Place."""
        return Plan(self.present)

    def compare(self, order: str, value: object) -> Plan:
        """See Place; texts and numbers do not compare, as in Python."""
        sort = sort_of(value)
        if sort is None:
            return self.possible()
        if order in ("==", "!="):
            equal = self.among((value,))
            return equal if order == "==" else Plan(f"{self.present} AND ({equal.sql}) IS NOT TRUE", equal.params)
        if sort == "null":
            return Plan("0", fails=True)
        side = f"{self.type} = 'text' AND {self.field.value}" if sort == "text" else self.field.number
        return Plan(f"{side} {SQL_OF[order]} ?", (value,), fails=True)

    def among(self, items: Sequence[object]) -> Plan:
        """See Place."""
        if not all(map(sort_of, items)):
            return self.possible()
        sql, params = self.field.among(items)
        return Plan(sql, tuple(params))

    def any_of(self, items: Sequence[object]) -> Plan:
        """See Place; as in TinyDB a text is a list of its letters, an object of its keys."""
        if len(items) > MANY or not all(map(sort_of, items)):
            return self.possible()
        found, params = _ELEMENT.among(items)
        texts = [item for item in items if isinstance(item, str)]
        letters = [text for text in texts if len(text) == 1]
        spelled = " OR ".join([f"instr({self.field.value}, ?) > 0"] * len(letters)) or "0"
        keyed = self._some(f"e.key {is_in(texts)}") if texts else "0"
        return Plan(self._by_type(self._some(found), spelled, keyed), (*params, *letters, *texts))

    def all_of(self, items: Sequence[object]) -> Plan:
        """See Place; TinyDB looks for each item in a list, in a text, or among an object's keys."""
        if len(items) > MANY or not all(map(sort_of, items)):
            return self.possible()
        found = [_ELEMENT.among((item,)) for item in items]
        listed = " AND ".join(self._some(sql) for sql, _params in found) or "1"
        params = [param for _sql, given in found for param in given]
        texts = [item for item in items if isinstance(item, str)]
        spelled = keyed = "0"
        if len(texts) == len(items):
            spelled = " AND ".join([f"instr({self.field.value}, ?) > 0"] * len(texts)) or "1"
            keyed = " AND ".join([self._some("e.key = ?")] * len(texts)) or "1"
            params += [*texts, *texts]
        return Plan(self._by_type(listed, spelled, keyed), tuple(params), fails=len(texts) < len(items))

    def _some(self, condition: str) -> str:
        return f"EXISTS (SELECT 1 FROM json_each(doc, {self.path}) AS e WHERE {condition})"

    def _by_type(self, listed: str, spelled: str, keyed: str) -> str:
        return f"CASE {self.type} WHEN 'array' THEN {listed} WHEN 'text' THEN {spelled} WHEN 'object' THEN {keyed} END"

    def is_text(self) -> Plan:
        """See Place."""
        return Plan(f"{self.type} = 'text'", exact=False)

    def contains(self, folded: str) -> Plan:
        """See Place; `json_each` shows a text as a list of one, and an object by its values."""
        within = "SELECT 1 FROM json_each(e.value) AS o WHERE o.type = 'text' AND instr(fold(o.value), ?) > 0"
        held = self._some(
            f"CASE e.type WHEN 'text' THEN instr(fold(e.value), ?) > 0 WHEN 'object' THEN EXISTS ({within}) END"
        )
        return Plan(f"{self.type} IN ('text', 'array') AND {held}", (folded, folded))

    def is_empty(self) -> Plan:
        """See Place."""
        unfilled = f"{self.type} IN ('array', 'object') AND NOT {self._some('1')}"
        sql, params = self.field.among(("", None))
        return Plan(f"{sql} OR {unfilled}", tuple(params))

    def decimal(self, order: str, number: Decimal) -> Plan:
        """See Place."""
        return near(f"CAST({self.field.value} AS REAL)", order, number) or self.possible()


def _number(kind: str, value: str, text: str) -> str:
    # Not every build of SQLite reads a long fraction to the last bit; exact_real is Python's own reading.
    return (
        f"CASE {kind} WHEN 'integer' THEN {value} WHEN 'real' THEN exact_real({text})"
        " WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
    )


_ELEMENT = Scalar("e.type", "e.value", _number("e.type", "e.value", "doc->e.fullkey"))


class ColumnPlace(JsonPlace):
    """A field with a column of texts or of numbers; lists in it are looked for in the document."""

    def __init__(self, path: str, name: str, sort: Sort) -> None:
        super().__init__(path)
        self.name = quote(name)
        self.sort = sort
        self.present = f"{self.name} IS NOT NULL"

    def compare(self, order: str, value: object) -> Plan:
        """See Place; SQLite would turn a text into the column's number, so another sort never reaches it."""
        sort = sort_of(value)
        if sort is None:
            return self.possible()
        if sort == self.sort:
            return Plan(f"{self.name} {SQL_OF[order]} ?", (value,))
        return self.exists() if order == "!=" else Plan("0", fails=order != "==")

    def among(self, items: Sequence[object]) -> Plan:
        """See Place."""
        if not all(map(sort_of, items)):
            return self.possible()
        equals = [item for item in items if sort_of(item) == self.sort]
        return Plan(f"{self.name} {is_in(equals)}", tuple(equals)) if equals else NONE

    def is_text(self) -> Plan:
        """See Place."""
        return self.possible() if self.sort == "text" else NONE

    def contains(self, folded: str) -> Plan:
        """See Place."""
        return Plan(f"instr(fold({self.name}), ?) > 0", (folded,)) if self.sort == "text" else NONE

    def is_empty(self) -> Plan:
        """See Place."""
        return Plan(f"{self.name} = ''") if self.sort == "text" else NONE


def is_measured(number: Decimal) -> bool:
    """Tell whether a number is of a size and fineness that money has."""
    return number.is_finite() and abs(number) < 10**14 and int(number.as_tuple().exponent) > -MANY


def near(value: str, order: str, number: Decimal) -> Plan | None:
    """Plan a comparison of a REAL with a decimal, wide enough for the errors of both; None where that is no use."""
    if order == "!=" or not is_measured(number):
        return None
    slack = abs(float(number)) * 1e-9 + 1e-9
    low, high = float(number) - slack, float(number) + slack
    if order == "==":
        return Plan(f"{value} BETWEEN ? AND ?", (low, high), exact=False)
    side, bound = (">=", low) if order in (">", ">=") else ("<=", high)
    return Plan(f"{value} {side} ?", (bound,), exact=False)
