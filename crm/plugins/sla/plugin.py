"""How long leads wait for their first answer, in working time: on the board, on the card, in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/sla.yaml`."""
    from crm.plugins.sla.settings import SlaSettings

    register(SlaSettings)


@hookimpl
def register_reports(register: Callable[..., None]) -> None:
    """Bring the report of first answers."""
    about = N_("How soon people answer new leads, and who waits")
    register("sla", "crm.plugins.sla.report:report", title=N_("First answer to leads"), about=about)


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Show the clock beside the card of a lead, and who waits too long on the first page."""
    register("sla", "crm.plugins.sla.pages:panel", title=N_("First answer"), where="lead")
    register("sla-home", "crm.plugins.sla.pages:home", title=N_("Leads wait for an answer"), where="home")


@hookimpl
def register_marks(register: Callable[..., None]) -> None:
    """Mark the leads that wait."""
    register("sla", "crm.plugins.sla.pages:marks", noun="lead")
