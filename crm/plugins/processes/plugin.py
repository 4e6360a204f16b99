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
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/processes.yaml`."""
    from crm.plugins.processes.routine import Routines

    register(Routines)


@hookimpl
def on_activity_done(crm: Workspace, activity: Activity) -> None:
    """Go on to the next step of the process whose step was done."""
    cast("Processes", crm.collection("process")).advance(activity.ref)
