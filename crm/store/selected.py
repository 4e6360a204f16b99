"""The records that a query selects within a draft: what the index holds and what was drafted, in one order.

SQL says where a record stands, for both: a drafted one is asked as if it were a row already.
"""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from crm.store.evaluation import evaluate
from crm.store.index import row_of
from crm.store.journal import dump
from crm.store.select import order_terms, placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crm.store.index import Index
    from crm.store.journal import Doc
    from crm.store.schema import Kind
    from crm.store.select import Selection

Placed = tuple["Doc", tuple[Any, ...]]
"""A record with the values that order it."""


def selected(index: Index, kind: Kind, selection: Selection, drafted: Mapping[int, Doc | None]) -> Iterator[Doc]:
    """Yield the selected records in order; `drafted` has those of a draft by id, None for one that is removed."""
    terms = order_terms(kind, selection.sort)
    place = _Place([down for _sql, down in terms])
    columns = [sql for sql, _down in terms]
    kept = (one for one in placed(index, kind, selection, columns) if one[0]["id"] not in drafted)
    own = [doc for doc in drafted.values() if doc is not None and _is_selected(kind, selection, doc)]
    ranked = sorted(_ranked(index, kind, columns, own), key=place)
    stop = None if selection.limit is None else selection.offset + selection.limit
    for doc, _values in islice(merge(kept, ranked, key=place), selection.offset, stop):
        yield doc


def _is_selected(kind: Kind, selection: Selection, doc: Doc) -> bool:
    if selection.trashed is not None and selection.trashed != ("deleted" in doc):
        return False
    return selection.query is None or evaluate(selection.query, kind.view(doc))


def _ranked(index: Index, kind: Kind, columns: list[str], docs: Iterable[Doc]) -> Iterator[Placed]:
    for doc in docs:
        row = row_of(kind, doc, dump(doc))
        given = ", ".join("?" * len(row))
        table = f'(SELECT * FROM "doc_{kind.name}" WHERE 0 UNION ALL SELECT {given})'
        yield doc, index.db.execute(f"SELECT {', '.join(columns)} FROM {table}", row).fetchone()


class _Place:
    """Where a record stands among others, as SQLite compares: numbers before words, nothing after all."""

    def __init__(self, down: list[bool]) -> None:
        self.down = down

    def __call__(self, one: Placed) -> list[Any]:
        pairs = zip(one[1], self.down, strict=True)
        return [_Down(value) if down else _comparable(value) for value, down in pairs]


class _Down:
    """A value that stands before all that are less."""

    def __init__(self, value: Any) -> None:
        self.value = _comparable(value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: _Down) -> bool:
        return bool(other.value < self.value)


def _comparable(value: Any) -> tuple[int, Any]:
    return (0, 0) if value is None else (2 if isinstance(value, str) else 1, value)
