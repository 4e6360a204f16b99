"""Goal targeting: what happens in sales moves deals along their pipelines by itself («целевое управление»)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.hookspecs import Event
    from crm.model.activity import Activity
    from crm.model.record import Record
    from crm.workspace import Workspace


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm deal goals` and `crm deal tick`."""
    register("deal", "crm.plugins.goals.commands:VERBS")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Bring the goals of a deal to its card."""
    register("goals", "crm.plugins.goals.on_cards:panel", title=N_("Goals of the stage"), where="deal")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the panel does."""
    register("tick_goal", "crm.plugins.goals.on_cards:done")


@hookimpl
def on_quote_sent(crm: Workspace, quote: Record, event: Event) -> None:
    """Reach the goals of a sent quote."""
    _reach(crm, quote, event)


@hookimpl
def on_quote_accepted(crm: Workspace, quote: Record, event: Event) -> None:
    """Reach the goals of an accepted quote."""
    _reach(crm, quote, event)


@hookimpl
def on_invoice_issued(crm: Workspace, invoice: Record, event: Event) -> None:
    """Reach the goals of an issued invoice."""
    _reach(crm, invoice, event)


@hookimpl
def on_payment_received(crm: Workspace, payment: Record, event: Event) -> None:
    """Reach the goals of money that came in."""
    _reach(crm, payment, event)


@hookimpl
def on_invoice_paid(crm: Workspace, invoice: Record, event: Event) -> None:
    """Reach the goals of a paid invoice."""
    _reach(crm, invoice, event)


@hookimpl
def on_activity_done(crm: Workspace, activity: Activity, event: Event) -> None:
    """Reach the goals of an activity of that kind."""
    _reach(crm, activity, event)


@hookimpl
def on_call_missed(crm: Workspace, activity: Activity, event: Event) -> None:
    """Reach the goals of a missed call."""
    _reach(crm, activity, event)


@hookimpl
def on_letter_received(crm: Workspace, letter: Record, event: Event) -> None:
    """Reach the goals of a letter that came in."""
    _reach(crm, letter, event)


def _reach(crm: Workspace, record: Record, event: Event) -> None:
    from crm.plugins.goals.reaching import reach

    reach(crm, record, event.name.removeprefix("on_"))
