"""What totals can be grouped by beyond a field of the record: fields of linked records, local days, spans of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.store.select import expression

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from crm.store.index import Index
    from crm.store.schema import Kind, Kinds


class Linked(NamedTuple):
    """A field of the record of `kind` that the reference in `link` names."""

    link: str
    kind: str
    field: str


class Logged(NamedTuple):
    """The first `time` in the list `log` of an entry whose `name` is `value`."""

    log: str
    name: str
    value: str
    time: str


class Latest(NamedTuple):
    """The greatest `field` among the records that lead back here; `path` is (kind, its reference) from here on."""

    path: tuple[tuple[str, str], ...]
    field: str


class Local(NamedTuple):
    """The day (10 signs) or the month (7) of a time, where the workspace is."""

    term: Term
    signs: int


class Days(NamedTuple):
    """Whole days from the local day of the first start that is known to the local day of the first end."""

    starts: tuple[Term, ...]
    ends: tuple[Term, ...]


Term = str | Linked | Logged | Latest | Local | Days
"""A field, or something reached from a record."""


def sql_of(kinds: Kinds, kind: Kind, term: Term) -> str:
    """Return the SQL that reads a term of the record at hand."""
    match term:
        case str():
            return expression(kind, term)
        case Linked():
            return _linked(kinds, kind, term)
        case Logged():
            return _logged(term)
        case Latest():
            return _latest(kinds, kind, term)
        case Local():
            return f"substr(local_day({sql_of(kinds, kind, term.term)}), 1, {term.signs})"
        case Days():
            start, end = (_first(kinds, kind, terms) for terms in (term.starts, term.ends))
            return f"CAST(julianday(local_day({end})) - julianday(local_day({start})) AS INTEGER)"


def _first(kinds: Kinds, kind: Kind, terms: tuple[Term, ...]) -> str:
    parts = [sql_of(kinds, kind, term) for term in terms]
    return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"


def _linked(kinds: Kinds, kind: Kind, term: Linked) -> str:
    value = _of_table("linked", expression(kinds[term.kind], term.field))
    link = _of_table(f'"doc_{kind.name}"', expression(kind, term.link))
    number = f"CAST(substr({link}, {len(term.kind) + 2}) AS INTEGER)"
    return f'(SELECT {value} FROM "doc_{term.kind}" AS linked WHERE linked.id = {number})'


def _of_table(table: str, value: str) -> str:
    """Say which table the one column is of that an expression reads."""
    return f"{table}.{value}"


def _logged(term: Logged) -> str:
    value = term.value.replace("'", "''")
    return (
        f"(SELECT min(value->>'$.{term.time}') FROM json_each(doc, '$.{term.log}')"
        f" WHERE value->>'$.{term.name}' = '{value}')"
    )


def _latest(kinds: Kinds, kind: Kind, term: Latest) -> str:
    here = f"'{kind.name}/' || \"doc_{kind.name}\".id"
    joins, last = [], ""
    for number, (name, link) in enumerate(term.path):
        on = f"k{number}.kind = '{name}' AND k{number}.field = '{link}' AND k{number}.value = {here}"
        joins.append(f"key k{number} ON {on}" if number else "key k0")
        last = on if number == 0 else last
        here = f"'{name}/' || k{number}.id"
    name, number = term.path[-1][0], len(term.path) - 1
    value = _of_table("d", expression(kinds[name], term.field))
    table = f'"doc_{name}" d ON d.id = k{number}.id AND d.trashed = 0'
    return f"(SELECT max({value}) FROM {' JOIN '.join([*joins, table])} WHERE {last})"


def use_time_zone(index: Index, zone: tzinfo) -> None:
    """Let an index answer `local_day(time)`: the day of a time in UTC, or of a day, in that time zone."""
    if index.zone is not zone:
        index.db.create_function("local_day", 1, _local_day(zone), deterministic=True)
        index.zone = zone


def _local_day(zone: tzinfo) -> Callable[[str | None], str | None]:
    from datetime import datetime
    from functools import lru_cache

    @lru_cache(maxsize=100_000)
    def day_at(minute: str) -> str:
        return datetime.fromisoformat(minute).astimezone(zone).date().isoformat()

    def local_day(text: str | None) -> str | None:
        if text is None or len(text) <= 10:
            return text
        return day_at(f"{text[:16]}{text[-6:]}" if text[-6] in "+-" else text)  # no zone parts a minute

    return local_day
