"""Segments of the base and mailings to them: one letter per address, with unsubscribing («Рассылки»)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


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
