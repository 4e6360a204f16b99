"""Loading an index that nobody reads yet: keys are sorted once at the end, and what keeps an order is made last."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm.store import tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.store.index import Index

_CACHE_KIB = 64 * 1024


@contextmanager
def loading(index: Index) -> Iterator[None]:
    """Take records without upkeep of order; what breaks inside leaves a file that must be thrown away."""
    db = index.db
    for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}", "temp_store=FILE"):
        db.execute(f"PRAGMA {pragma}")
    made_last = list(_indexes(index))
    for name, _sql in made_last:
        db.execute(f'DROP INDEX "{name}"')
    db.execute("CREATE TEMP TABLE loose(kind TEXT, field TEXT, value TEXT, id INTEGER)")
    index.key_table, index.tallying = "temp.loose", False
    yield
    index.key_table, index.tallying = "key", True
    db.execute("INSERT OR IGNORE INTO key SELECT kind, field, value, id FROM temp.loose ORDER BY 1, 2, 3, 4")
    db.execute("DROP TABLE temp.loose")
    for _name, sql in made_last:
        db.execute(sql)
    for kind in index.kinds.values():
        if kind.tally:
            tally.fill(index, kind)
    db.execute("PRAGMA journal_mode=WAL")


def _indexes(index: Index) -> list[tuple[str, str]]:
    rows = index.db.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    return [(name, sql) for name, sql in rows if name.startswith(("order_", "key_of"))]
