"""Letters with papers: the outbox of invoices, quotes and price lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the noun parcel."""
    from crm.plugins.parcels.parcel import Parcel
    from crm.plugins.parcels.parcels import Parcels

    register(Parcel, Parcels)


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the card of a letter offers."""
    register(
        "parcel_send", "crm.plugins.parcels.deeds:send", title=N_("Send now"), where=["parcel"], icon="letter",
        when={"status": ["queued"]}, primary=True,
    )  # fmt: skip
    register(
        "parcel_again", "crm.plugins.parcels.deeds:again", title=N_("Send once more"), where=["parcel"], icon="letter",
        when={"status": ["failed", "sending"]}, sure=N_("Somebody may get the letter twice."),
    )  # fmt: skip


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of letters with papers."""
    register(
        "parcel", "crm.plugins.parcels.commands:VERBS", help=N_("Letters with papers: invoices, quotes, price lists")
    )
