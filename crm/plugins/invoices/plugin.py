"""Invoices and payments: what clients are to pay, and what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.workspace import Workspace


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the nouns invoice and payment."""
    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.invoices.invoices import Invoices
    from crm.plugins.invoices.payment import Payment
    from crm.plugins.invoices.payments import Payments

    register(Invoice, Invoices)
    register(Payment, Payments)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of invoices."""
    register("invoice", "crm.plugins.invoices.commands:VERBS", help=N_("Invoices: what clients are to pay"))
    register("payment", "crm.plugins.invoices.commands:PAYMENT_VERBS", help=N_("Payments: what came in"))


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Bring the invoices of a quote to its card."""
    register("quote_invoices", "crm.plugins.invoices.on_cards:panel", title=N_("Invoices"), where="quote")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the panel does, and what cards offer."""
    from crm.plugins.invoices.offers import OFFERS

    register("quote_invoice", "crm.plugins.invoices.on_cards:issue")
    for name, (place, options) in OFFERS.items():
        register(name, place, **options)


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/invoices.yaml`."""
    from crm.plugins.invoices.settings import InvoiceSettings

    register(InvoiceSettings)


@hookimpl
def do_what_is_due(crm: Workspace) -> Iterator[str]:
    """Hand over the letters with invoices that wait, where invoices go by themselves."""
    from crm.plugins.invoices.mailing import hand_over_waiting

    return hand_over_waiting(crm)
