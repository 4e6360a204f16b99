"""The calendar: a month of planned and done activities, of one person or of everybody one may see (T11, O7)."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tinydb.queries import where

from crm.console.board import ICONS, counted
from crm.console.controls import control, options
from crm.console.routes import page
from crm.console.visit import View
from crm.locale import _, language
from crm.model.days import read_month
from crm.sales.agenda import day_of, due_between

if TYPE_CHECKING:
    from tinydb.queries import QueryInstance

    from crm.console.visit import Context, Visit
    from crm.model.activity import Activity
    from crm.sales.collection import Led

SHOWN = 4
EVERYBODY = "all"


@page("/calendar")
def calendar(visit: Visit) -> View:
    """Show a month."""
    first = _month(visit)
    who = visit.query.get("user").strip() or visit.crm.actor
    days = _days(first)
    found = _activities(visit, days[0], days[-1], who)
    shown: Context = {
        "title": _month_title(first),
        "address": visit.url.calendar(),
        "people": _people(visit, who),
        "month": f"{first:%Y-%m}",
        "previous": visit.url.calendar(month=f"{first - timedelta(days=1):%Y-%m}", user=visit.query.get("user")),
        "next": visit.url.calendar(month=f"{first + timedelta(days=32):%Y-%m}", user=visit.query.get("user")),
        "now": visit.url.calendar(user=visit.query.get("user")),
        "total": counted("activity", sum(led.count for day, led in found.items() if day.month == first.month)),
        "names": _weekdays(),
        "weeks": [
            [_day(visit, day, first, found.get(day), who) for day in days[at : at + 7]] for at in range(0, len(days), 7)
        ],
    }
    return View("calendar.html", shown["title"], "calendar", {"calendar": shown}, data=lambda: _data(visit, first, who))


def _data(visit: Visit, first: date, who: str) -> Context:
    """Return every activity of a month by its day."""
    after = (first + timedelta(days=32)).replace(day=1)
    days: dict[str, list[str]] = {}
    for one in visit.crm.activities.find(_query(visit, first, after - timedelta(days=1), who), sort="due"):
        days.setdefault(str(day_of(visit.crm, one)), []).append(one.ref)
    return {"month": f"{first:%Y-%m}", "days": days}


def _month(visit: Visit) -> date:
    """Return the first day of the month that is asked for; raise InvalidValue."""
    text = visit.query.get("month").strip()
    return read_month(text) if text else visit.crm.today().replace(day=1)


def _days(first: date) -> list[date]:
    """Return the days of whole weeks around a month, Mondays first."""
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    return [day for week in weeks for day in week]


def _activities(visit: Visit, first: date, last: date, who: str) -> dict[date, Led]:
    """Return the first activities of days, by the time they are due, and how many there are."""
    query = _query(visit, first, last, who)
    found: list[Led] = visit.crm.remembered(
        ("calendar", first, last, who),
        lambda: visit.crm.activities.leading("due:day", limit=SHOWN, sort="due", query=query),
    )
    return {date.fromisoformat(led.by[0]): led for led in found}


def _query(visit: Visit, first: date, last: date, who: str) -> QueryInstance:
    query = due_between(visit.crm, first, last)
    if who == EVERYBODY:
        return query
    visit.crm.guard.check("read", "activity", {"owner": who})
    return query & where("owner").one_of([who])


def _people(visit: Visit, who: str) -> Context | None:
    may = visit.crm.guard.may
    seen = {login: name for login, name in visit.shown.active.items() if may("read", "activity", {"owner": login})}
    if not seen.keys() - {visit.crm.actor}:
        return None
    pairs = {
        visit.crm.actor: visit.shown.names.get(visit.crm.actor, visit.crm.actor),
        **seen,
        EVERYBODY: _("Everybody"),
    }
    return control("user", _("Whose days"), "select", options=options(pairs.items(), [who]))


def _day(visit: Visit, day: date, first: date, some: Led | None, who: str) -> Context:
    crm, today = visit.crm, visit.crm.today()
    add = crm.guard.may("create", "activity", None) and day >= today
    owner, count = "" if who == EVERYBODY else who, some.count if some else 0
    return {
        "number": day.day,
        "title": visit.shown.clock.title(day),
        "today": day == today,
        "other": day.month != first.month,
        "items": [_item(visit, one, day < today) for one in (some.records if some else ())],
        "rest": max(count - SHOWN, 0),
        "all": visit.url.list("activity", where=f"due >= {day} and due < {day + timedelta(days=1)}", owner=owner),
        "add": visit.url.add("activity", due=f"{day}T09:00", owner=owner, back=visit.here) if add else "",
    }


def _item(visit: Visit, one: Activity, past: bool) -> Context:
    due = one.due
    return {
        "icon": ICONS.get(one.kind, "task"),
        "time": visit.shown.clock.clock(due)["text"] if due is not None and "T" in str(one.doc["due"]) else "",
        "text": one.subject,
        "address": visit.url.card("activity", one.id),
        "done": one.done,
        "tone": "" if one.done else "bad" if past else "",
        "owner": visit.shown.person(one.owner),
    }


def _month_title(first: date) -> str:
    from babel.dates import format_date

    text = format_date(first, "LLLL y", locale=language())
    return text[:1].upper() + text[1:]


def _weekdays() -> list[str]:
    from babel.dates import get_day_names

    names = get_day_names("abbreviated", "stand-alone", locale=language())
    return [str(names[day]) for day in range(7)]
