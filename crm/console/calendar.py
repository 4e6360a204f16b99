"""The calendar: a month of planned and done activities, of one person or of everybody one may see (T11, O7)."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.board import ICONS, counted
from crm.console.controls import control, options
from crm.console.routes import page
from crm.console.visit import View
from crm.errors import InvalidValue
from crm.locale import _, language
from crm.sales.agenda import day_of

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.model.activity import Activity

SHOWN = 4
EVERYBODY = "all"


@page("/calendar")
def calendar(visit: Visit) -> View:
    """Show a month."""
    first = _month(visit)
    who = visit.query.get("user").strip() or visit.crm.actor
    days = _days(first)
    found = _activities(visit, days[0], days[-1], who)
    mine = {day: some for day, some in found.items() if day.month == first.month}
    shown: Context = {
        "title": _month_title(first),
        "address": visit.url.calendar(),
        "people": _people(visit, who),
        "month": f"{first:%Y-%m}",
        "previous": visit.url.calendar(month=f"{first - timedelta(days=1):%Y-%m}", user=visit.query.get("user")),
        "next": visit.url.calendar(month=f"{first + timedelta(days=32):%Y-%m}", user=visit.query.get("user")),
        "now": visit.url.calendar(user=visit.query.get("user")),
        "total": counted("activity", sum(map(len, mine.values()))),
        "names": _weekdays(),
        "weeks": [
            [_day(visit, day, first, found.get(day, []), who) for day in days[at : at + 7]]
            for at in range(0, len(days), 7)
        ],
    }
    data = {"month": shown["month"], "days": {str(day): [one.ref for one in some] for day, some in mine.items()}}
    return View("calendar.html", shown["title"], "calendar", {"calendar": shown}, data=data)


def _month(visit: Visit) -> date:
    """Return the first day of the month that is asked for; raise InvalidValue."""
    text = visit.query.get("month").strip()
    if not text:
        return visit.crm.today().replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InvalidValue(_("«{text}» is not a month.").format(text=text), _("Write it as 2026-11.")) from None


def _days(first: date) -> list[date]:
    """Return the days of whole weeks around a month, Mondays first."""
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    return [day for week in weeks for day in week]


def _activities(visit: Visit, first: date, last: date, who: str) -> dict[date, list[Activity]]:
    """Return the activities of days, by the time they are due."""
    before, after = (first - timedelta(days=1)).isoformat(), (last + timedelta(days=2)).isoformat()
    query: Any = (where("due") >= before) & (where("due") < after)
    if who != EVERYBODY:
        visit.crm.guard.check("read", "activity", {"owner": who})
        query &= where("owner") == who
    found: dict[date, list[Activity]] = {}
    for one in visit.crm.activities.find(query, sort="due"):
        day = day_of(visit.crm, one)
        if day is not None and first <= day <= last:
            found.setdefault(day, []).append(one)
    return found


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


def _day(visit: Visit, day: date, first: date, some: list[Activity], who: str) -> Context:
    crm, today = visit.crm, visit.crm.today()
    add = crm.guard.may("create", "activity", None) and day >= today
    owner = "" if who == EVERYBODY else who
    return {
        "number": day.day,
        "title": visit.shown.clock.title(day),
        "today": day == today,
        "other": day.month != first.month,
        "items": [_item(visit, one, day < today) for one in some[:SHOWN]],
        "rest": len(some) - SHOWN if len(some) > SHOWN else 0,
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
