"""The score of leads by rules in YAML: quality, readiness to buy, solvency; each point explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.model.lead import Lead
    from crm.model.record import Record
    from crm.workspace import Workspace

idle_without = "scoring.rules"
"""Without rules in `config/scoring.yaml` no event is told to this plugin."""


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/scoring.yaml`."""
    from crm.plugins.scoring.settings import ScoreRules

    register(ScoreRules)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of leads."""
    register("lead", "crm.plugins.scoring.commands:VERBS")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Explain the score beside the card of a lead."""
    register("score", "crm.plugins.scoring.pages:panel", title=N_("Score"), where="lead")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the panel does."""
    register("rescore", "crm.plugins.scoring.pages:rescore")


@hookimpl
def register_marks(register: Callable[..., None]) -> None:
    """Mark the hot leads."""
    register("score", "crm.plugins.scoring.pages:marks", noun="lead")


@hookimpl
def on_lead_created(crm: Workspace, lead: Lead) -> None:
    """Count the score of a new lead."""
    from crm.plugins.scoring.score import keep

    keep(crm, lead)


@hookimpl
def on_record_changed(crm: Workspace, record: Record) -> None:
    """Count the score of a changed lead anew."""
    if record.noun == "lead":
        from crm.plugins.scoring.score import keep

        keep(crm, record)  # type: ignore[arg-type]
