"""The agenda: what a person has to do by day, and how much of it everybody has."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tinydb.queries import where

if TYPE_CHECKING:
    from tinydb.queries import QueryInstance

    from crm.model.activity import Activity
    from crm.model.deal import Deal
    from crm.sales.desk import Desk


def day_of(crm: Desk, activity: Activity) -> date | None:
    """Return the day of an activity in the workspace's time zone, None without a date."""
    due = activity.due
    if isinstance(due, datetime):
        return due.astimezone(crm.settings.time_zone).date()
    return due


def pending(crm: Desk, owner: str) -> QueryInstance:
    """Return the query of what is not done, of one owner or of everybody.

    Nearly always `done` is absent there, which the index finds; a file of the past may say «no» in so many words.
    """
    said = where("done") == False  # noqa: E712 - a query, not a comparison
    absent = ~where("done").exists()
    if owner:
        said, absent = (where("owner") == owner) & said, (where("owner") == owner) & absent
    return absent | said if crm.collection("activity").count(said) else absent


class Planned(NamedTuple):
    """What is to be done at one time: the first of it, and how much there is."""

    first: list[Activity]
    count: int  # type: ignore[assignment]


def agenda(crm: Desk, owner: str, today: date) -> dict[str, list[Activity]]:
    """Return what is not done, as overdue, today, later and undated; of one owner, or of everybody."""
    found: dict[str, list[Activity]] = {"overdue": [], "today": [], "later": [], "undated": []}
    for activity in crm.collection("activity").find(pending(crm, owner), sort="due"):
        found[_when(day_of(crm, activity), today)].append(activity)
    return {name: sorted(some, key=lambda one: not one.urgent) for name, some in found.items()}


def beginning(crm: Desk, owner: str, today: date, most: int) -> dict[str, Planned]:
    """Return the first of each part of the agenda, in its order, and how much there is of each."""
    activities, tomorrow = crm.collection("activity"), today + timedelta(days=1)
    undone, found = pending(crm, owner), {}
    parts = {
        "overdue": _before(crm, today),
        "today": _since(crm, today) & _before(crm, tomorrow),
        "later": _since(crm, tomorrow),
        "undated": ~where("due").exists(),
    }
    for name, part in parts.items():
        query, urgent = undone & part, where("urgent") == True  # noqa: E712 - a query, not a comparison
        first = list(activities.find(query & urgent, sort="due", limit=most))
        first += activities.find(query & ~urgent, sort="due", limit=most - len(first))
        found[name] = Planned(first, activities.count(query))
    return found


def _when(day: date | None, today: date) -> str:
    if day is None:
        return "undated"
    return "overdue" if day < today else "today" if day == today else "later"


def without_next(crm: Desk, owner: str) -> list[Deal]:
    """Return the open deals of an owner, or of everybody, for which nothing is planned."""
    query = ~where("outcome").exists()
    if owner:
        query &= where("owner") == owner
    deals: list[Deal] = list(crm.collection("deal").find(query))
    pending = ~(where("done") == True)  # noqa: E712 - a query, not a comparison
    planned = {one.about for one in crm.collection("activity").holding("about", [deal.ref for deal in deals], pending)}
    return [deal for deal in deals if deal.ref not in planned]


def load_by_day(crm: Desk, since: date, until: date, owner: str = "") -> list[tuple[date, str, int]]:
    """Return (day, owner, number of planned activities) for the days from `since` to `until`."""
    query = due_between(crm, since, until)
    if owner:
        query &= where("owner") == owner
    groups = crm.collection("activity").totals("due:day", "owner", query=query)
    counted = sorted((str(group.by[0]), str(group.by[1] or ""), group.count) for group in groups)
    return [(date.fromisoformat(day), login, count) for day, login, count in counted]


def due_between(crm: Desk, first: date, last: date) -> QueryInstance:
    """Return the query of what is due on the days from `first` to `last`."""
    return _since(crm, first) & _before(crm, last + timedelta(days=1))


def _since(crm: Desk, day: date) -> QueryInstance:
    """Return the query of what is due on a day or after it, as times in UTC and as days without a time."""
    start, plain = _start(crm, day), day.isoformat()
    return where("due") >= start if start < plain else (where("due") >= start) | (where("due") == plain)


def _before(crm: Desk, day: date) -> QueryInstance:
    """Return the query of what is due before a day."""
    start, plain = _start(crm, day), day.isoformat()
    return where("due") < start if start < plain else (where("due") < start) & (where("due") != plain)


def _start(crm: Desk, day: date) -> str:
    return datetime.combine(day, time.min, crm.settings.time_zone).astimezone(UTC).isoformat()
