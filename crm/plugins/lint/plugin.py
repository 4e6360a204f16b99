"""Rules for pipelines and data, with levels and a baseline, for cron and CI (`crm lint`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = {
    "pipeline-gap-stage": ("pipelines:gap_stages", "warning", N_("A stage that is no step forward")),
    "pipeline-parallel-stages": ("pipelines:parallel_stages", "warning", N_("Stages that stand in for one another")),
    "pipeline-cycle": ("pipelines:cycles", "error", N_("No start or end of the cycle of a sale")),
    "pipeline-without-norms": ("pipelines:norms", "info", N_("A stage without a norm of days")),
    "lead-without-source": ("leads:without_source", "warning", N_("A lead without a source")),
    "lead-name": ("leads:names", "info", N_("A lead named against the scheme")),
    "lead-unanswered": ("leads:unanswered", "warning", N_("A lead that nobody took up within the norm of its stage")),
    "leads-only": ("leads:only_leads", "warning", N_("Only leads are used")),
    "deal-without-next-activity": ("deals:without_next_activity", "warning", N_("An open deal without a next step")),
    "deal-next-too-far": ("deals:too_far", "warning", N_("The next step of a deal is too far ahead")),
    "deal-stalled": ("deals:stalled", "warning", N_("A deal stands in its stage beyond the norm")),
    "deal-late": ("deals:late", "warning", N_("The expected close of an open deal is past")),
    "deal-without-amount": ("deals:without_amount", "info", N_("An open deal without an amount")),
    "deal-without-client": ("deals:without_client", "warning", N_("A deal without a company or a contact")),
    "deal-won-without-papers": ("deals:won_without_papers", "warning", N_("A won deal without an invoice")),
    "deal-lost-without-reason": ("deals:lost_without_reason", "warning", N_("A lost deal without a reason")),
    "activity-overdue": ("people:overdue", "warning", N_("An overdue activity")),
    "owner-has-left": ("people:left", "error", N_("Open work of somebody who has left")),
    "contact-unreachable": ("people:unreachable", "warning", N_("A contact without a phone and an e-mail")),
}
"""Each rule: where it is made, how severe it is, what it finds."""


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/lint.yaml`."""
    from crm.plugins.lint.settings import LintRules

    register(LintRules)


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of checks, among the settings."""
    place = "crm.plugins.lint.page:page"
    register("lint", place, title=N_("Checks of the data"), menu=False, where="settings", icon="flag")


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm lint`."""
    register("lint", "crm.plugins.lint.cli:lint", help=N_("Judge pipelines and data by rules, for cron and CI"))


@hookimpl
def register_lint_rules(register: Callable[..., None]) -> None:
    """Bring the rules, as any plugin may."""
    for name, (place, level, title) in RULES.items():
        register(name, f"crm.plugins.lint.{place}", level=level, title=title)
