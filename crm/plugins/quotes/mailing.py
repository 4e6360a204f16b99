"""The letter that a quote goes with: to whom, in which words."""

from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING

from crm.errors import InvalidValue, Refused
from crm.locale import _, use_language
from crm.plugins.quotes.letters import fields, queue, worded
from crm.plugins.quotes.settings import QuoteSettings

if TYPE_CHECKING:
    from crm.plugins.parcels.parcel import Parcel
    from crm.plugins.quotes.quote import Quote
    from crm.sales.desk import Desk
    from crm.store.draft import Draft


def queue_letter(crm: Desk, draft: Draft, quote: Quote, to: str = "", text: str = "") -> Parcel:
    """Draft the letter to `to`, else to the contact or the company of the quote; raise InvalidValue for nobody."""
    from crm.plugins.parcels.addressing import addressee

    if "parcel" not in crm.nouns:
        raise Refused(
            _("Papers cannot be sent: the plugin parcels is off."), _("Turn it on: crm plugin enable parcels")
        )
    who = addressee(crm, to) if to else None
    address, name = (who.address, who.name) if who else _client(crm, quote)
    if not address:
        raise InvalidValue(
            _("{ref}: nobody at the client has an e-mail address.").format(ref=quote.ref),
            _("Give --to, or an address: crm contact set ID emails+=…"),
        )
    subject, words = copy_context().run(_words, crm, quote, name)
    return queue(crm, draft, quote, (address, name), (subject, text or words))


def _client(crm: Desk, quote: Quote) -> tuple[str, str]:
    for ref in filter(None, (quote.contact, quote.company)):
        record = crm.record(ref)
        for address in record.doc.get("emails", ()):
            return str(address), record.label
    return "", ""


def _words(crm: Desk, quote: Quote, name: str) -> tuple[str, str]:
    use_language(crm.settings.language)
    settings = crm.settings.section("quotes", QuoteSettings)
    usual = _("Hello{name}!\n\nOur quote No. {number} of {date} for {total} is enclosed; it holds until {valid_until}."
              "\n\n{seller}")  # fmt: skip
    subject = settings.subject or _("Quote No. {number} of {date} — {seller}")
    return worded(subject, settings.letter, usual, fields(crm, quote, name))
