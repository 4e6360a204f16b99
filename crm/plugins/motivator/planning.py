"""Planned against done (M4), and the rush at the end of the month (M16)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm.locale import N_, _
from crm.model.report import Asked, Behind, Figure, Table, counted, within
from crm.plugins.motivator.absences import days_absent
from crm.plugins.motivator.report import done_between
from crm.plugins.motivator.settings import MotivatorRules
from crm.plugins.motivator.standing import stability, trend

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.workspace import Workspace

PLANNING = (
    Figure("owner", N_("User")),
    Figure("title", N_("Full name")),
    Figure("planned", N_("Planned"), "count"),
    Figure("in_time", N_("Done in time"), "count"),
    Figure("late", N_("Done late"), "count"),
    Figure("open", N_("Not done"), "count"),
    Figure("kept", N_("Plan kept, %"), "percent"),
    Figure("unplanned", N_("Done without a plan"), "count"),
    Figure("stability", N_("Stability of planning, %"), "percent"),
    Figure("trend", N_("Trend, planned a day"), "days"),
)
RUSH = (
    Figure("month", N_("Month")),
    Figure("done", N_("Done"), "count"),
    Figure("first", N_("First third, %"), "percent"),
    Figure("middle", N_("Middle third, %"), "percent"),
    Figure("last", N_("Last third, %"), "percent"),
    Figure("won", N_("Won"), "count"),
    Figure("won_last", N_("Won in the last third, %"), "percent"),
    Figure("verdict", N_("Verdict")),
)
BEHIND_RUSH = {
    "done": Behind("activity", {"done": "yes"}, "done_at"),
    "won": Behind("deal", {"outcome": "won"}, "closed"),
}
MONTHS = 6


def planning(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return what people planned for the days of a period and what became of it, by person.

    What was to be done on a day counts as planned for it; `in_time` was done on that day or before. The stability and
    the trend look at how many activities were planned for each working day.
    """
    asked = asked or Asked()
    table: Table = crm.remembered(("planning", repr(asked)), lambda: _plans(crm, asked))
    return table


def _plans(crm: Workspace, asked: Asked) -> Table:
    until = asked.until or crm.today()
    since = asked.since or until.replace(day=1)
    planned = _planned(crm, since, until)
    done = _unplanned(crm, since, until)
    names = {user.login: user.name for user in crm.users.find()}
    logins = [one for one in dict.fromkeys([*planned, *done]) if asked.owner in ("", one)]
    absent = days_absent(crm)
    rows = [
        {
            "owner": login,
            "title": names.get(login, login),
            **_kept(planned.get(login, {})),
            "unplanned": done.get(login, 0),
            **_evenness(crm, login, planned.get(login, {}), (since, until), absent.get(login, frozenset())),
        }
        for login in logins
    ]
    rows.sort(key=lambda row: (-row["planned"], str(row["title"])))
    totals = {name: sum(row[name] for row in rows) for name in ("planned", "in_time", "late", "open", "unplanned")}
    totals["kept"] = _share(totals["in_time"], totals["planned"])
    return Table(PLANNING, rows[: asked.limit], totals, (), counted(_behind_planning(since, until)))


def _behind_planning(since: date, until: date) -> dict[str, Behind]:
    """Return what was planned for the period, what of it is not done, what was done without a plan."""
    due, done = within("due", since, until), within("done_at", since, until)
    return {
        "planned": Behind("activity", {}, "", due),
        "open": Behind("activity", {"done": "no"}, "", due),
        "unplanned": Behind("activity", {"done": "yes"}, "", f"due is empty and {done}"),
    }


Days = dict[tuple[str, str], int]
"""How many activities were planned for a day and done on a day (empty: not yet)."""


def _planned(crm: Workspace, since: date, until: date) -> dict[str, Days]:
    from tinydb.queries import where

    wide = (since - timedelta(days=1)).isoformat(), (until + timedelta(days=2)).isoformat()
    query: Any = (where("due") >= wide[0]) & (where("due") < wide[1])
    found: dict[str, Days] = {}
    for group in crm.activities.totals("owner", "due:day", "done_at:day", query=query):
        owner, due, done = group.by
        if since.isoformat() <= due <= until.isoformat():
            days = found.setdefault(str(owner), {})
            days[due, done or ""] = days.get((due, done or ""), 0) + group.count
    return found


def _unplanned(crm: Workspace, since: date, until: date) -> dict[str, int]:
    """Return how much each did that had no day before it was done."""
    from tinydb.queries import where

    query = done_between(since, until) & ~where("due").exists()
    found: Counter[str] = Counter()
    for group in crm.activities.totals("owner", "done_at:day", query=query):
        owner, day = group.by
        if since.isoformat() <= day <= until.isoformat():
            found[str(owner)] += group.count
    return found


def _kept(days: Days) -> Doc:
    planned = sum(days.values())
    in_time = sum(count for (due, done), count in days.items() if done and done <= due)
    late = sum(count for (due, done), count in days.items() if done > due)
    return {
        "planned": planned,
        "in_time": in_time,
        "late": late,
        "open": planned - in_time - late,
        "kept": _share(in_time, planned),
    }


def _evenness(crm: Workspace, login: str, days: Days, period: tuple[date, date], absent: frozenset[date]) -> Doc:
    user = crm.users.by_login(login)
    department = (user.department if user is not None else "") or crm.settings.departments.only
    since, until = period
    every = (since + timedelta(days=shift) for shift in range((until - since).days + 1))
    working = [day for day in every if day not in absent and crm.settings.departments.works(department, day)]
    counts = Counter[str]()
    for (due, _done), count in days.items():
        counts[due] += count
    series = [counts[day.isoformat()] for day in working]
    found = trend(series)
    return {"stability": stability(series), "trend": None if found is None else float(found)}


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


# --- the rush ---------------------------------------------------------------------------------------------------------


def rush(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return how the work and the wins of each month spread over its thirds, the newest month first.

    A month whose last third holds more than `rush` percent of the work of config/motivator.yaml is called a rush: the
    pattern of who works on hot clients at the beginning and presses at the end.
    """
    asked = asked or Asked()
    table: Table = crm.remembered(("rush", repr(asked)), lambda: _rush(crm, asked))
    return table


def _rush(crm: Workspace, asked: Asked) -> Table:
    until = asked.until or crm.today()
    since = asked.since or _months_back(until, MONTHS - 1)
    work, wins = _by_day(crm, "activity", since, until, asked.owner), _by_day(crm, "deal", since, until, asked.owner)
    months = sorted({day[:7] for day in [*work, *wins]}, reverse=True)
    border = crm.settings.section("motivator", MotivatorRules).rush
    rows = [_month(month, work, wins, border) for month in months]
    notes = (_("A third of even work is 33 %; from {n} % in the last one a month is called a rush.").format(n=border),)
    totals = {"done": sum(row["done"] for row in rows), "won": sum(row["won"] for row in rows)}
    return Table(RUSH, rows[: asked.limit], totals, notes, counted(BEHIND_RUSH))


def _months_back(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _by_day(crm: Workspace, noun: str, since: date, until: date, owner: str) -> dict[str, int]:
    from tinydb.queries import where

    field = "done_at" if noun == "activity" else "closed"
    query = done_between(since, until) if noun == "activity" else where("outcome") == "won"
    if owner:
        query &= where("owner") == owner
    days = {group.by[0]: group.count for group in crm.collection(noun).totals(f"{field}:day", query=query)}
    return {day: count for day, count in days.items() if day and since.isoformat() <= day <= until.isoformat()}


def _month(month: str, work: dict[str, int], wins: dict[str, int], border: int) -> Doc:
    done, won = _thirds(month, work), _thirds(month, wins)
    total = sum(done)
    last = _share(done[2], total)
    return {
        "month": month,
        "done": total,
        "first": _share(done[0], total),
        "middle": _share(done[1], total),
        "last": last,
        "won": sum(won),
        "won_last": _share(won[2], sum(won)),
        "verdict": _("rush at the end") if last is not None and last > border else _("even") if total else "",
    }


def _thirds(month: str, days: dict[str, int]) -> tuple[int, int, int]:
    """Return the counts of the days 1-10, 11-20 and from 21 of a month."""
    counts = [0, 0, 0]
    for day, count in days.items():
        if day.startswith(month):
            counts[min((int(day[8:10]) - 1) // 10, 2)] += count
    return counts[0], counts[1], counts[2]
