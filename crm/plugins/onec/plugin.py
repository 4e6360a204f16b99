"""Exchange with 1C: every issued invoice goes to accounting as an order of CommerceML 2, by file or when 1C polls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.workspace import Workspace


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the invoices in the exchange."""
    from crm.plugins.onec.exchange import OnecOrder
    from crm.plugins.onec.exchanges import OnecOrders

    register(OnecOrder, OnecOrders)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm onec`."""
    register("onec", "crm.plugins.onec.commands:onec", help=N_("Exchange with 1C"))


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/onec.yaml`."""
    from crm.plugins.onec.settings import OnecSettings

    register(OnecSettings)


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of the exchange."""
    register("onec", "crm.plugins.onec.page:page", title=N_("Exchange with 1C"), group="money", icon="move")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the page does."""
    register("onec_export", "crm.plugins.onec.page:export")
    register("onec_import", "crm.plugins.onec.page:take_in")
    register("onec_connect", "crm.plugins.onec.connecting:connect")
    register("onec_disconnect", "crm.plugins.onec.connecting:disconnect")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Bring the file for the buyer to the card of an invoice."""
    register("onec", "crm.plugins.onec.connecting:buyers_link", title=N_("1C of the buyer"), where="invoice")


@hookimpl
def register_endpoints(register: Callable[..., None]) -> None:
    """Bring the address that 1C polls: `/hooks/1c/TOKEN`."""
    register("1c", "crm.plugins.onec.protocol:serve", largest=128 * 1024 * 1024)


@hookimpl
def on_invoice_issued(crm: Workspace, invoice: Any) -> None:
    """Let the invoice join the exchange."""
    orders: Any = crm.collection("onec_order")
    orders.join(invoice)
