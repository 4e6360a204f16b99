"""TinyDB queries, read by their own description (the hash form) and compiled to SQL over the index.

The SQL selects every matching record and perhaps others; TinyDB's query object then decides. How one field is
asked for is in `places.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from tinydb.queries import QueryLike

from crm.store.evaluation import evaluate, register_functions
from crm.store.money_places import PLAIN_NUMBER, MoneyColumn, MoneyPlace
from crm.store.places import (
    ALL,
    MANY,
    UNKNOWN,
    ColumnPlace,
    JsonPlace,
    Place,
    Plan,
    json_path,
    sort_of,
)
from crm.store.schema import Column

__all__ = [
    "Column",
    "Compiled",
    "QueryLike",
    "compile_query",
    "contains",
    "decimal_is",
    "evaluate",
    "is_empty",
    "is_like",
    "register_functions",
]

_ORDERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "==": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
_DEPTH = 12  # SQLite's parser holds a hundred open symbols, and each level takes a few
_PARAMETERS = 30_000  # SQLite takes 32,766 in one statement
_OWN = {"id": Column("id", "integer"), "rev": Column("rev", "integer")}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A WHERE expression with its parameters; `exact` says that TinyDB would select the same records."""

    sql: str
    params: list[object]
    exact: bool


def contains(value: object, text: str) -> bool:
    """Tell whether a text, or a text in a list or in its objects, has `text` in it, whatever the case of letters."""
    folded = text.casefold()
    return any(folded in item.casefold() for item in _texts(value))


def is_like(value: object, pattern: str) -> bool:
    """Tell whether a text, or one in a list or its objects, fits SQL's pattern (% any letters, _ one), in any case."""
    fitting = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in pattern.casefold())
    return any(re.fullmatch(fitting, item.casefold(), re.DOTALL) for item in _texts(value))


def _texts(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        for text in item.values() if isinstance(item, dict) and item is not value else [item]:
            if isinstance(text, str):
                yield text


def is_empty(value: object) -> bool:
    """Tell whether a value is null or a text, list or object with nothing in it; an absent field is not asked."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def decimal_is(value: object, order: str, number: Decimal) -> bool:
    """Compare a number, or a decimal kept as text, with `number`; `order` is one of `== != < <= > >=`."""
    if isinstance(value, str) and PLAIN_NUMBER.fullmatch(value):
        return _ORDERS[order](Decimal(value), number)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _ORDERS[order](Decimal(repr(value)), number)
    return False


def compile_query(query: QueryLike, columns: Mapping[str, Column], money_fields: Collection[str]) -> Compiled:
    """Compile a query to SQL over the table of a kind with these columns; what is not known compiles to `1`."""
    plan = _Reader(columns, money_fields).read(getattr(query, "_hash", None))
    if len(plan.params) > _PARAMETERS:
        plan = UNKNOWN
    return Compiled(plan.sql, list(plan.params), plan.exact and not plan.blurred)


class _Reader:
    """Reads hash forms: `("and", {…})`, `("or", {…})`, `("not", form)`, `(operator, path, …)`, `()` of noop."""

    def __init__(self, columns: Mapping[str, Column], money_fields: Collection[str]) -> None:
        self.columns = _OWN | dict(columns)
        self.money_fields = money_fields

    def read(self, form: object, depth: int = 0) -> Plan:
        if depth > _DEPTH:
            return UNKNOWN
        match form:
            case ():
                return ALL
            case ("and", frozenset() as halves):
                return _all(self.read(half, depth + 1) for half in _flat("and", halves))
            case ("or", frozenset() as halves):
                return _any(self.read(half, depth + 1) for half in _flat("or", halves))
            case ("not", inner):
                return _not(self.read(inner, depth + 1))
            case (str() as operator, tuple() as path, *rest):
                return self.leaf(operator, path, rest)
        return UNKNOWN

    def leaf(self, operator: str, path: tuple[object, ...], rest: list[object]) -> Plan:
        keys = [key for key in path if isinstance(key, str)]
        place = self.place(keys) if len(keys) == len(path) else None
        if place is None:
            return UNKNOWN
        match operator, rest:
            case "exists", []:
                return place.exists()
            case "==" | "!=" | "<" | "<=" | ">" | ">=", [value]:
                return place.compare(operator, value)
            case "one_of", [tuple() as items]:
                return place.among(items)
            case "any", [tuple() as items]:
                return place.any_of(items)
            case "all", [tuple() as items]:
                return place.all_of(items)
            case "matches" | "search", _:
                return place.is_text()
            case "test", [function, tuple() as given]:
                return _own_test(place, function, given)
            case "any" | "all" | "one_of", _:
                return place.possible()
        return UNKNOWN

    def place(self, keys: list[str]) -> Place | None:
        path = json_path(keys)
        if path is None:
            return None
        column = self.columns.get(keys[0])
        if keys[0] in self.money_fields:
            return _money_place(keys, path, column)
        if column is None or len(keys) > 1:
            return JsonPlace(path)
        if column.kind == "money":
            return MoneyColumn(column.name)
        return ColumnPlace(path, column.name, "text" if column.kind in ("text", "time") else "number")


def _money_place(keys: list[str], path: str, column: Column | None) -> Place:
    if keys[1:] == ["currency"]:
        return ColumnPlace(path, f"{column.name}_currency", "text") if column else JsonPlace(path)
    if len(keys) > 1:
        return Place(f"json_type(doc, {json_path(keys[:1])}) IS NOT NULL")
    if column:
        return MoneyColumn(column.name)
    return MoneyPlace(path, str(json_path([*keys, "amount"])))


def _own_test(place: Place, function: object, given: tuple[object, ...]) -> Plan:
    match given:
        case () if function is is_empty:
            return place.is_empty()
        case (str() as text,) if function is contains:
            folded = text.casefold()
            return place.contains(folded) if sort_of(folded) else place.possible()
        case (str() as order, Decimal() as number) if function is decimal_is:
            return place.decimal(order, number)
    return place.possible()


def _flat(operator: str, halves: Iterable[object]) -> list[object]:
    flat, waiting = [], list(halves)
    while waiting:
        match waiting.pop():
            case (word, frozenset() as inner) if word == operator:
                waiting.extend(inner)
            case half:
                flat.append(half)
    return flat


def _all(plans: Iterable[Plan]) -> Plan:
    every = list(plans)
    useful = _cheap_first(plan for plan in every if plan.sql != "1")
    used = useful[:MANY]
    return Plan(
        _join(" AND ", used) or "1",
        _params(used),
        exact=all(plan.exact for plan in every) and used == useful,
        fails=any(plan.fails for plan in every),
        blurred=any(plan.blurred for plan in every),
    )


def _any(plans: Iterable[Plan]) -> Plan:
    every = _cheap_first(plans)
    if len(every) > MANY or any(plan.sql == "1" and not plan.exact for plan in every):
        return UNKNOWN
    exact = all(plan.exact for plan in every)
    return Plan(_join(" OR ", every), _params(every), exact, blurred=any(plan.fails or plan.blurred for plan in every))


def _not(plan: Plan) -> Plan:
    if not plan.exact:
        return UNKNOWN
    if plan.sql.endswith(" IS NOT NULL") and plan.sql.count(" ") == 3 and not plan.fails:
        return Plan(plan.sql.replace(" IS NOT NULL", " IS NULL"))  # a form that SQLite finds in its indexes
    return Plan(f"({plan.sql}) IS NOT TRUE", plan.params, blurred=plan.fails or plan.blurred)


def _cheap_first(plans: Iterable[Plan]) -> list[Plan]:
    return sorted(plans, key=lambda plan: (len(plan.sql), plan.sql))


def _join(word: str, plans: list[Plan]) -> str:
    return word.join(f"({plan.sql})" for plan in plans)


def _params(plans: list[Plan]) -> tuple[object, ...]:
    return tuple(param for plan in plans for param in plan.params)
