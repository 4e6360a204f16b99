"""Quotes: what a client is offered, before the invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.workspace import Workspace


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the noun quote."""
    from crm.plugins.quotes.quote import Quote
    from crm.plugins.quotes.quotes import Quotes

    register(Quote, Quotes)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of quotes."""
    register("quote", "crm.plugins.quotes.commands:VERBS", help=N_("Quotes: what clients are offered"))


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Bring options and versions to the card of a quote."""
    register("quote", "crm.plugins.quotes.on_cards:panel", title=N_("Versions and options"), where="quote")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the panel and the card do."""
    register(
        "quote_mail", "crm.plugins.quotes.deeds:mail", title=N_("Send by e-mail"), where=["quote"], icon="letter",
        when={"status": ["draft", "sent", "accepted"]},
        asks=[
            {"name": "to", "title": N_("To whom; by itself, whom the paper is for")},
            {"name": "text", "title": N_("Text of the letter"), "type": "multiline"},
        ],
    )  # fmt: skip
    register("quote_revise", "crm.plugins.quotes.on_cards:revise")
    register("quote_accept", "crm.plugins.quotes.on_cards:accept")


@hookimpl
def do_what_is_due(crm: Workspace) -> str | None:
    """Note the quotes that hold no longer."""
    from crm.plugins.quotes.on_cards import do_expire

    return do_expire(crm)


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/quotes.yaml`."""
    from crm.plugins.quotes.settings import QuoteSettings

    register(QuoteSettings)
