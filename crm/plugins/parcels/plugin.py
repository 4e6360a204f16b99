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
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of letters with papers."""
    register(
        "parcel", "crm.plugins.parcels.commands:VERBS", help=N_("Letters with papers: invoices, quotes, price lists")
    )
