"""Who has how much to do when: activities of days by person (T11)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.workspace import Workspace

DAY, WEEK, MONTH = "day", "week", "month"
HOURS = range(8, 20)
MOST = 1_000_000


class Entry(NamedTuple):
    """An activity on its day; `hour` is None where it has no time."""

    activity: Activity
    day: date
    hour: int | None
    time: str


class Load(NamedTuple):
    """The activities of days by person: `people` are logins in the order of their names, with what they are called.

    `entries` are the first of them, `numbers` says how many there are.
    """

    days: tuple[date, ...]
    people: dict[str, str]
    entries: dict[tuple[str, date], list[Entry]]
    numbers: dict[tuple[str, date], int]

    def of(self, login: str, day: date) -> list[Entry]:
        """Return what a person has on a day, the first of it."""
        return self.entries.get((login, day), [])

    def number(self, login: str, day: date) -> int:
        """Return how much a person has on a day."""
        return self.numbers.get((login, day), 0)

    def count(self, login: str) -> int:
        """Return how much a person has on all days."""
        return sum(self.number(login, day) for day in self.days)

    def count_on(self, day: date) -> int:
        """Return how much all have on a day."""
        return sum(self.number(login, day) for login in self.people)


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


def load(crm: Workspace, days: tuple[date, ...], department: str = "", most: int = MOST) -> Load:
    """Return what people of a department, or all whose activities one may read, have on days; `most` entries a day."""
    from tinydb.queries import where

    people = _people(crm, department)
    first, last = days[0] - timedelta(days=1), days[-1] + timedelta(days=2)
    query: Any = (where("due") >= first.isoformat()) & (where("due") < last.isoformat())
    found = Load(days, people, {}, {})
    for led in crm.activities.leading("owner", "due:day", limit=most, sort="due", query=query):
        place = str(led.by[0] or ""), date.fromisoformat(led.by[1])
        if place[0] in people and place[1] in days:
            found.entries[place] = [_entry(crm, one) for one in led.records]
            found.numbers[place] = led.count
    return found


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
