"""Business processes: repeated routines with steps in a strict order, deadlines and owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.model.activity import Activity
    from crm.plugins.processes.processes import Processes
    from crm.workspace import Workspace


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the noun process."""
    from crm.plugins.processes.process import Process
    from crm.plugins.processes.processes import Processes

    register(Process, Processes)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of processes."""
    register("process", "crm.plugins.processes.commands:VERBS", help=N_("Business processes: routines with steps"))


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Bring the chain of a process, and the processes of deals and clients."""
    register("process", "crm.plugins.processes.on_cards:steps", title=N_("Steps"), where="process")
    for noun in ("deal", "company", "contact", "lead", "invoice"):
        register(f"processes-{noun}", "crm.plugins.processes.on_cards:panel", title=N_("Processes"), where=noun)


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what one does with a process."""
    place, running = "crm.plugins.processes.on_cards", {"state": ["running"]}
    register("process_start", f"{place}:start")
    register(
        "process_do", f"{place}:do", title=N_("The step is done"), where=["process"], icon="check", when=running,
        primary=True, asks=[{"name": "result", "title": N_("Result"), "type": "multiline"}],
    )  # fmt: skip
    register(
        "process_cancel", f"{place}:cancel", title=N_("Stop the process"), where=["process"], icon="close",
        when=running, sure=N_("The activity of its current step goes to the trash."),
    )  # fmt: skip


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/processes.yaml`."""
    from crm.plugins.processes.routine import Routines

    register(Routines)


@hookimpl
def on_activity_done(crm: Workspace, activity: Activity) -> None:
    """Go on to the next step of the process whose step was done."""
    cast("Processes", crm.collection("process")).advance(activity.ref)
