"""What an accountant would ask about an invoice that is being issued; nothing here stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm.model.fields import Doc
    from crm.sales.desk import Desk


def doubts(crm: Desk, doc: Doc, day: date, *, quote_first: bool) -> Iterator[str]:
    """Yield a sentence for each thing that is unusual about an invoice of `day`."""
    if quote_first and not _has_accepted_quote(crm, doc):
        yield _("The client has not accepted a quote yet.")
    yield from _other_invoices(crm, doc)
    yield from _unlawful_rates(crm, doc, day)
    if not crm.settings.company.bank.account and not crm.settings.company.bank.iban:
        yield _("Our bank account is not filled in: see company in config/crm.yaml.")


def _has_accepted_quote(crm: Desk, doc: Doc) -> bool:
    from crm.plugins.quotes.quote import ACCEPTED

    if doc.get("quote"):
        return bool(crm.record(doc["quote"]).doc.get("status") == ACCEPTED)
    if not doc.get("deal") or "quote" not in crm.nouns:
        return False
    return any(quote.status == ACCEPTED for quote in crm.collection("quote").having("deal", doc["deal"]))


def _other_invoices(crm: Desk, doc: Doc) -> Iterator[str]:
    """Yield the invoices that were made from the same quote already."""
    from crm.plugins.invoices.invoice import CANCELLED

    for other in crm.collection("invoice").having("quote", doc["quote"]) if doc.get("quote") else ():
        if other.id != doc["id"] and other.status != CANCELLED:
            yield _("{quote} has {invoice} already.").format(quote=doc["quote"], invoice=other.ref)


def _unlawful_rates(crm: Desk, doc: Doc, day: date) -> Iterator[str]:
    """Yield the rates of VAT that are none on that day; a country without a table of rates has no doubts."""
    allowed = crm.settings.vat_allowed(day)
    for rate in dict.fromkeys(line.get("vat", "none") for line in doc["items"]):
        if len(allowed) > 1 and rate not in allowed:
            yield _("VAT of {rate} % is not a rate of {day}.").format(rate=rate, day=day.isoformat())
