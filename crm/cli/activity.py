"""The verbs of activities on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.app import App
from crm.cli.done import change_each, print_done
from crm.cli.noun_options import write_command
from crm.cli.output import form, option, verb
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.model.activity import Activity


@verb(
    "done",
    example='crm activity done 12 --result "перезвонит в среду"',
    help=N_("Mark activities as done, with the result."),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--result", default="", metavar="TEXT", help=N_("What came of it."))
@option("--outcome", default="", metavar="success|failure|no_answer", help=N_("How it went."))
@option("--next", "step", default="", metavar="SUBJECT", help=N_("Plan the next step about the same record."))
@option("--next-due", "due", default="", metavar="DUE", help=N_("When the next step is; by default tomorrow."))
@option("--next-kind", "kind", default="", metavar="KIND", help=N_("What the next step is; by default a task."))
@click.pass_obj
def done(app: App, ids: tuple[str, ...], result: str, outcome: str, step: str, due: str, kind: str) -> None:
    """Do activities; ask for the next step of one that leaves its deal without any."""
    activities = app.crm.activities

    def finish(_all: object, key: str) -> Activity:
        finished = activities.done(key, result, outcome=outcome)
        if step:
            activities.follow(finished, step, due or "tomorrow", kind)
        return finished

    change_each(app, "activity", "done", ids, finish)
    if len(ids) == 1 and ids != ("-",) and not step and not app.dry_run:
        _ask_next(app, activities.get(ids[0]))


def _ask_next(app: App, finished: Activity) -> None:
    """Ask for the next step where nothing more is planned; say so where nobody can be asked."""
    activities = app.crm.activities
    if form() or activities.has_next(finished):
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        text = _("Nothing more is planned about {ref}: add --next SUBJECT.")
        print(text.format(ref=finished.about), file=sys.stderr)
        return
    subject = click.prompt(_("Next step (empty = none)"), default="", show_default=False, err=True).strip()
    if subject:
        due = click.prompt(_("When"), default="tomorrow", err=True)
        print_done(app, [activities.follow(finished, subject, due)])


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
