"""Minutes of work between two moments: only the hours of working days count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo


class WorkTime(NamedTuple):
    """When people work: from `first` to `last` of each day for which `works` holds, in `zone`."""

    first: time
    last: time
    works: Callable[[date], bool]
    zone: tzinfo

    def minutes(self, since: datetime, until: datetime) -> int:
        """Return the whole minutes of work from `since` to `until`, 0 where it is not later."""
        start, end = since.astimezone(self.zone), until.astimezone(self.zone)
        total = timedelta()
        day = start.date()
        while day <= end.date():
            if self.works(day):
                opens = max(start, datetime.combine(day, self.first, self.zone))
                closes = min(end, datetime.combine(day, self.last, self.zone))
                total += max(closes - opens, timedelta())
            day += timedelta(days=1)
        return int(total.total_seconds() // 60)
