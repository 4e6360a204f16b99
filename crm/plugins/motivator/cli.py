"""`crm motivator`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crm.cli.kit import App, option, print_rows, read_command, verb
from crm.errors import WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.motivator.report import Asked

COLUMNS = ("user", "name", "points", "norm", "percent", "stability", "trend", "counts")
TITLES = (
    N_("User"),
    N_("Full name"),
    N_("Points"),
    N_("Norm"),
    N_("Of the norm, %"),
    N_("Stability, %"),
    N_("Trend, points a day"),
    N_("Done"),
)


@verb(
    "motivator",
    example="crm motivator --day yesterday",
    help=N_("Show the points of the team against the norm («Автомотиватор»); today by default."),
)
@option("--day", metavar="DATE", help=N_("One day: 2026-11-22, yesterday."))
@option("--month", metavar="MONTH", help=N_("A month until today: 2026-11."))
@option("--user", metavar="USER", help=N_("One person."))
@option("--department", metavar="DEPARTMENT", help=N_("A department with those below it."))
@option("--explain", is_flag=True, help=N_("Each activity of --user, with its points and the rule that gave them."))
@option("--what-if", type=click.IntRange(0), metavar="N", help=N_("The norm were N points a day."))
@click.pass_obj
def _motivator(app: App, /, explain: bool, **asked: Any) -> None:
    """Print how people stand."""
    from crm.plugins.motivator.kinds import kind_title
    from crm.plugins.motivator.report import standings

    if explain:
        _explain(app, _asked(app, **{**asked, "user": asked["user"] or app.crm.actor}))
        return
    rows = [one.plain() for one in standings(app.crm, _asked(app, **asked))]
    if sys.stdout.isatty():
        for row in rows:
            row["counts"] = ", ".join(f"{kind_title(app.crm, kind)} {count}" for kind, count in row["counts"].items())
    print_rows(list(COLUMNS), rows, [_(title) for title in TITLES])


def _explain(app: App, asked: Asked) -> None:
    from crm.plugins.motivator.explaining import lines
    from crm.plugins.motivator.report import standings

    for standing in standings(app.crm, asked):
        rows = [line.plain() for line in lines(app.crm, standing)]
        columns = ["done_at", "activity", "kind", "direction", "outcome", "duration", "subject", "points", "why"]
        print_rows(columns, rows)


def _asked(
    app: App, day: str | None, month: str | None, user: str | None, department: str | None, what_if: int | None
) -> Asked:
    from decimal import Decimal

    from crm.model.days import read_day, read_month
    from crm.plugins.motivator.report import Asked

    if day and month:
        raise WrongUsage(_("A day or a month, not both."), _("Leave out --day or --month."))
    crm = app.crm
    return Asked(
        day=read_day(day, crm.today()) if day else None,
        month=read_month(month) if month else None,
        user=crm.person(user) if user else "",
        department=crm.customs.dictionary("departments").resolve(department) if department else "",
        norm=None if what_if is None else Decimal(what_if),
    )


motivator: click.Command = read_command(_motivator)
