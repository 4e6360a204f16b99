"""Patience with wrong passwords: how long a name has to wait before the next try."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FREE, LONGEST, MOST = 5, 900, 1000
"""Failures without waiting; the longest wait in seconds; names that are remembered."""


class Patience:
    """How long a name has to wait after wrong passwords: twice as long with each failure beyond the free ones."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures: dict[str, tuple[int, float]] = {}

    def wait(self, name: str) -> int:
        """Return the seconds that `name` still has to wait."""
        count, until = self._failures.get(name, (0, 0.0))
        return max(0, round(until - self._clock() + 0.5)) if count > FREE else 0

    def failed(self, name: str) -> None:
        """Note a failure."""
        with self._lock:
            count = self._failures.pop(name, (0, 0.0))[0] + 1
            pause = min(2 ** max(0, count - FREE), LONGEST)
            self._failures[name] = (count, self._clock() + pause)
            while len(self._failures) > MOST:
                del self._failures[next(iter(self._failures))]

    def passed(self, name: str) -> None:
        """Forget the failures of a name."""
        with self._lock:
            self._failures.pop(name, None)
