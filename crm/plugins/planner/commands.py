"""The verbs of routines and reminders on the command line."""

from __future__ import annotations

from typing import Any

import click

from crm.cli.kit import App, print_done, print_rows, read_command, verb, write_command
from crm.locale import N_


@verb(
    "starter",
    example="crm routine starter",
    help=N_("Add the usual routines: issue invoices, watch payments, collect signed acts."),
)
@click.pass_obj
def starter(app: App) -> None:
    """Add the usual routines."""
    print_done(app, app.crm.collection("routine").starter())  # type: ignore[attr-defined]


@verb("next", example="crm routine next", help=N_("Show for which day each routine is planned next."))
@click.pass_obj
def next_(app: App) -> None:
    """Show the next days."""
    routines: Any = app.crm.collection("routine")
    rows = [{**routines.export(one), "next": routines.next_day(one)} for one in routines.find()]
    for row in rows:
        row["next"] = row["next"].isoformat() if row["next"] else None
    print_rows(["id", "subject", "every", "on", "owner", "last", "next"], rows)


@verb(
    "plan", example="crm routine plan", help=N_("Make the activities that are due; crm tick and the console do so too.")
)
@click.pass_obj
def plan(app: App) -> None:
    """Plan what is due."""
    print_done(app, list(app.crm.collection("routine").plan_due()))  # type: ignore[attr-defined]


@verb("mine", example="crm reminder mine", help=N_("Show what I was reminded of and have not done."))
@click.pass_obj
def mine(app: App) -> None:
    """Show one's reminders."""
    reminders: Any = app.crm.collection("reminder")
    rows = [reminders.export(one) for one in reminders.open_for(app.crm.actor)]
    print_rows(["id", "due", "subject", "activity"], rows)


ROUTINE_VERBS = {"starter": write_command(starter), "next": read_command(next_), "plan": write_command(plan)}
REMINDER_VERBS = {"mine": read_command(mine)}
