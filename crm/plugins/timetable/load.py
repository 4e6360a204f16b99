"""Who has how much to do when: activities of days by person (T11)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.workspace import Workspace

DAY, WEEK, MONTH = "day", "week", "month"
HOURS = range(8, 20)


class Entry(NamedTuple):
    """An activity on its day; `hour` is None where it has no time."""

    activity: Activity
    day: date
    hour: int | None
    time: str


class Load(NamedTuple):
    """The activities of days by person: `people` are logins in the order of their names, with what they are called."""

    days: tuple[date, ...]
    people: dict[str, str]
    entries: dict[tuple[str, date], list[Entry]]

    def of(self, login: str, day: date) -> list[Entry]:
        """Return what a person has on a day."""
        return self.entries.get((login, day), [])

    def count(self, login: str) -> int:
        """Return how much a person has on all days."""
        return sum(len(self.of(login, day)) for day in self.days)

    def count_on(self, day: date) -> int:
        """Return how much all have on a day."""
        return sum(len(self.of(login, day)) for login in self.people)


def days_of(view: str, day: date) -> tuple[date, ...]:
    """Return the days of a view around a day: itself, its week from Monday, its month."""
    if view == DAY:
        return (day,)
    if view == WEEK:
        first = day - timedelta(days=day.weekday())
        return tuple(first + timedelta(days=shift) for shift in range(7))
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return tuple(first + timedelta(days=shift) for shift in range((after - first).days))


def load(crm: Workspace, days: tuple[date, ...], department: str = "") -> Load:
    """Return what people of a department, or all whose activities one may read, have on days."""
    from tinydb.queries import where

    people = _people(crm, department)
    first, last = days[0] - timedelta(days=1), days[-1] + timedelta(days=2)
    query: Any = (where("due") >= first.isoformat()) & (where("due") < last.isoformat())
    entries: dict[tuple[str, date], list[Entry]] = {}
    for activity in crm.activities.find(query, sort="due"):
        entry = _entry(crm, activity)
        if entry.day in days and activity.owner in people:
            entries.setdefault((activity.owner, entry.day), []).append(entry)
    return Load(days, people, entries)


def _people(crm: Workspace, department: str) -> dict[str, str]:
    wanted = crm.settings.departments.branch(department) if department else None
    users = [user for user in crm.users.find() if user.active]
    found = {
        user.login: user.name
        for user in sorted(users, key=lambda one: one.name)
        if (wanted is None or (user.department or crm.settings.departments.only) in wanted)
        and crm.guard.may("read", "activity", {"owner": user.login})
    }
    return found or {crm.actor: crm.actor}


def _entry(crm: Workspace, activity: Activity) -> Entry:
    due: date | datetime = activity.due  # type: ignore[assignment]
    if not isinstance(due, datetime):
        return Entry(activity, due, None, "")
    here = due.astimezone(crm.settings.time_zone)
    return Entry(activity, here.date(), here.hour, f"{here:%H:%M}")


def read_day(text: str, today: date) -> date:
    """Return the day that a page was asked for; raise InvalidValue."""
    try:
        return date.fromisoformat(text) if text.strip() else today
    except ValueError:
        raise InvalidValue(_("«{text}» is not a day.").format(text=text), _("Write it as 2026-01-31.")) from None
