"""The motivator in the console: a page of the team, and one's own points on the first page."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crm.html import joined, links, note, section, table, tabs
from crm.locale import N_, _, language
from crm.model.days import read_day, read_month
from crm.model.report import Figure, Table
from crm.plugins.motivator.kinds import kind_title, kinds, notes
from crm.plugins.motivator.report import Asked, standings
from crm.plugins.motivator.team import GOOD, spark, team, tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.fields import Doc
    from crm.plugins.motivator.standing import Standing
    from crm.workspace import Workspace

EXPLAINED = (
    Figure("when", N_("Day")),
    Figure("activity", N_("Activity")),
    Figure("work", N_("Kind of work")),
    Figure("duration", N_("Duration, s")),
    Figure("points", N_("Points"), "count"),
    Figure("why", N_("Why")),
)


def page(crm: Workspace, query: dict[str, str]) -> dict[str, Any]:
    """Return the page of the team: how people stand on a day or in a month, and what points are given for."""
    if query.get("explain"):
        return _explained(crm, query)
    asked = _asked(crm, query)
    found: list[Standing] = crm.remembered(("standings", asked), lambda: standings(crm, asked))
    told = crm.remembered(
        ("motivator", asked, *sorted(query.items())), lambda: _all_told(found) + team(crm, found, query)
    )
    html = _periods(crm, asked, query) + told + _rules(crm) + _more()
    return {
        "title": _("Motivator: {name}").format(name=_period(asked)),
        "filters": _filters(crm, asked, query),
        "html": html,
        "people": [one.plain() for one in found],
    }


def _period(asked: Asked) -> str:
    """Return what is shown: «27 ноября, пятница», or «ноябрь 2026»."""
    from babel.dates import format_date

    if asked.month is not None:
        return str(format_date(asked.month, "LLLL y", locale=language()))
    return str(format_date(asked.day, "d MMMM, EEEE", locale=language()))


def _periods(crm: Workspace, asked: Asked, query: Mapping[str, str]) -> Markup:
    """Return the links to the days and months that are asked for most."""
    today = crm.today()
    last_month = today.replace(day=1) - timedelta(days=1)
    kept = {name: query[name] for name in ("department", "what_if") if query.get(name)}
    offered = (
        (_("Today"), {"day": today.isoformat()}), (_("Yesterday"), {"day": (today - timedelta(days=1)).isoformat()}),
        (_("This month"), {"month": f"{today:%Y-%m}"}), (_("Last month"), {"month": f"{last_month:%Y-%m}"}),
    )  # fmt: skip
    shown = {"month": f"{asked.month:%Y-%m}"} if asked.month is not None else {"day": str(asked.day)}
    pairs = [("/p/motivator?" + urlencode({**kept, **words}), title) for title, words in offered]
    return tabs(_("Period"), pairs, "/p/motivator?" + urlencode({**kept, **shown}))


def _all_told(found: list[Standing]) -> Markup:
    """Return the sums of the team as tiles."""
    points, norm = sum(one.points for one in found), sum((one.norm for one in found), Decimal(0))
    reached = sum(1 for one in found if one.percent is not None and one.percent >= GOOD)
    asked = sum(1 for one in found if one.percent is not None)
    tiles = [(_("Points"), str(points)), (_("Norm"), f"{norm:f}")]
    if norm:
        tiles.append((_("Of the norm"), f"{round(100 * points / norm)} %"))
        tiles.append((_("Reached the norm"), _("{n} of {all}").format(n=reached, all=asked)))
    shown = joined(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*one) for one in tiles)
    return Markup('<dl class="tiles">{}</dl>').format(shown)


def _rules(crm: Workspace) -> Markup:
    """Return what points are given for."""
    titles = (_("Kind of work"), _("Points"))
    rows = ((one["work"], one["points"]) for one in kinds(crm))
    text = note(_("Points for calls, meetings and letters against the norm of the department's card."))
    return section(_("What points are for"), text, table(_("What points are for"), titles, rows, ends=(1,)),
                   joined(note(one) for one in notes(crm)))  # fmt: skip


def _more() -> Markup:
    return links(
        ("/reports/planning", _("Planned and done")), ("/reports/rush", _("End-of-month rush")),
        ("/absences", _("Absences")),
    )  # fmt: skip


def _explained(crm: Workspace, query: dict[str, str]) -> dict[str, Any]:
    """Return the activities of one person, each with its points and the rule that gave them."""
    from crm.plugins.motivator.explaining import lines

    login = crm.person(query["explain"])
    asked = _asked(crm, query)
    found = standings(crm, asked._replace(user=login))
    rows = [
        {
            "when": f"{line.day:%d.%m.%Y}",
            "activity": line.activity.ref,
            "work": kind_title(crm, f"{line.activity.kind}_{line.activity.direction or ''}".rstrip("_")),
            "duration": line.activity.duration,
            "points": line.points,
            "why": line.why,
        }
        for line in (lines(crm, found[0]) if found else ())
    ]
    name = found[0].person.name if found else login
    total = found[0].points if found else 0
    return {
        "title": _("Motivator: {name}").format(name=name),
        "filters": [*_filters(crm, asked, query), {"name": "explain", "title": _("User"), "value": login}],
        "tables": [Table(EXPLAINED, rows, {"points": total})],
    }


def panel(crm: Workspace, _record: None = None) -> dict[str, Any] | None:
    """Return one's points of today, None for who has no norm."""
    found = standings(crm, Asked(user=crm.actor))
    if not found or not found[0].norm:
        return None
    one = found[0]
    text = _("{points} of {norm} points today").format(points=one.points, norm=f"{one.norm:f}")
    bar = Markup('<progress class="{}" max="{}" value="{}" aria-label="{}"></progress>')
    shown = bar.format(tone(one.percent), one.norm, one.points, text)
    return {"title": _("Motivator"), "text": text, "html": shown + spark(one)}


def _asked(crm: Workspace, query: dict[str, str]) -> Asked:
    """Return what a page is about: the last working day where it names neither a day nor a month."""
    month, day, what_if = query.get("month", ""), query.get("day", ""), query.get("what_if", "").strip()
    department = query.get("department", "")
    department = crm.customs.dictionary("departments").resolve(department) if department else ""
    return Asked(
        day=None if month else read_day(day, crm.today()) if day else _last_working(crm, department),
        month=read_month(month) if month else None,
        department=department,
        norm=Decimal(what_if) if what_if.isdecimal() else None,
    )


def _last_working(crm: Workspace, department: str) -> date:
    days = (crm.today() - timedelta(days=back) for back in range(31))
    return next((day for day in days if crm.settings.departments.works(department, day)), crm.today())


def _filters(crm: Workspace, asked: Asked, query: dict[str, str]) -> list[Doc]:
    departments = [("", _("All departments"))]
    departments += [(one.id, one.title.text()) for one in crm.settings.departments.departments]
    day = asked.day.isoformat() if asked.day else ""
    what_if = _("What if the norm were")
    return [
        {"name": "day", "title": _("Day"), "type": "date", "value": day},
        {"name": "month", "title": _("Month"), "type": "select", "value": query.get("month", ""),
         "options": _months(crm)},
        {"name": "department", "title": _("Department"), "type": "select", "options": departments,
         "value": query.get("department", "")},
        {"name": "what_if", "title": what_if, "type": "decimal", "value": query.get("what_if", "")},
    ]  # fmt: skip


def _months(crm: Workspace) -> list[tuple[str, str]]:
    """Return the choice of the last twelve months, the first of which is none: a day."""
    from babel.dates import format_date

    last = crm.today().year * 12 + crm.today().month - 1
    firsts = [date((last - back) // 12, (last - back) % 12 + 1, 1) for back in range(12)]
    return [
        ("", _("by day")),
        *((f"{one:%Y-%m}", str(format_date(one, "LLLL y", locale=language()))) for one in firsts),
    ]
