"""The price list as a letter: queued with its paper, for the mail server to take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from crm.locale import _
from crm.plugins.pricelist.settings import PriceSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.parcels.parcel import Parcel
    from crm.plugins.pricelist.prices import Asked
    from crm.workspace import Workspace


def queue(crm: Workspace, asked: Asked, to: str, subject: str = "", text: str = "") -> Parcel:
    """Put the letter with a price list into the outbox, for a contact, a company, a lead, a deal or an address."""
    from crm.plugins.parcels.addressing import addressee

    settings = crm.settings.section("pricelist", PriceSettings)
    who = addressee(crm, to)
    query = urlencode([("group", one) for one in asked.groups] + [("item", one) for one in asked.items]
                      + ([("currency", asked.currency)] if asked.currency else []))  # fmt: skip
    parcels: Any = crm.collection("parcel")
    with crm.writing("price send") as draft:
        queued: Parcel = parcels.queue(
            draft, about=who.ref, address=who.address, name=who.name,
            subject=subject or settings.subject or _("Price list"),
            text=text or settings.letter or _("Hello! Our price list is enclosed."), paper=f"price?{query}",
        )  # fmt: skip
    return queued


def send(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send the price list that the page shows."""
    from crm.errors import InvalidValue
    from crm.plugins.parcels.deeds import hand_over
    from crm.plugins.pricelist.prices import Asked

    def typed(name: str) -> str:
        return str(form.get(name) or "").strip()

    if not typed("to"):
        raise InvalidValue(_("Nobody was named."), _("Write an address, or a record such as company/3."))
    asked = Asked((typed("group"),) if typed("group") else (), (), typed("currency"))
    return hand_over(crm, queue(crm, asked, typed("to"), typed("subject"), typed("text")))
