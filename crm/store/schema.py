"""What the store must know of a kind of record: its name, its columns, and how to find words and keys in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crm.store.journal import Doc

ColumnKind = Literal["text", "integer", "bool", "money", "time"]


class Column(NamedTuple):
    """A column of a kind's table: `name`, and a money column `<name>_currency` beside it.

    text and time are TEXT; integer and bool INTEGER; money INTEGER, the amount in units of 10⁻⁴.
    """

    name: str
    kind: ColumnKind


class Kind(NamedTuple):
    """One kind of record.

    `orders` are the column lists that get an index in SQLite; `keys` yields (field, value) pairs that find the record;
    `text` is what the search looks in; `view` is the document as queries see it (money that compares as numbers).
    """

    name: str
    plural: str
    columns: Mapping[str, Column] = {}
    orders: tuple[tuple[str, ...], ...] = ()
    money: frozenset[str] = frozenset()
    keys: Callable[[Doc], Iterable[tuple[str, str]]] = lambda _doc: ()
    text: Callable[[Doc], str] = lambda _doc: ""
    view: Callable[[Doc], Mapping[str, Any]] = lambda doc: doc
    tally: tuple[str, ...] = ()


Kinds = Mapping[str, Kind]
"""Kinds by name, in the order of registration.

They may be made when they are first asked for; an attribute `stamp` then changes with all that they are made of.
"""
