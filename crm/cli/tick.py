"""`crm tick`: do what is due by the clock, for cron; a running console does it by itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.noun_options import write_command
from crm.cli.output import form, print_json, verb
from crm.errors import WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.due import Told


@verb(
    "tick",
    example="crm tick",
    help=N_("Do what is due: routines, reminders, rules, letters that wait. For cron; a running console does it too."),
)
@click.pass_obj
def _tick(app: App) -> None:
    from crm.due import tick as do

    if app.dry_run:
        raise WrongUsage(_("What is due is done, or it is not."), _("See what rules would do: crm rules test."))
    done: list[Told] = []
    failures: list[Told] = []
    for told in do(app.crm):
        (failures if told.error else done).append(told)
        if not form():
            print(f"{told.plugin}: {told.text}", file=sys.stderr if told.error else sys.stdout)
    if form():
        print_json([{"plugin": one.plugin, "text": one.text, "failed": bool(one.error)} for one in done + failures])
    if failures and failures[0].error:
        app.exit_code = failures[0].error.exit_code


tick = write_command(_tick)
