"""Points for calls, meetings and letters against the norm of the department («Автомотиватор»)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.model.activity import Activity
    from crm.workspace import Workspace


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/motivator.yaml`."""
    from crm.plugins.motivator.settings import MotivatorRules

    register(MotivatorRules)


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring absences."""
    from crm.plugins.motivator.absence import Absence
    from crm.plugins.motivator.absences import Absences

    register(Absence, Absences)


@hookimpl
def register_reports(register: Callable[..., None]) -> None:
    """Bring planned against done, and the rush at the end of months."""
    about = N_("What people planned for each day and what became of it")
    register("planning", "crm.plugins.motivator.planning:planning", title=N_("Planned and done"), about=about)
    about = N_("How much of a month's work and sales falls on its last third")
    register("rush", "crm.plugins.motivator.planning:rush", title=N_("End-of-month rush"), about=about)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm motivator`."""
    register(
        "motivator",
        "crm.plugins.motivator.cli:motivator",
        help=N_("Points of the team against the norm («Автомотиватор»)"),
    )


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of the team."""
    register("motivator", "crm.plugins.motivator.pages:page", title=N_("Motivator"), group="team", icon="gauge")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Show one's points on the first page."""
    register("motivator", "crm.plugins.motivator.pages:panel", title=N_("Motivator"), where="home")


@hookimpl
def on_activity_done(crm: Workspace, activity: Activity) -> None:
    """Write the points of an activity on it, once: what was earned stays when the rules change."""
    from crm.plugins.motivator.points import points_of
    from crm.plugins.motivator.settings import MotivatorRules

    if activity.points is not None:
        return
    points = points_of(activity, crm.settings.section("motivator", MotivatorRules))
    with crm.writing("motivator") as draft:
        draft.update("activity", activity.id, {"points": points})
