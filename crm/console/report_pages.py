"""Reports: the list of them, and each as tiles, a chart and a table whose figures lead to their records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm.console.brought import failing
from crm.console.controls import control, options
from crm.console.drill import Drill
from crm.console.figures import beside, shown_table, value_cell
from crm.console.lists import harmless
from crm.console.routes import page
from crm.console.visit import Sent, View
from crm.errors import InvalidValue, NotFound
from crm.locale import N_, _
from crm.model.days import read_day
from crm.model.fields import Choice
from crm.model.report import Asked, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.console.visit import Context, Visit
    from crm.model.fields import Doc
    from crm.plugin_loading import Plugin

_GROUPS = {
    "": N_("as the report does"), "owner": N_("by owner"), "month": N_("by month"), "company": N_("by company"),
    "source": N_("by source"), "type": N_("by deal type"), "company.industry": N_("by industry"),
}  # fmt: skip
_MONTHLY = ("sales", "leads", "cycle")
_GROUPED = {"sales": "deal", "funnel": "deal", "lost": "deal", "cycle": "deal", "leads": "lead"}
"""Reports that can be grouped by any field, and whose fields."""


@page("/reports")
def reports(visit: Visit) -> View:
    """Show which reports there are."""
    listed = [
        {
            "name": name,
            "title": _title(name, options_),
            "about": _about(options_),
            "address": visit.url.report(name),
            "plugin": plugin.name,
        }
        for plugin, (name, _target, options_) in visit.crm.plugins.brought("register_reports")
    ]
    listed.sort(key=lambda one: one["plugin"] != "reports")
    return View("reports.html", _("Reports"), "reports", {"reports": listed})


@page("/reports/<name>.csv")
def report_table(visit: Visit, name: str) -> Sent:
    """Send a report as a CSV file."""
    import csv
    import io

    plugin, target, _options = _found(visit, name)
    visit.crm.guard.check("export", "deal", None)
    table = _made(visit, plugin, name, target, _asked(visit))
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.label for column in table.columns])
    for row in table.rows:
        cells = (value_cell(visit.shown, one.sort, row.get(one.name))["text"] for one in table.columns)
        writer.writerow([harmless(text) for text in cells])
    return Sent(f"{name}.csv", "text/csv; charset=utf-8", written.getvalue().encode("utf-8-sig"))


@page("/reports/<name>")
def report(visit: Visit, name: str) -> View:
    """Show a report."""
    plugin, target, options_ = _found(visit, name)
    title = _title(name, options_)
    asked = _asked(visit)
    table = _made(visit, plugin, name, target, asked)
    shown: Context = {
        "name": name,
        "title": title,
        "about": _about(options_),
        "address": visit.url.report(name),
        "filters": _filters(visit, name, asked),
        "periods": _periods(visit, name, asked),
        "table": shown_table(visit.shown, table, Drill(visit, table, asked).address),
        "others": reports(visit).parts["reports"],
        "csv": visit.url.report_table(name, **visit.query.without()),
        "period": _period_text(visit, asked),
    }
    before = _before(visit, plugin, name, target, asked)
    if before is None and visit.query.get("compare"):
        shown["table"]["notes"].append(_("To compare, choose a period with a beginning and an end."))
    if before is not None:
        _compare(visit, shown, table, before)
    return View("report.html", title, "reports", {"report": shown}, data=table.to_json(name))


def _title(name: str, options_: dict[str, Any]) -> str:
    return _(str(options_.get("title") or name))


def _about(options_: dict[str, Any]) -> str:
    """Return what a report tells, in a sentence; empty where its title says it all."""
    return _(str(options_["about"])) if options_.get("about") else ""


def _found(visit: Visit, name: str) -> tuple[Plugin, str, dict[str, Any]]:
    for plugin, (known, target, options_) in visit.crm.plugins.brought("register_reports"):
        if known == name:
            return plugin, target, options_
    raise NotFound(_("There is no report «{name}».").format(name=name), _("Look in the list of reports."))


def _made(visit: Visit, plugin: Plugin, name: str, target: str, asked: Asked) -> Table:
    """Let a plugin make its report; what goes wrong is told with its name."""
    with failing(plugin, "register_reports"):
        table = visit.crm.plugins.contribution(plugin, "register_reports", name, target)(visit.crm, asked)
        if not isinstance(table, Table):
            raise TypeError(f"a crm.model.report.Table is needed, not {type(table).__name__}")
    return table


# --- what is asked ----------------------------------------------------------------------------------------------------


def _asked(visit: Visit) -> Asked:
    query = visit.query
    owner = query.get("owner")
    return Asked(
        query.get("by").strip(), _day(visit, "since"), _day(visit, "until"), query.get("pipeline"),
        visit.crm.actor if owner == "me" else owner, _limit(visit), department=query.get("department"),
    )  # fmt: skip


def _limit(visit: Visit) -> int | None:
    limit = visit.query.number("limit")
    if limit == 0:
        raise InvalidValue(_("Rows at most: a whole number from 1 on is needed."))
    return limit


def _day(visit: Visit, name: str) -> date | None:
    text = visit.query.get(name).strip()
    return read_day(text, visit.crm.today()) if text else None


def _filters(visit: Visit, name: str, asked: Asked) -> list[Context]:
    made = [
        control("since", _("From"), "date", asked.since.isoformat() if asked.since else ""),
        control("until", _("To"), "date", asked.until.isoformat() if asked.until else ""),
    ]
    pipelines = [(one.id, one.title.text()) for one in visit.crm.settings.pipelines]
    if len(pipelines) > 1 and name != "leads":
        empty = None if name == "funnel" else _("All pipelines")
        made.append(
            control(
                "pipeline",
                _("Pipeline"),
                "select",
                options=options(pipelines, [asked.pipeline] if asked.pipeline else [], empty),
            )
        )
    if visit.shown.active:
        people = options(visit.shown.active.items(), [asked.owner] if asked.owner else [], _("All owners"))
        made.append(control("owner", _("Owner"), "select", options=people))
    departments = [(one.id, one.title.text()) for one in visit.crm.settings.departments.departments]
    if len(departments) > 1 and not asked.owner:
        chosen = [asked.department] if asked.department else []
        listed = options(departments, chosen, _("All departments"))
        made.append(control("department", _("Department"), "select", options=listed))
    if name in _GROUPED:
        made.append(control("by", _("Grouped"), "select", options=options(_groups(visit, name), [asked.by])))
    made.append(control("limit", _("Rows at most"), "decimal", asked.limit or ""))
    return [*made, control("compare", _("Compare with the period before"), "check", visit.query.get("compare"))]


def _groups(visit: Visit, name: str) -> list[tuple[str, str]]:
    """Return what a report can be grouped by: the usual, then every other field with a choice."""
    fields = visit.crm.nouns[_GROUPED[name]].fields
    usual = {by: title for by, title in _GROUPS.items() if _fits(name, by, fields)}
    others = [(key, field.label) for key, field in fields.items() if isinstance(field, Choice) and key not in usual]
    return [*((by, _(title)) for by, title in usual.items()), *others]


def _fits(name: str, by: str, fields: Mapping[str, Any]) -> bool:
    """Tell whether a report can be grouped so: those that count what ended in a month can be by month."""
    return not by or (name in _MONTHLY if by == "month" else by.partition(".")[0] in fields)


def _periods(visit: Visit, name: str, asked: Asked) -> list[Context]:
    """Return the usual periods, each as an address with everything else kept."""
    today = visit.crm.today()
    month = today.replace(day=1)
    last = (month - timedelta(days=1)).replace(day=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    kept = visit.query.without("since", "until")
    spans: list[tuple[str, date | None, date | None]] = [
        (_("All time"), None, None),
        (_("This month"), month, today),
        (_("Last month"), last, month - timedelta(days=1)),
        (_("This quarter"), quarter, today),
        (_("This year"), today.replace(month=1, day=1), today),
    ]
    return [
        {
            "title": title,
            "address": visit.url.report(name, **kept, since=since or "", until=until or ""),
            "current": (since, until) == (asked.since, asked.until),
        }
        for title, since, until in spans
    ]


def _period_text(visit: Visit, asked: Asked) -> str:
    days = [visit.shown.clock.moment(day)["exact"] for day in (asked.since, asked.until) if day is not None]
    return " — ".join(days)


# --- the period before ------------------------------------------------------------------------------------------------


def _before(visit: Visit, plugin: Plugin, name: str, target: str, asked: Asked) -> Table | None:
    """Return the same report of as many days before, where that was asked for and the period has both ends."""
    if not visit.query.get("compare") or asked.since is None or asked.until is None:
        return None
    until = asked.since - timedelta(days=1)
    since = until - (asked.until - asked.since)
    return _made(visit, plugin, name, target, replace(asked, since=since, until=until))


def _compare(visit: Visit, shown: Context, table: Table, before: Table) -> None:
    """Note beside each total, and beneath each figure of a row, what it was in the period before."""
    made = shown_table(visit.shown, before)
    was = {one["name"]: one["text"] for one in made["totals"]}
    for tile in shown["table"]["totals"]:
        tile["before"] = _("before: {value}").format(value=was.get(tile["name"], "—"))
    if shown["table"]["chart"] and made["chart"]:
        beside(shown["table"]["chart"], made["chart"])
    name = _place if shown["table"]["chart"] else _group
    rows = {
        name(before, place, row): cells
        for place, (row, cells) in enumerate(zip(before.rows, made["rows"], strict=True))
    }
    for place, (row, cells) in enumerate(zip(table.rows, shown["table"]["rows"], strict=True)):
        _note(cells, rows.get(name(table, place, row)))


def _place(_table: Table, place: int, _row: Doc) -> tuple[str, ...]:
    """Return which month, day or year of its period a row is."""
    return (str(place),)


def _group(table: Table, _place: int, row: Doc) -> tuple[str, ...]:
    """Return what a row is about: its texts."""
    return tuple(str(row.get(one.name)) for one in table.columns if one.sort == "text")


def _note(cells: list[Context], was: list[Context] | None) -> None:
    for place, cell in enumerate(cells):
        if cell["type"] != "text":
            cell["before"] = was[place]["text"] if was is not None else "—"
