"""Fields of dates and times: what is typed («tomorrow 15:00», 31.01.2026) and how it is kept, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from crm.locale import _
from crm.model.fields import Field

if TYPE_CHECKING:
    from crm.model.fields import Customs, Json


_DAYS = {
    "today": 0, "сегодня": 0, "сьогодні": 0,
    "tomorrow": 1, "завтра": 1,
    "yesterday": -1, "вчера": -1, "вчора": -1,
}  # fmt: skip
_SHIFT = re.compile(r"(?P<word>[^\W\d]*)\s*(?P<by>[+-]\d{1,4})\s*(?P<unit>[dwmyднтмгр]?)")
_UNITS = {"w": (7, 0), "н": (7, 0), "т": (7, 0), "m": (0, 1), "м": (0, 1), "y": (0, 12), "г": (0, 12), "р": (0, 12)}
"""Units of a shift as (days, months); others are days. Letters of недели, тижні, месяцы, годы, роки."""


def parse_day(text: str, today: date) -> date | None:
    """Read a day: `2026-01-31`, `31.01.2026`, `today`, `tomorrow`, `+3`, `+2w`, `today-1m`; None when it is not one."""
    text = text.strip().casefold()
    if text in _DAYS:
        return today + timedelta(days=_DAYS[text])
    shift = _SHIFT.fullmatch(text)
    if shift and (not shift["word"] or shift["word"] in _DAYS):
        return _shifted(today + timedelta(days=_DAYS.get(shift["word"], 0)), int(shift["by"]), shift["unit"])
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _shifted(day: date, by: int, unit: str) -> date | None:
    """Return the day so many days, weeks, months or years away; the 31st becomes the last of a shorter month."""
    from calendar import monthrange

    days, months = _UNITS.get(unit, (1, 0))
    year, month = divmod(day.year * 12 + day.month - 1 + by * months, 12)
    if not 1 <= year <= 9998:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) + timedelta(days=by * days)


class Day(Field[date | None]):
    """A date without a time."""

    sort = "date"

    def value(self, stored: Json) -> date | None:
        """Return the date."""
        return None if stored is None else date.fromisoformat(stored[:10])

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the date as `2026-01-31`."""
        if isinstance(raw, datetime):
            return raw.date().isoformat()
        if isinstance(raw, date):
            return raw.isoformat()
        day = parse_day(str(raw), customs.today())
        if day is None or not 1900 <= day.year <= 2200:
            raise self.wrong(raw, _("a date such as 2026-01-31, 31.01.2026, today or tomorrow is needed"))
        return day.isoformat()


class Moment(Field["datetime | date | None"]):
    """A time, kept in UTC; a day without a time stays a day."""

    sort = "time"

    def value(self, stored: Json) -> datetime | date | None:
        """Return the time with its offset, or the day."""
        if stored is None:
            return None
        return date.fromisoformat(stored) if len(stored) == 10 else datetime.fromisoformat(stored)

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the time in UTC, or the day: `2026-01-31 15:00`, `tomorrow 15:00`, `tomorrow`."""
        if isinstance(raw, datetime):
            return _in_utc(raw, customs)
        if isinstance(raw, date):
            return raw.isoformat()
        text = str(raw).strip()
        try:
            found = _read_moment(text, customs)
        except (ValueError, OverflowError):
            found = None
        if found is None or not 1900 <= int(found[:4]) <= 2200:
            raise self.wrong(raw, _("a time such as «2026-01-31 15:00», «tomorrow 15:00» or a date is needed"))
        return found


def _read_moment(text: str, customs: Customs) -> str | None:
    day = parse_day(text, customs.today())
    if day is not None:
        return day.isoformat()
    head, _space, clock = text.rpartition(" ")
    day = parse_day(head, customs.today()) if head else None
    if day is not None and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", clock):
        return _in_utc(datetime.fromisoformat(f"{day.isoformat()}T{clock.zfill(5)}"), customs)
    return _in_utc(datetime.fromisoformat(text), customs)


def _in_utc(moment: datetime, customs: Customs) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=customs.time_zone)
    return aware.astimezone(UTC).isoformat(timespec="seconds")
