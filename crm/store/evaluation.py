"""TinyDB's own word on a document, and the functions that SQL asks Python for; importing this imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from tinydb.queries import QueryLike


def evaluate(query: QueryLike, document: Mapping[str, Any]) -> bool:
    """Ask TinyDB whether a document matches; one with values that do not compare (TypeError) does not."""
    try:
        return bool(query(document))
    except TypeError:
        return False


def register_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that compiled queries call: `fold(text)` and `exact_real(text)`."""
    connection.create_function("fold", 1, _fold, deterministic=True)
    connection.create_function("exact_real", 1, float, deterministic=True)


def _fold(value: str | float | None) -> str | float | None:
    return value.casefold() if isinstance(value, str) else value
