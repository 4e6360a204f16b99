"""Reading from the index: the records that a query selects, their order, their number and their sums."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.store.evaluation import evaluate
from crm.store.index_faults import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.store.index import Index
    from crm.store.journal import Doc
    from crm.store.query import Compiled, QueryLike
    from crm.store.schema import Kind
    from crm.store.terms import Term


class Selection(NamedTuple):
    """What to read: a TinyDB query, an order (`-updated`, `title`), a part of the result, the trash or the living.

    `trashed` None means both.
    """

    query: QueryLike | None = None
    sort: tuple[str, ...] = ("id",)
    limit: int | None = None
    offset: int = 0
    trashed: bool | None = False


def expression(kind: Kind, field: str) -> str:
    """Return the SQL that reads a field: its column, or its place in the document."""
    if field in ("id", "rev") or field in kind.columns:
        return f'"{field}"'
    path = ".".join(json.dumps(part, ensure_ascii=False) for part in field.split("."))
    return "doc->>'$." + path.replace("'", "''") + "'"


def order_by(kind: Kind, sort: Iterable[str]) -> str:
    """Return the ORDER BY of a sort; empty values come last, ties by id in the direction of the first field."""
    return ", ".join(
        value + (" DESC" if down else " NULLS LAST") if nullable else value + " DESC" * down
        for value, down, nullable in _terms(kind, sort)
    )


def order_terms(kind: Kind, sort: Iterable[str]) -> list[tuple[str, bool]]:
    """Return what a sort orders by: SQL, and whether the highest comes first."""
    terms: list[tuple[str, bool]] = []
    for value, down, nullable in _terms(kind, sort):
        terms += [(f"{value} IS NULL", False)] if nullable else []
        terms.append((value, down))
    return terms


def _terms(kind: Kind, sort: Iterable[str]) -> list[tuple[str, bool, bool]]:
    """Return SQL, whether the highest comes first, and whether there may be none of it, which comes last."""
    terms = []
    names = [*sort, "id"]
    for name in names:
        field = name.lstrip("-")
        down = (names[0] if name == "id" else name).startswith("-")
        terms.append(_term(kind, field, down))
        if field == "id":
            break
    return terms


def _term(kind: Kind, field: str, down: bool) -> tuple[str, bool, bool]:
    value = expression(kind, field)
    column = kind.columns.get(field)
    if field in ("id", "rev", "created", "updated"):
        return value, down, False
    if field in kind.money and column is None:
        value = f"CAST({expression(kind, field + '.amount')} AS REAL)"
    elif column is None or column.kind == "text":
        value = f"fold({value})"
    return value, down, True


def _where(kind: Kind, selection: Selection) -> tuple[str, list[Any], bool]:
    compiled = _compiled(kind, selection.query)
    sql, params, exact = (compiled.sql, list(compiled.params), compiled.exact) if compiled else ("1", [], True)
    if selection.trashed is not None:
        sql = f"trashed = {int(selection.trashed)} AND ({sql})"
    return sql, params, exact


def _compiled(kind: Kind, query: QueryLike | None) -> Compiled | None:
    if query is None:
        return None
    from crm.store.query import compile_query

    return compile_query(query, kind.columns, kind.money)


def select(index: Index, kind: Kind, selection: Selection) -> Iterator[Doc]:
    """Yield the selected records in order, without holding more than one in memory."""
    where, params, exact = _where(kind, selection)
    sql = f'SELECT doc FROM "doc_{kind.name}" WHERE {where} ORDER BY {order_by(kind, selection.sort)}'
    if exact:
        sql += f" LIMIT {-1 if selection.limit is None else int(selection.limit)} OFFSET {int(selection.offset)}"
        for (text,) in index.db.execute(sql, params):
            yield parsed(text)
        return
    matches = _matches(index, kind, selection.query, sql, params)
    stop = None if selection.limit is None else selection.offset + selection.limit
    yield from islice(matches, selection.offset, stop)


def placed(
    index: Index, kind: Kind, selection: Selection, terms: Iterable[str]
) -> Iterator[tuple[Doc, tuple[Any, ...]]]:
    """Yield all records that a query selects in its order, each with the values of `terms`."""
    where, params, exact = _where(kind, selection)
    columns = ", ".join(["doc", *terms])
    sql = f'SELECT {columns} FROM "doc_{kind.name}" WHERE {where} ORDER BY {order_by(kind, selection.sort)}'
    for text, *values in index.db.execute(sql, params):
        doc = parsed(text)
        if exact or selection.query is None or evaluate(selection.query, kind.view(doc)):
            yield doc, tuple(values)


def _matches(index: Index, kind: Kind, query: QueryLike | None, sql: str, params: list[Any]) -> Iterator[Doc]:
    for (text,) in index.db.execute(sql, params):
        doc = parsed(text)
        if query is None or evaluate(query, kind.view(doc)):
            yield doc


def count(index: Index, kind: Kind, selection: Selection) -> int:
    """Return how many records a query selects, whatever limit it has."""
    where, params, exact = _where(kind, selection)
    if exact:
        tallied = _is_tallied(index, kind, where, (), None)
        counted = f'sum(number) FROM "tally_{kind.name}"' if tallied else f'count(*) FROM "doc_{kind.name}"'
        ((number,),) = remembered(index, f"SELECT {counted} WHERE {where}", params)
        return int(number or 0)
    sql = f'SELECT doc FROM "doc_{kind.name}" WHERE {where}'
    return sum(1 for _doc in _matches(index, kind, selection.query, sql, params))


def by_ids(index: Index, kind: Kind, ids: Iterable[int]) -> Iterator[Doc]:
    """Yield the records with these ids, of the trash too, in the order of their ids."""
    sql = f'SELECT doc FROM "doc_{kind.name}" WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id'
    for (text,) in index.db.execute(sql, [json.dumps(sorted(set(ids)))]):
        yield parsed(text)


def holding(
    index: Index, kind: Kind, field: str, values: Iterable[str], query: QueryLike | None = None
) -> Iterator[Doc]:
    """Yield the living records that a query selects and that hold one of `values` among their keys called `field`."""
    where, params, exact = _where(kind, Selection(query))
    keys = "SELECT id FROM key WHERE kind = ? AND field = ? AND value IN (SELECT value FROM json_each(?))"
    given = [kind.name, field, json.dumps(list(values), ensure_ascii=False)]
    sql = f'SELECT doc FROM "doc_{kind.name}" NOT INDEXED WHERE id IN ({keys}) AND {where} ORDER BY id'
    yield from _matches(index, kind, None if exact else query, sql, [*given, *params])


def highest(index: Index, kind: Kind, field: str, selection: Selection) -> int | None:
    """Return the highest value of a number among the records that a query selects, None where there is none."""
    where, params, exact = _where(kind, selection)
    if not exact:
        where, params = _as_ids(index, kind, selection, where, params)
    sql = f'SELECT max({expression(kind, field)}) FROM "doc_{kind.name}" WHERE {where}'
    found: int | None = index.db.execute(sql, params).fetchone()[0]
    return found


def totals(
    index: Index, kind: Kind, selection: Selection, by: tuple[Term, ...], money: str | None
) -> Iterator[tuple[tuple[Any, ...], str | None, int, int]]:
    """Yield (values of `by`, currency, number of records, sum of `money` in 10⁻⁴ units) for each group.

    `money` names a column or plain field, `by` also what `terms.py` reaches; a group is split by currency when
    `money` is given.
    """
    from crm.store.terms import sql_of

    where, params, exact = _where(kind, selection)
    if not exact:
        where, params = _as_ids(index, kind, selection, where, params)
    groups = [sql_of(index.kinds, kind, term) for term in by]
    currency = f'"{money}_currency"' if money else "NULL"
    total = f'coalesce(sum("{money}"), 0)' if money else "0"
    tallied = _is_tallied(index, kind, where, by, money)
    table, number = (f"tally_{kind.name}", "sum(number)") if tallied else (f"doc_{kind.name}", "count(*)")
    keys = f"GROUP BY {', '.join([*groups, currency])}" if groups or money else ""
    selected = ", ".join([*groups, currency, number, total])
    for row in remembered(index, f'SELECT {selected} FROM "{table}" WHERE {where} {keys}', params):
        if row[-2]:
            yield tuple(row[: len(by)]), row[-3], int(row[-2]), int(row[-1])


def remembered(index: Index, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of an aggregate, those of the last time where nothing has changed since."""
    return index.memo.recall(index, (sql, *params), lambda: index.db.execute(sql, params).fetchall())


def leading(
    index: Index, kind: Kind, selection: Selection, by: tuple[Term, ...]
) -> Iterator[tuple[tuple[Any, ...], int, Doc]]:
    """Yield (values of `by`, number of records there, one of them) for the first `limit` records of each group.

    The groups come in the order of their values, the records of each in the order of the selection.
    """
    from crm.store.terms import sql_of

    where, params, exact = _where(kind, selection)
    if not exact:
        where, params = _as_ids(index, kind, selection, where, params)
    names = [f"by{number}" for number in range(len(by))]
    groups = [sql_of(index.kinds, kind, term) for term in by]
    parted, ordered = f"PARTITION BY {', '.join(groups)}", order_by(kind, selection.sort)
    columns = [
        "id AS which", *(f"{group} AS {name}" for group, name in zip(groups, names, strict=True)),
        "count(*) OVER same AS number", f"row_number() OVER (same ORDER BY {ordered}) AS place",
    ]  # fmt: skip
    inner = f'SELECT {", ".join(columns)} FROM "doc_{kind.name}" WHERE {where} WINDOW same AS ({parted})'
    sql = f'SELECT {", ".join(names)}, number, doc FROM ({inner}) JOIN "doc_{kind.name}" ON id = which'
    sql += f" WHERE place <= ? ORDER BY {', '.join(names)}, place"
    for *values, number, text in index.db.execute(sql, [*params, selection.limit]):
        yield tuple(values), int(number), parsed(text)


def _is_tallied(index: Index, kind: Kind, where: str, by: tuple[Term, ...], money: str | None) -> bool:
    if not (index.tallying and kind.tally):
        return False
    from crm.store.tally import answers

    names = [term for term in by if isinstance(term, str)]
    return len(names) == len(by) and answers(kind, where, names, money)


def _as_ids(index: Index, kind: Kind, selection: Selection, where: str, params: list[Any]) -> tuple[str, list[Any]]:
    sql = f'SELECT doc FROM "doc_{kind.name}" WHERE {where}'
    ids = json.dumps([doc["id"] for doc in _matches(index, kind, selection.query, sql, params)])
    return "id IN (SELECT value FROM json_each(?))", [ids]
