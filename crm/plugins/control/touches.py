"""Touches: activities that were done lately, by client and by owner."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.plugins.control.reading import Reading


class Touches:
    """The activities done in the last `days` days, by clients; with `successful`, those that reached someone."""

    def __init__(self, reading: Reading, days: int, *, successful: bool = False) -> None:
        from tinydb.queries import where

        self._reading = reading
        since = (reading.today - timedelta(days=days)).isoformat()
        query: Any = (where("done") == True) & (where("done_at") >= since)  # noqa: E712 - a query
        if successful:
            query &= ~where("outcome").one_of(["failure", "no_answer"])
        self._groups = reading.crm.activities.totals("about", "owner", query=query)
        self._counts: Counter[str] = Counter()
        for group in self._groups:
            for ref in reading.clients_of(str(group.by[0] or "")):
                self._counts[ref] += group.count

    def of(self, ref: str) -> int:
        """Return how often a client was touched."""
        return self._counts[ref]

    def by_owner(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, dict[str, int]]]:
        """Yield each owner with the numbers of overdue, planned and done activities."""
        counted: dict[str, dict[str, int]] = defaultdict(lambda: {"overdue": 0, "planned": 0, "done": 0})
        for group in self._groups:
            counted[str(group.by[1])]["done"] += group.count
        for owner, late in self._reading.agenda():
            counted[owner]["overdue" if late else "planned"] += 1
        return ((owner, row) for owner, row in sorted(counted.items()) if wanted(owner))
