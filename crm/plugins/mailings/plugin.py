"""Segments of the base and mailings to them: one letter per address, with unsubscribing («Рассылки»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from crm.plugins.mailings.mailings import Mailings
    from crm.workspace import Workspace


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/mailings.yaml`."""
    from crm.plugins.mailings.settings import MailSettings

    register(MailSettings)


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring segments, mailings, their letters and the list of the unsubscribed."""
    from crm.plugins.mailings.dispatches import Dispatches
    from crm.plugins.mailings.mailings import Mailings
    from crm.plugins.mailings.nouns import Dispatch, Mailing, Segment, Unsubscribe
    from crm.plugins.mailings.segments import Segments
    from crm.plugins.mailings.unsubscribes import Unsubscribes

    register(Segment, Segments)
    register(Mailing, Mailings)
    register(Dispatch, Dispatches)
    register(Unsubscribe, Unsubscribes)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of segments and mailings."""
    register("segment", "crm.plugins.mailings.cli_segment:VERBS", help=N_("Segments of the base"))
    register("mailing", "crm.plugins.mailings.cli_mailing:VERBS", help=N_("Mailings to segments"))


@hookimpl
def register_endpoints(register: Callable[..., None]) -> None:
    """Bring the address at the end of each letter."""
    register("unsubscribe", "crm.plugins.mailings.leaving:answer", methods=("GET", "HEAD", "POST"), largest=10_000)


@hookimpl
def register_reports(register: Callable[..., None]) -> None:
    """Bring the report of mailings."""
    register(
        "mailings", "crm.plugins.mailings.outcome:report", title=N_("Mailings"), about=N_("What came of each mailing")
    )


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of mailings."""
    register("mailings", "crm.plugins.mailings.pages:page", title=N_("Mailings"), group="talk", icon="megaphone")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Show one letter on the card of a mailing, the people on that of a segment."""
    register("mailing", "crm.plugins.mailings.pages:panel", title=N_("One letter"), where="mailing")
    register("segment", "crm.plugins.mailings.pages:people", title=N_("Who is in it"), where="segment")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the panel does, and what cards offer."""
    from crm.plugins.mailings.offers import OFFERS

    register("mailing", "crm.plugins.mailings.pages:act")
    register("segment_starter", "crm.plugins.mailings.deeds:starter")
    register("unpark", "crm.plugins.mailings.deeds:unpark")
    for name, (place, options) in OFFERS.items():
        register(name, place, **options)


@hookimpl
def do_what_is_due(crm: Workspace, now: datetime) -> Iterator[str]:
    """Send the share of this minute of mailings that the clock sends."""
    for sent in cast("Mailings", crm.collection("mailing")).send_due(now):
        yield f"{sent.mailing.ref} {sent.mailing.name}: {sent.counts}"
