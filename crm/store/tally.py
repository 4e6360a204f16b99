"""Tallies: how many records there are of each combination of a few columns, and the sum of their money.

The index keeps them with each change, so that the sums above a board or a list do not read a million records.
Which columns, a kind says itself; `select.totals` uses a tally where it answers the question.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.store.index import Batch, Index
    from crm.store.schema import Kind

Counts = dict[tuple[Any, ...], list[int]]
"""Number and sum by the values of the columns."""

_COLUMN = re.compile(r'"([^"]+)"')
_BEYOND = re.compile(r"\bdoc\b|\bSELECT\b|[a-z_]+\(")
"""What reads more of a record than its columns."""


def money_of(kind: Kind) -> str:
    """Return the money that the tally of a kind adds up: its first column of money."""
    return next((column.name for column in kind.columns.values() if column.kind == "money"), "")


def columns_of(kind: Kind) -> list[str]:
    """Return the columns that a kind is counted by."""
    money = money_of(kind)
    return ["trashed", *kind.tally, *([f"{money}_currency"] if money else [])]


def layout(kind: Kind) -> Iterator[str]:
    """Yield the statements that make the empty tally of a kind."""
    names = _quoted(columns_of(kind))
    yield f'CREATE TABLE "tally_{kind.name}"({names}, "{money_of(kind) or "sum"}" INTEGER, number INTEGER)'
    yield f'CREATE INDEX "tally_of_{kind.name}" ON "tally_{kind.name}"({names})'


def answers(kind: Kind, where: str, by: Iterable[str], money: str | None) -> bool:
    """Tell whether the tally of a kind holds all that a condition and groups read."""
    if not kind.tally or (money and money != money_of(kind)) or _BEYOND.search(where):
        return False
    return {*_COLUMN.findall(where), *by} <= {*columns_of(kind)}


def fill(index: Index, kind: Kind) -> None:
    """Count every record of a kind anew."""
    index.db.execute(f'DELETE FROM "tally_{kind.name}"')
    index.db.execute(f'INSERT INTO "tally_{kind.name}" {_counted(kind)}')


def holds(index: Index, kind: Kind) -> bool:
    """Tell whether the tally of a kind says what its records say."""
    if not kind.tally:
        return True
    stored = index.db.execute(f'SELECT * FROM "tally_{kind.name}" WHERE number <> 0')
    return sorted(map(repr, stored)) == sorted(map(repr, index.db.execute(_counted(kind))))


def before(index: Index, batch: Batch) -> Counts:
    """Return what the records of a batch count for as they stand in the index now."""
    ids = [*batch.removed, *(row[0] for row in batch.rows)]
    highest = index.db.execute(f'SELECT max(id) FROM "doc_{batch.kind.name}"').fetchone()[0] or 0
    if not ids or min(ids) > highest:
        return {}
    held = "WHERE id IN (SELECT value FROM json_each(?))"
    rows = index.db.execute(_counted(batch.kind, held), [json.dumps(ids)])
    return {tuple(key): [number, total] for *key, total, number in rows}


def follow(index: Index, batch: Batch, gone: Counts) -> None:
    """Count the records of a batch instead of what they counted for before."""
    counts = {key: [-number, -total] for key, (number, total) in gone.items()}
    for key, total in _read(batch):
        count = counts.setdefault(key, [0, 0])
        count[0] += 1
        count[1] += total or 0
    name, money = batch.kind.name, money_of(batch.kind) or "sum"
    marks = " AND ".join(f'"{column}" IS ?' for column in columns_of(batch.kind))
    for key, (number, total) in counts.items():
        if number or total:
            change = f'UPDATE "tally_{name}" SET number = number + ?, "{money}" = "{money}" + ? WHERE {marks}'
            if not index.db.execute(change, (number, total, *key)).rowcount:
                row = f'INSERT INTO "tally_{name}" VALUES({"?, " * (len(key) + 1)}?)'
                index.db.execute(row, (*key, total, number))


def _read(batch: Batch) -> Iterator[tuple[tuple[Any, ...], int | None]]:
    places = {"id": 0, "rev": 1, "trashed": 2}
    for column in batch.kind.columns.values():
        places[column.name] = len(places)
        if column.kind == "money":
            places[f"{column.name}_currency"] = len(places)
    keys = [places[name] for name in columns_of(batch.kind)]
    money = money_of(batch.kind)
    for row in batch.rows:
        yield tuple([row[key] for key in keys]), row[places[money]] if money else 0


def _counted(kind: Kind, held: str = "") -> str:
    names, money = _quoted(columns_of(kind)), money_of(kind)
    total = f'coalesce(sum("{money}"), 0)' if money else "0"
    return f'SELECT {names}, {total}, count(*) FROM "doc_{kind.name}" {held} GROUP BY {names}'


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
