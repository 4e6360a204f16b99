"""`crm report`: the list of reports, or one of them as a table, JSON, lines of JSON or CSV."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crm.cli.kit import App, Verb, form, option, print_json, print_rows, read_command, verb
from crm.errors import NotFound
from crm.locale import N_, _

if TYPE_CHECKING:
    from datetime import date

    from crm.model.report import Asked, Figure, Table
    from crm.plugin_loading import Plugin


@verb(
    "report",
    example="crm report funnel --by owner --from 2026-11-01",
    help=N_("Show a report; without a name, list the reports."),
    cls=Verb,
)
@click.argument("name", required=False, metavar="[NAME]")
@option("--by", default="", metavar="FIELD", help=N_("Group by: owner, month, company, company.industry, any field."))
@option("--from", "since", metavar="DATE", help=N_("From this day on."))
@option("--to", "until", metavar="DATE", help=N_("Until this day, itself included."))
@option("--pipeline", default="", metavar="PIPELINE", help=N_("Of this pipeline."))
@option("--owner", default="", metavar="USER", help=N_("Of this person; me is who asks."))
@option("--department", default="", metavar="ID", help=N_("Of this department and those below it."))
@option("--limit", type=click.IntRange(1), metavar="N", help=N_("At most N rows."))
@click.pass_obj
def _report(app: App, /, name: str | None, since: str | None, until: str | None, **asked: Any) -> None:
    """Show a report."""
    if name is None:
        print_rows(["name", "title", "about"], _known(app))
        return
    plugin, target = _found(app, name)
    made = app.crm.plugins.contribution(plugin, "register_reports", name, target)
    table = _made(plugin, made, app, _asked(app, since, until, **asked))
    _print(name, table)


report = read_command(_report)


def _known(app: App) -> list[dict[str, str]]:
    return [
        {
            "id": name,
            "name": name,
            "title": _(options["title"]) if options.get("title") else "",
            "about": _(options["about"]) if options.get("about") else "",
            "plugin": plugin.name,
        }
        for plugin, (name, _target, options) in app.crm.plugins.brought("register_reports")
    ]


def _found(app: App, name: str) -> tuple[Plugin, str]:
    for plugin, (known, target, _options) in app.crm.plugins.brought("register_reports"):
        if known == name:
            return plugin, target
    raise NotFound(
        _("There is no report «{name}».").format(name=name),
        _("There are: {names}.").format(names=", ".join(one["name"] for one in _known(app))),
    )


def _made(plugin: Plugin, made: Any, app: App, asked: Asked) -> Table:
    """Let a plugin make its report; what goes wrong in a third party's is told with its name."""
    from crm.errors import CrmError
    from crm.model.report import Table
    from crm.plugin_loading import failed

    try:
        table = made(app.crm, asked)
        if not isinstance(table, Table):
            raise TypeError(f"a crm.model.report.Table is needed, not {type(table).__name__}")
    except CrmError:
        raise
    except Exception as error:
        if plugin.built_in:
            raise
        raise failed(plugin, "register_reports", error) from error
    return table


def _asked(
    app: App, since: str | None, until: str | None, *, by: str, pipeline: str, owner: str, limit: int | None,
    department: str,
) -> Asked:  # fmt: skip
    from crm.model.report import Asked

    me = app.crm.actor if owner == "me" else owner
    return Asked(by.strip(), _day(app, since), _day(app, until), pipeline, me, limit, department)


def _day(app: App, text: str | None) -> date | None:
    from crm.model.days import read_day

    return read_day(text, app.crm.today()) if text else None


def _print(name: str, table: Table) -> None:
    if form() == "json":
        print_json(table.to_json(name))
        return
    columns = [column.name for column in table.columns]
    people = not form() and sys.stdout.isatty()
    rows = [
        {column.name: _shown(column, row.get(column.name), people=people) for column in table.columns}
        for row in table.rows
    ]
    if people:
        shown = [column for column in table.columns if column.name != "stage" and column.label != _("Id")]
        print_rows([one.name for one in shown], rows, [one.label for one in shown])
        _print_totals(table)
    else:
        print_rows(columns, table.rows if form() == "nl" else rows)
        if not form():
            _print_totals(table, sys.stderr)


def _shown(column: Figure, value: Any, *, people: bool) -> Any:
    """Return a value as a cell: for people with the signs of their language, else the bare number."""
    if value is None:
        return ""
    if column.sort == "money":
        from crm.locale import language
        from crm.model.money import Money, format_money

        return format_money(Money.from_json(value), language()) if people else value["amount"]
    if column.sort in ("percent", "days"):
        return f"{value:.2f}"
    return value


def _print_totals(table: Table, stream: Any = None) -> None:
    titles = {column.name: column.label for column in table.columns}
    parts = []
    for name, value in table.totals.items():
        text = f"{value['amount']} {value['currency']}" if isinstance(value, dict) else value
        if value is not None:
            parts.append(f"{titles.get(name, name)}: {text}")
    print("; ".join(parts), file=stream or sys.stdout)
    for note in table.notes:
        print(note, file=stream or sys.stdout)
