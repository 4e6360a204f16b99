"""Minutes of work between two moments: only the hours of working days count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo


class Workdays:
    """The days that `works` holds for, counted once and then known."""

    def __init__(self, works: Callable[[date], bool]) -> None:
        self._works = works
        self._begin = date.max
        self._before: list[int] = []

    def between(self, first: date, after: date) -> int:
        """Return how many of the days from `first` on and before `after` are worked."""
        if first >= after:
            return 0
        if first < self._begin:
            self._begin, self._before = first, [0]
        while len(self._before) <= (after - self._begin).days:
            day = self._begin + timedelta(days=len(self._before) - 1)
            self._before.append(self._before[-1] + self._works(day))
        return self._before[(after - self._begin).days] - self._before[(first - self._begin).days]


class WorkTime(NamedTuple):
    """When people work: from `first` to `last` of each of `days`, in `zone`."""

    first: time
    last: time
    days: Workdays
    zone: tzinfo

    def minutes(self, since: datetime, until: datetime) -> int:
        """Return the whole minutes of work from `since` to `until`, 0 where it is not later."""
        start, end = since.astimezone(self.zone), until.astimezone(self.zone)
        day, next_day = start.date(), start.date() + timedelta(days=1)
        total = self._within(day, start, end)
        if day < end.date():
            total += self._within(end.date(), start, end)
            total += self.days.between(next_day, end.date()) * self._within_day()
        return int(total.total_seconds() // 60)

    def _within(self, day: date, start: datetime, end: datetime) -> timedelta:
        if not self.days.between(day, day + timedelta(days=1)):
            return timedelta()
        opens = max(start, datetime.combine(day, self.first, self.zone))
        closes = min(end, datetime.combine(day, self.last, self.zone))
        return max(closes - opens, timedelta())

    def _within_day(self) -> timedelta:
        return max(datetime.combine(date.min, self.last) - datetime.combine(date.min, self.first), timedelta())
