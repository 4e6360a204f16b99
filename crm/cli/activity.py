"""The verbs of activities on the command line."""

from __future__ import annotations

import click

from crm.cli.app import App
from crm.cli.done import change_each
from crm.cli.noun_options import write_command
from crm.cli.output import option, verb
from crm.locale import N_


@verb(
    "done",
    example='crm activity done 12 --result "перезвонит в среду"',
    help=N_("Mark activities as done, with the result."),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--result", default="", metavar="TEXT", help=N_("What came of it."))
@option("--outcome", default="", metavar="success|failure|no_answer", help=N_("How it went."))
@click.pass_obj
def done(app: App, ids: tuple[str, ...], result: str, outcome: str) -> None:
    """Do activities."""
    activities = app.crm.activities
    change_each(app, "activity", "done", ids, lambda _all, key: activities.done(key, result, outcome=outcome))


@verb(
    "postpone",
    example="crm activity postpone 12 tomorrow",
    help=N_("Move activities to another day or time: crm activity postpone ID… DUE"),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.argument("due")
@option("--reason", default="", metavar="TEXT", help=N_("Why."))
@click.pass_obj
def postpone(app: App, ids: tuple[str, ...], due: str, reason: str) -> None:
    """Postpone activities."""
    activities = app.crm.activities
    change_each(app, "activity", "postpone", ids, lambda _all, key: activities.postpone(key, due, reason))


@verb(
    "assign",
    example="crm activity assign 12 13 petr",
    help=N_("Give activities to another owner: crm activity assign ID… USER"),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.argument("user")
@click.pass_obj
def assign(app: App, ids: tuple[str, ...], user: str) -> None:
    """Assign activities."""
    change_each(app, "activity", "assign", ids, lambda activities, key: activities.assign(key, user))


VERBS = {command.name or "": write_command(command) for command in (done, postpone, assign)}
