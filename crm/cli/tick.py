"""`crm tick`: do what is due by the clock, for cron; a running console does it by itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.output import verb
from crm.locale import N_

if TYPE_CHECKING:
    from crm.cli.app import App


@verb(
    "tick",
    example="crm tick",
    help=N_("Do what is due: routines, reminders, rules, letters that wait. For cron; a running console does it too."),
)
@click.pass_obj
def tick(app: App) -> None:
    """Do what is due."""
    from crm.due import tick as do

    for told in do(app.crm):
        print(f"{told.plugin}: {told.text}", file=sys.stderr if told.error else sys.stdout)
        if told.error is not None:
            app.exit_code = told.error.exit_code
