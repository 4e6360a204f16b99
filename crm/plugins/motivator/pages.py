"""The motivator in the console: a page of the team, and one's own points on the first page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crm.locale import N_, _
from crm.model.report import Figure, Table
from crm.plugins.motivator.report import Asked, read_day, read_month, standings
from crm.plugins.motivator.settings import MotivatorRules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Doc
    from crm.plugins.motivator.standing import Standing
    from crm.workspace import Workspace

DIRECTIONS = {"in": N_("incoming"), "out": N_("outgoing")}
TEAM = (
    Figure("name", N_("Full name")),
    Figure("points", N_("Points"), "count"),
    Figure("norm", N_("Norm"), "count"),
    Figure("percent", N_("Of the norm, %"), "percent"),
    Figure("stability", N_("Stability, %"), "percent"),
    Figure("trend", N_("Trend, points a day"), "days"),
    Figure("done", N_("Done")),
)
EXPLAINED = (
    Figure("when", N_("Day")),
    Figure("activity", N_("Activity")),
    Figure("work", N_("Kind of work")),
    Figure("duration", N_("Duration, s")),
    Figure("points", N_("Points"), "count"),
    Figure("why", N_("Why")),
)
RULES = (Figure("work", N_("Kind of work")), Figure("points", N_("Points"), "count"))


def page(crm: Workspace, query: dict[str, str]) -> dict[str, Any]:
    """Return the page of the team: how people stand on a day or in a month, and what points are given for."""
    if query.get("explain"):
        return _explained(crm, query)
    found = standings(crm, _asked(crm, query))
    return {
        "title": _("Motivator"),
        "text": _("Points for calls, meetings and letters against the norm of the department's card."),
        "filters": _filters(crm, query),
        "html": _links(query, found),
        "tables": [
            Table(TEAM, [_row(crm, one) for one in found], {"points": sum(one.points for one in found)}),
            Table(RULES, _rules(crm), notes=_notes(crm)),
        ],
    }


def _explained(crm: Workspace, query: dict[str, str]) -> dict[str, Any]:
    """Return the activities of one person, each with its points and the rule that gave them."""
    from crm.plugins.motivator.explaining import lines

    login = crm.person(query["explain"])
    found = standings(crm, _asked(crm, query)._replace(user=login))
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
        "filters": [*_filters(crm, query), {"name": "explain", "title": _("User"), "value": login}],
        "tables": [Table(EXPLAINED, rows, {"points": total})],
    }


def _links(query: dict[str, str], found: list[Standing]) -> Markup:
    """Return the links to what each person's points are made of."""
    kept = {name: query[name] for name in ("day", "month") if query.get(name)}
    links = [
        Markup('<a href="/p/motivator?{}">{}</a>').format(
            urlencode({**kept, "explain": one.person.login}), one.person.name
        )
        for one in found
    ]
    more = Markup(
        '<a href="/reports/planning">{}</a> · <a href="/reports/rush">{}</a> · <a href="/absences">{}</a>'
    ).format(_("Planned and done"), _("End-of-month rush"), _("Absences"))
    return Markup("<p>{} {}</p><p>{}</p>").format(_("Down to the single call:"), Markup(", ").join(links), more)


def panel(crm: Workspace, _record: None = None) -> dict[str, Any] | None:
    """Return one's points of today, None for who has no norm."""
    found = standings(crm, Asked(user=crm.actor))
    if not found or not found[0].norm:
        return None
    one = found[0]
    text = _("{points} of {norm} points today").format(points=one.points, norm=f"{one.norm:f}")
    bar = Markup('<progress max="{}" value="{}" aria-label="{}"></progress>').format(one.norm, one.points, text)
    return {"title": _("Motivator"), "text": text, "html": bar}


def _asked(crm: Workspace, query: dict[str, str]) -> Asked:
    month, day, what_if = query.get("month", ""), query.get("day", ""), query.get("what_if", "").strip()
    department = query.get("department", "")
    return Asked(
        day=read_day(day, crm.today()) if day and not month else None,
        month=read_month(month) if month else None,
        department=crm.customs.dictionary("departments").resolve(department) if department else "",
        norm=Decimal(what_if) if what_if.isdecimal() else None,
    )


def _filters(crm: Workspace, query: dict[str, str]) -> list[Doc]:
    departments = [("", _("All departments"))]
    departments += [(one.id, one.title.text()) for one in crm.settings.departments.departments]
    day = "" if query.get("month") else query.get("day") or crm.today().isoformat()
    return [
        {"name": "day", "title": _("Day"), "type": "date", "value": day},
        {"name": "month", "title": _("Month, such as 2026-11"), "value": query.get("month", "")},
        {
            "name": "department", "title": _("Department"), "type": "select", "options": departments,
            "value": query.get("department", ""),
        },
        {"name": "what_if", "title": _("What if the norm were"), "type": "decimal", "value": query.get("what_if", "")},
    ]  # fmt: skip


def _row(crm: Workspace, one: Standing) -> Doc:
    plain = one.plain()
    done = ", ".join(f"{kind_title(crm, kind)} {count}" for kind, count in one.counts.items())
    return {**{figure.name: plain.get(figure.name) for figure in TEAM}, "user": one.person.login, "done": done}


def kind_title(crm: Workspace, kind: str) -> str:
    """Return a kind of work as people call it: `call_out` is «Звонок (исходящий)»."""
    name, _underline, direction = kind.rpartition("_")
    if not name or direction not in DIRECTIONS:
        name, direction = kind, ""
    title = crm.settings.dictionary("activity_kinds").title(name)
    return f"{title} ({_(DIRECTIONS[direction])})" if direction else title


def _rules(crm: Workspace) -> list[Doc]:
    rules = crm.settings.section("motivator", MotivatorRules)
    kinds: Iterable[tuple[str, int]] = ((f"{one.kind}_{one.direction}".rstrip("_"), one.points) for one in rules.points)
    return [{"work": kind_title(crm, kind), "points": points} for kind, points in kinds]


def _notes(crm: Workspace) -> tuple[str, ...]:
    rules = crm.settings.section("motivator", MotivatorRules)
    notes = []
    if rules.only_success:
        notes.append(_("Only work that succeeded is counted."))
    if rules.call_min_seconds:
        notes.append(_("Calls shorter than {n} s give nothing.").format(n=rules.call_min_seconds))
    notes.append(
        _(
            "Stability is 100 for even days, 0 for all work in one heap; it and the trend look at {n} working days."
        ).format(n=rules.window_days)
    )
    return tuple(notes)
