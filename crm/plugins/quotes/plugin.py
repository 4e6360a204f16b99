"""Quotes: what a client is offered, before the invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the noun quote."""
    from crm.plugins.quotes.quote import Quote
    from crm.plugins.quotes.quotes import Quotes

    register(Quote, Quotes)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of quotes."""
    from crm.locale import N_

    register("quote", "crm.plugins.quotes.commands:VERBS", help=N_("Quotes: what clients are offered"))


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/quotes.yaml`."""
    from crm.plugins.quotes.settings import QuoteSettings

    register(QuoteSettings)
