"""Forms and orders of the site become leads and deals; changes of stages go back to it, signed, with retry."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from crm.hookspecs import Event
    from crm.model.deal import Deal
    from crm.model.record import Record
    from crm.plugins.site.notices import SiteNotices
    from crm.workspace import Workspace

idle_without = "site.webhooks"
"""Without a webhook in `config/site.yaml` no event is told to this plugin."""


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring requests of the site and notices to it."""
    from crm.plugins.site.notices import SiteNotices
    from crm.plugins.site.nouns import SiteNotice, SiteRequest
    from crm.plugins.site.requests import SiteRequests

    register(SiteRequest, SiteRequests)
    register(SiteNotice, SiteNotices)


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the addresses that the site posts to, among the settings."""
    place = "crm.plugins.site.addresses:page"
    register("site", place, title=N_("Addresses for the site"), menu=False, where="settings")


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/site.yaml`."""
    from crm.plugins.site.settings import SiteSettings

    register(SiteSettings)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs."""
    register("site_request", "crm.plugins.site.commands:REQUEST_VERBS", help=N_("Forms and orders of the site"))
    register("site_notice", "crm.plugins.site.commands:NOTICE_VERBS", help=N_("Stages on their way to the site"))


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the card of a notice offers."""
    register(
        "site_notice_again", "crm.plugins.site.deeds:again", title=N_("Send now"), where=["site_notice"],
        icon="move", when={"status": ["waiting", "failed"]},
    )  # fmt: skip


@hookimpl
def register_endpoints(register: Callable[..., None]) -> None:
    """Bring the addresses of forms and orders."""
    register("site", "crm.plugins.site.endpoints:take", methods=("POST",), largest=500_000)


@hookimpl
def do_what_is_due(crm: Workspace, now: datetime) -> Iterator[str]:
    """Send the notices that are due."""
    for notice in _notices(crm).send(now):
        yield f"{notice.ref} {notice.event} {notice.about}: {notice.status}"


def _notices(crm: Workspace) -> SiteNotices:
    return cast("SiteNotices", crm.collection("site_notice"))


@hookimpl
def on_stage_changed(crm: Workspace, record: Record, event: Event) -> None:
    """Tell the site of a new stage."""
    _notices(crm).tell(record, event)


@hookimpl
def on_deal_created(crm: Workspace, deal: Deal, event: Event) -> None:
    """Tell the site that its order is a deal now."""
    _notices(crm).tell(deal, event)


@hookimpl
def on_deal_won(crm: Workspace, deal: Deal, event: Event) -> None:
    """Tell the site that an order is done."""
    _notices(crm).tell(deal, event)


@hookimpl
def on_deal_lost(crm: Workspace, deal: Deal, event: Event) -> None:
    """Tell the site that an order will not be."""
    _notices(crm).tell(deal, event)
