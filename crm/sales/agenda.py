"""The agenda: what a person has to do by day, and how much of it everybody has."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from tinydb.queries import where

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.model.deal import Deal
    from crm.sales.desk import Desk


def day_of(crm: Desk, activity: Activity) -> date | None:
    """Return the day of an activity in the workspace's time zone, None without a date."""
    due = activity.due
    if isinstance(due, datetime):
        return due.astimezone(crm.settings.time_zone).date()
    return due


def agenda(crm: Desk, owner: str, today: date) -> dict[str, list[Activity]]:
    """Return what is not done, as overdue, today, later and undated; of one owner, or of everybody."""
    query = ~(where("done") == True)  # noqa: E712 - a query, not a comparison
    if owner:
        query &= where("owner") == owner
    found: dict[str, list[Activity]] = {"overdue": [], "today": [], "later": [], "undated": []}
    for activity in crm.collection("activity").find(query, sort="due"):
        found[_when(day_of(crm, activity), today)].append(activity)
    return {name: sorted(some, key=lambda one: not one.urgent) for name, some in found.items()}


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
    query = (where("due") >= _before(crm, since)) & (where("due") < _after(crm, until))
    if owner:
        query &= where("owner") == owner
    counted: Counter[tuple[date, str]] = Counter()
    for activity in crm.collection("activity").find(query):
        day = day_of(crm, activity)
        if day is not None and since <= day <= until:
            counted[day, activity.owner] += 1
    return [(day, login, count) for (day, login), count in sorted(counted.items())]


def _before(crm: Desk, day: date) -> str:
    """Return a text that does not sort behind any due time of `day`, in whatever zone."""
    start = datetime.combine(day, time.min, crm.settings.time_zone)
    return min(start.astimezone(UTC).isoformat(), day.isoformat())


def _after(crm: Desk, day: date) -> str:
    """Return a text that sorts behind every due time of `day`, in whatever zone."""
    end = datetime.combine(day + timedelta(days=1), time.min, crm.settings.time_zone)
    return max(end.astimezone(UTC).isoformat(), (day + timedelta(days=1)).isoformat())
