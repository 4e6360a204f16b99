"""Rules of automation: when something happens, if a condition holds, then do this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.hookspecs import Event
    from crm.model.record import Record
    from crm.workspace import Workspace

idle_without = "rules"
"""Without any rule in `config/rules.yaml` no event is told to this plugin."""


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the runs of scheduled rules."""
    from crm.plugins.automation.run import Run
    from crm.sales.collection import Collection

    register(Run, Collection)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm rules`."""
    register("rules", "crm.plugins.automation.commands:rules", help=N_("Rules of automation: list, test, run"))


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of rules, among the settings."""
    place = "crm.plugins.automation.page:page"
    register("rules", place, title=N_("Rules of automation"), menu=False, where="settings", icon="rules")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the page does."""
    register("rule_switch", "crm.plugins.automation.page:switch")
    register("rules_run", "crm.plugins.automation.page:run")


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/rules.yaml`."""
    from crm.plugins.automation.rule import Rules

    register(Rules)


@hookimpl
def register_lint_rules(register: Callable[..., None]) -> None:
    """Bring the rule that finds loops."""
    register(
        "rule-loop", "crm.plugins.automation.plugin:looping", level="error", title=N_("Rules that set off one another")
    )


def looping(crm: Workspace) -> list[tuple[str, str]]:
    """Return the rules that would set off one another without an end."""
    from crm.locale import _
    from crm.plugins.automation.loops import loops
    from crm.plugins.automation.rule import rules_of

    found = loops(rule for rule in rules_of(crm) if rule.enabled)
    return [
        (f"rule/{path[0]}", _("These rules set off one another: {rules}.").format(rules=" → ".join([*path, path[0]])))
        for path in found
    ]


@hookimpl
def do_what_is_due(crm: Workspace) -> Iterator[str]:
    """Run the rules of every day, week and month that are due."""
    from crm.plugins.automation.schedule import run_due

    for rule, refs in run_due(crm):
        yield f"{rule.id}: {len(refs)}"


def _react(crm: Workspace, record: Record, event: Event) -> None:
    from crm.plugins.automation.reacting import react

    react(crm, record, event)


@hookimpl
def on_lead_created(crm: Workspace, lead: Record, event: Event) -> None:
    """Do the rules on a new lead."""
    _react(crm, lead, event)


@hookimpl
def on_lead_converted(crm: Workspace, lead: Record, event: Event) -> None:
    """Do the rules on a converted lead."""
    _react(crm, lead, event)


@hookimpl
def on_lead_rejected(crm: Workspace, lead: Record, event: Event) -> None:
    """Do the rules on a rejected lead."""
    _react(crm, lead, event)


@hookimpl
def on_stage_changed(crm: Workspace, record: Record, event: Event) -> None:
    """Do the rules on a deal or a lead on another stage."""
    _react(crm, record, event)


@hookimpl
def on_deal_created(crm: Workspace, deal: Record, event: Event) -> None:
    """Do the rules on a new deal."""
    _react(crm, deal, event)


@hookimpl
def on_deal_won(crm: Workspace, deal: Record, event: Event) -> None:
    """Do the rules on a won deal."""
    _react(crm, deal, event)


@hookimpl
def on_deal_lost(crm: Workspace, deal: Record, event: Event) -> None:
    """Do the rules on a lost deal."""
    _react(crm, deal, event)


@hookimpl
def on_deal_reopened(crm: Workspace, deal: Record, event: Event) -> None:
    """Do the rules on a deal that is at work again."""
    _react(crm, deal, event)


@hookimpl
def on_activity_added(crm: Workspace, activity: Record, event: Event) -> None:
    """Do the rules on a new activity."""
    _react(crm, activity, event)


@hookimpl
def on_activity_done(crm: Workspace, activity: Record, event: Event) -> None:
    """Do the rules on a done activity."""
    _react(crm, activity, event)


@hookimpl
def on_quote_sent(crm: Workspace, quote: Record, event: Event) -> None:
    """Do the rules on a sent quote."""
    _react(crm, quote, event)


@hookimpl
def on_quote_accepted(crm: Workspace, quote: Record, event: Event) -> None:
    """Do the rules on an accepted quote."""
    _react(crm, quote, event)


@hookimpl
def on_invoice_issued(crm: Workspace, invoice: Record, event: Event) -> None:
    """Do the rules on an issued invoice."""
    _react(crm, invoice, event)


@hookimpl
def on_payment_received(crm: Workspace, payment: Record, event: Event) -> None:
    """Do the rules on money that came in."""
    _react(crm, payment, event)


@hookimpl
def on_invoice_paid(crm: Workspace, invoice: Record, event: Event) -> None:
    """Do the rules on a paid invoice."""
    _react(crm, invoice, event)


@hookimpl
def on_call_missed(crm: Workspace, activity: Record, event: Event) -> None:
    """Do the rules on a missed call."""
    _react(crm, activity, event)


@hookimpl
def on_letter_received(crm: Workspace, letter: Record, event: Event) -> None:
    """Do the rules on a letter."""
    _react(crm, letter, event)


@hookimpl
def on_record_changed(crm: Workspace, record: Record, event: Event) -> None:
    """Do the rules on any changed record."""
    _react(crm, record, event)
