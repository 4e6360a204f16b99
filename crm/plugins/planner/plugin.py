"""Activities that come again by themselves, reminders to the owner and to the client, postponing with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from crm.plugins.planner.reminders import Reminders
    from crm.plugins.planner.routines import Routines
    from crm.workspace import Workspace


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring routines and reminders."""
    from crm.plugins.planner.reminder import Reminder
    from crm.plugins.planner.reminders import Reminders
    from crm.plugins.planner.routine import Routine
    from crm.plugins.planner.routines import Routines

    register(Routine, Routines)
    register(Reminder, Reminders)


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/planner.yaml`."""
    from crm.plugins.planner.settings import PlannerSettings

    register(PlannerSettings)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of routines and reminders."""
    register("routine", "crm.plugins.planner.commands:ROUTINE_VERBS", help=N_("Routines: activities that come again"))
    register("reminder", "crm.plugins.planner.commands:REMINDER_VERBS", help=N_("Reminders that were given"))


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of routines."""
    title = N_("Regular activities")
    register("routines", "crm.plugins.planner.pages:routines", title=title, group="team", icon="repeat")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Show reminders on the first page and as a bell on every page, postponing on the card of an activity."""
    register("reminders", "crm.plugins.planner.pages:reminders", title=N_("Reminders"), where="home")
    register("bell", "crm.plugins.planner.pages:reminders", title=N_("Reminders"), where="top")
    register("postpone", "crm.plugins.planner.pages:postpone_panel", title=N_("Postpone"), where="activity")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the forms do."""
    register("postpone", "crm.plugins.planner.pages:postpone")
    register("seen", "crm.plugins.planner.pages:seen")
    register("starter", "crm.plugins.planner.pages:starter")


@hookimpl
def do_what_is_due(crm: Workspace, now: datetime) -> Iterator[str]:
    """Plan routines and give reminders."""
    for activity in cast("Routines", crm.collection("routine")).plan_due():
        yield f"{activity.ref} {activity.subject}"
    for reminder in cast("Reminders", crm.collection("reminder")).give(now):
        yield f"{reminder.ref} {reminder.subject} → {reminder.to}"
