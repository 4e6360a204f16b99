"""The verbs of processes on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, form, option, print_done, print_json, print_rows, read_command, verb, write_command
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.processes.processes import Processes


def _processes(app: App) -> Processes:
    return app.crm.collection("process")  # type: ignore[return-value]


@verb(
    "start",
    example="crm process start delivery --about deal/12",
    help=N_("Start a process for a deal or a client: its first step becomes an activity."),
)
@click.argument("routine")
@option("--about", required=True, metavar="REF", help=N_("The record that it is about."))
@click.pass_obj
def start(app: App, routine: str, about: str) -> None:
    """Start a process."""
    print_done(app, [_processes(app).start(routine, about)])


@verb("do", example="crm process do 3 --result забрали", help=N_("Do the current step of a process; the next begins."))
@click.argument("process_id", metavar="ID")
@option("--result", default="", metavar="TEXT", help=N_("What came of it."))
@click.pass_obj
def do(app: App, process_id: str, result: str) -> None:
    """Do the current step."""
    print_done(app, [_processes(app).do(process_id, result)])


@verb("cancel", example="crm process cancel 3", help=N_("Cancel a process, with the activity of its current step."))
@click.argument("process_id", metavar="ID")
@click.pass_obj
def cancel(app: App, process_id: str) -> None:
    """Cancel a process."""
    print_done(app, [_processes(app).cancel(process_id)])


@verb("chain", example="crm process chain 3", help=N_("Show a process as a chain: what is done, what is to come."))
@click.argument("process_id", metavar="ID")
@click.pass_obj
def chain(app: App, process_id: str) -> None:
    """Show a chain."""
    from crm.plugins.processes.chain import chain as links_of
    from crm.plugins.processes.chain import drawn

    process = _processes(app).get(process_id)
    links = links_of(app.crm, process)
    if form() == "json":
        print_json({"id": process.id, "ref": process.ref, "steps": [one.plain() for one in links]})
    elif form():
        print_rows(["step", "state", "activity", "owner", "due"], [one.plain() for one in links])
    else:
        print(f"{process.ref}  {process.title}\n{drawn(links)}")


@verb("routines", example="crm process routines", help=N_("List the processes that can be started, with their steps."))
@click.pass_obj
def routines(app: App) -> None:
    """List the routines."""
    from crm.plugins.processes.routine import routines as every

    rows = [
        {"id": one.id, "title": one.title.text(), "steps": " → ".join(step.title.text() for step in one.steps)}
        for one in every(app.crm)
    ]
    print_rows(["id", "title", "steps"], rows, ["id", _("Title"), _("Steps")])


VERBS = {
    "start": write_command(start),
    "do": write_command(do),
    "cancel": write_command(cancel),
    "chain": read_command(chain),
    "routines": read_command(routines),
}
