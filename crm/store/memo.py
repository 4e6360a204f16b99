"""What was reckoned from all records, kept in memory until the next change set: sums and reports that read much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from crm.store.index import Index

T = TypeVar("T")
MOST = 300
"""Answers that are kept."""
_NOTHING: Any = object()


class Memo:
    """Answers by question, all of one position of the journal; threads may share it."""

    def __init__(self) -> None:
        self._held: tuple[str | None, dict[Hashable, Any]] = (None, {})

    def recall(self, index: Index, question: Hashable, answer: Callable[[], T]) -> T:
        """Return the answer to a question: the one that is kept, else what `answer` finds.

        An answer is kept under the position that was read before it was looked for, so it is never older than that.
        """
        position = index.meta("position")
        held = self._held
        if held[0] != position:
            self._held = held = (position, {})
        kept = held[1]
        found: T = kept.get(question, _NOTHING)
        if found is not _NOTHING:
            return found
        found = answer()
        if len(kept) >= MOST:
            kept.clear()
        kept[question] = found
        return found
