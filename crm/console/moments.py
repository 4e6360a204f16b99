"""Dates and times as people say them: сегодня, вчера, 28 нояб.; the exact one is kept beside."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from crm.locale import _, language

if TYPE_CHECKING:
    from datetime import tzinfo

    from crm.console.visit import Context


class Clock:
    """Says moments as they are seen from `today` in a time zone."""

    def __init__(self, zone: tzinfo, today: date) -> None:
        self.zone = zone
        self.today = today
        self.near = {
            today - timedelta(days=1): _("yesterday"),
            today: _("today"),
            today + timedelta(days=1): _("tomorrow"),
        }

    def local(self, value: datetime | date) -> datetime | date:
        """Return a time in the zone; a day stays a day."""
        return value.astimezone(self.zone) if isinstance(value, datetime) else value

    def moment(self, value: datetime | date) -> Context:
        """Return a moment as templates show it: text, exact, iso."""
        here = self.local(value)
        return {"text": self.text(here), "exact": exact(here), "iso": here.isoformat()}

    def clock(self, value: datetime | date) -> Context:
        """Return a moment whose day is told beside it: the time alone."""
        here = self.local(value)
        text = f"{here:%H:%M}" if isinstance(here, datetime) else day_text(here, self.today)
        return {"text": text, "exact": exact(here), "iso": here.isoformat()}

    def text(self, here: datetime | date) -> str:
        """Return a local moment in words: near days with their time, others without."""
        day = day_of(here)
        word = self.near.get(day)
        if word is None:
            return day_text(day, self.today)
        return f"{word}, {here:%H:%M}" if isinstance(here, datetime) else word

    def day(self, value: datetime | date) -> date:
        """Return the day of a moment in the zone."""
        return day_of(self.local(value))

    def title(self, day: date) -> str:
        """Return a day as a heading."""
        word = self.near.get(day)
        return word[0].upper() + word[1:] if word else day_text(day, self.today)

    def age(self, value: datetime | date) -> Context:
        """Return how many days ago a moment was, as a moment."""
        here = self.local(value)
        days = (self.today - day_of(here)).days
        text = self.near[self.today] if days <= 0 else _("{n} d").format(n=days)
        return {"text": text, "exact": exact(here), "iso": here.isoformat(), "days": days}


def day_of(here: datetime | date) -> date:
    """Return the day of a local moment."""
    return here.date() if isinstance(here, datetime) else here


def exact(here: datetime | date) -> str:
    """Return a local moment in digits."""
    form = "%Y-%m-%d" if language() == "en" else "%d.%m.%Y"
    return here.strftime(f"{form} %H:%M" if isinstance(here, datetime) else form)


def day_text(day: date, today: date) -> str:
    """Return a day with its month in letters, and the year when it is another one."""
    text = f"{day.day} {_months(language())[day.month]}"
    return text if day.year == today.year else f"{text} {day.year}"


@cache
def _months(code: str) -> dict[int, str]:
    from babel.dates import get_month_names

    return {number: str(name) for number, name in get_month_names("abbreviated", "format", locale=code).items()}
