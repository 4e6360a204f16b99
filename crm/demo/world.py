"""The workspace of the demo, whose clock stands at the day that is told and whose author is who does what is told."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from crm.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSE = timedelta(minutes=4)
"""How long one deed takes."""


class World(Workspace):
    """A workspace in which anybody may be seen at work on any day."""

    day: date = date(2000, 1, 1)
    author = ""
    _since = timedelta(hours=9)

    @property
    def actor(self) -> str:
        """Return who does what is told; whoever made the workspace while nobody is named."""
        return self.author or super().actor

    @property
    def maker(self) -> str:
        """Return who made the workspace."""
        return super().actor

    @contextmanager
    def by(self, login: str) -> Iterator[None]:
        """Let somebody do what is inside, a few minutes after what was done before."""
        before, self.author = self.author, login
        self._since += PAUSE
        try:
            yield
        finally:
            self.author = before

    def at_hour(self, hour: int) -> None:
        """Put the clock forward to an hour of the day."""
        self._since = timedelta(hours=hour)

    def today(self) -> date:
        """Return the day that is being told."""
        return self.day

    def clock(self) -> str:
        """Return the time of the day that is being told, in UTC."""
        moment = datetime.combine(self.day, time(), self.settings.time_zone) + self._since
        return min(moment.astimezone(UTC), datetime.now(UTC)).isoformat(timespec="seconds")
