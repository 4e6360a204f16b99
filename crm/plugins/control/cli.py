"""`crm control`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crm.cli.kit import App, form, option, print_json, print_rows, read_command, verb
from crm.locale import N_, _
from crm.plugins.control.level import LEVELS
from crm.plugins.control.light import COLORS, title

if TYPE_CHECKING:
    from crm.model.report import Table
    from crm.plugins.control.light import Light


@verb(
    "control",
    example="crm control deals --level department --color red",
    help=N_(
        "Show «Контроль руководителя»: the light of clients, or a variant: touches, activities, warm, deals, clients, "
        "clients-deals, funnel."
    ),
)
@click.argument("variant", required=False, default="light", metavar="[VARIANT]")
@option("--explain", "ref", metavar="REF", help=N_("Explain the light of one client or deal: company/3, deal/12."))
@option("--level", type=click.Choice(LEVELS), help=N_("Whose: own, of the department, of the company."))
@option("--owner", default="", metavar="USER", help=N_("Of one person; me is who asks."))
@option("--department", default="", metavar="DEPARTMENT", help=N_("Of a department with those below it."))
@option("--color", type=click.Choice(COLORS), help=N_("Only what has this light."))
@click.pass_obj
def _control(
    app: App, /, variant: str, ref: str | None, level: str | None, owner: str, department: str, color: str | None
) -> None:
    """Print the report, or one light with its reasons."""
    from crm.plugins.control.level import level_of
    from crm.plugins.control.report import control as report
    from crm.plugins.control.report import explain

    if ref:
        _print_light(explain(app.crm, ref))
    else:
        _print_table(report(app.crm, variant, level_of(app.crm, level or "", owner, department), color or ""))


def _print_table(table: Table) -> None:
    rows = table.rows
    if sys.stdout.isatty() and not form():
        rows = [{**row, "light": title(row["light"])} if "light" in row else row for row in rows]
    print_rows([one.name for one in table.columns], rows, [one.label for one in table.columns])
    if table.totals and not form():
        counted = ", ".join(f"{title(color)}: {count}" for color, count in table.totals.items())
        print(counted, file=sys.stdout if sys.stdout.isatty() else sys.stderr)


def _print_light(light: Light) -> None:
    rows: list[dict[str, Any]] = [{"id": light.ref, **one.plain()} for one in light.findings]
    if form() == "json":
        print_json({"ref": light.ref, "label": light.label, "light": light.color, "findings": rows})
        return
    if not form():
        print(f"{light.ref}  {light.label}: {title(light.color)}", file=sys.stderr if not sys.stdout.isatty() else None)
        if sys.stdout.isatty():
            rows = [{**row, "color": title(row["color"])} for row in rows]
    columns = ["color", "rule", "why", "threshold", "refs", "advice"]
    print_rows(columns, rows, [_(one) for one in _EXPLAINED])


_EXPLAINED = (N_("Light"), N_("Rule"), N_("What was found"), N_("Threshold"), N_("Records"), N_("What to do"))

control: click.Command = read_command(_control)
