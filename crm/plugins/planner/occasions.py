"""The days of a routine: mon, thu of a week; 1, 15, last of a month; moved to a working day where they fall on none."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.planner.routine import DAY, QUARTER, WEEK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOCAL = {
    "пн": 0, "вт": 1, "ср": 2, "чт": 3, "пт": 4, "сб": 5, "вс": 6, "нд": 6,
    "последний": "last", "останній": "last",
}  # fmt: skip
LAST = 32
FARTHEST = 366


def read_days(every: str, text: str) -> frozenset[int]:
    """Return the days that `on` names, weekdays from 0 or days of a month, LAST for the last; raise InvalidValue."""
    words = [str(_LOCAL.get(word, word)) for word in re.split(r"[\s,;]+", text.strip().lower()) if word]
    if every == DAY:
        return frozenset(range(7))
    if not words:
        return frozenset({0 if every == WEEK else 1})
    return frozenset(_day(every, word) for word in words)


def _day(every: str, word: str) -> int:
    if every == WEEK:
        if word[:3] in WEEKDAYS:
            return WEEKDAYS.index(word[:3])
        if word.isdecimal() and int(word) < 7:
            return int(word)
    elif word == "last":
        return LAST
    elif word.isdecimal() and 1 <= int(word) <= 31:
        return int(word)
    raise InvalidValue(
        _("«{word}» is no day of a {every}.").format(word=word, every=_(every)),
        _("Write mon, thu for a week; 1, 15, last for a month."),
    )


def read_time(text: str) -> time | None:
    """Return the time of day, None where none is given; raise InvalidValue."""
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip().zfill(5))
    except ValueError:
        raise InvalidValue(_("«{text}» is not a time.").format(text=text), _("Write it as 10:00.")) from None


def occasions(every: str, on: str, since: date, until: date, works: Callable[[date], bool]) -> Iterator[date]:
    """Yield the days of a routine from `since` to `until`; a day off moves to the next working day."""
    days, seen = read_days(every, on), set()
    for shift in range(-14, (until - since).days + 1):
        day = since + timedelta(days=shift)
        if not _is_one(every, days, day):
            continue
        moved = day if every == DAY else _working(day, works)
        if since <= moved <= until and moved not in seen and works(moved):
            seen.add(moved)
            yield moved


def _is_one(every: str, days: frozenset[int], day: date) -> bool:
    if every in (DAY, WEEK):
        return day.weekday() in days
    if every == QUARTER and day.month not in (1, 4, 7, 10):
        return False
    last = monthrange(day.year, day.month)[1]
    return day.day in days or (day.day == last and any(one > last for one in days))


def _working(day: date, works: Callable[[date], bool]) -> date:
    """Return the day, or the next one on which people work; the day itself where they never do."""
    return next((one for one in (day + timedelta(days=shift) for shift in range(14)) if works(one)), day)
