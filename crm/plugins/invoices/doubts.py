"""What an accountant would ask about an invoice that is being issued; nothing here stops it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm.model.fields import Doc
    from crm.sales.desk import Desk


def doubts(crm: Desk, doc: Doc, day: date, *, quote_first: bool) -> Iterator[str]:
    """Yield a sentence for each thing that is unusual about an invoice of `day`."""
    if quote_first and not _has_accepted_quote(crm, doc):
        yield _("The client has not accepted a quote yet.")
    yield from _other_invoices(crm, doc)
    shipped = date.fromisoformat(doc["shipment"]) if doc.get("shipment") else None
    yield from _unlawful_rates(crm, doc, shipped or day)
    yield from _changing_rates(crm, doc, day, shipped)
    own = crm.settings.own_company(str(doc.get("own") or ""))
    if not own.bank.account and not own.bank.iban:
        yield _("Our bank account is not filled in: see company in config/crm.yaml.")
    yield from _wrong_requisites(crm, doc)


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
        if len(allowed) > 1 and rate.partition("/")[0] not in allowed:
            yield _("VAT of {rate} % is not a rate of {day}.").format(rate=rate, day=day.isoformat())


_SOON = timedelta(days=31)


def _changing_rates(crm: Desk, doc: Doc, day: date, shipped: date | None) -> Iterator[str]:
    """Tell of a change of the usual rate between the invoice and the shipment, or soon where no shipment is known."""
    taxed = any(line.get("vat", "none") != "none" for line in doc["items"])
    until = shipped or day + _SOON
    before, after = crm.settings.vat_default(day), crm.settings.vat_default(until)
    if not taxed or before == after:
        return
    if shipped:
        yield _(
            "VAT was {before} % on {day} and is {after} % on the day of shipment, {shipped}: that rate holds."
        ).format(before=before, after=after, day=day.isoformat(), shipped=shipped.isoformat())
    else:
        yield _("VAT changes from {before} to {after} % within a month: goods shipped then have the new rate.").format(
            before=before, after=after
        )


def _wrong_requisites(crm: Desk, doc: Doc) -> Iterator[str]:
    """Yield what is mistyped in the requisites of both sides."""
    from crm.plugins.invoices.snapshot import buyer_now, seller_now

    for side in (seller_now(crm, str(doc.get("own") or "")), buyer_now(crm, doc)):
        yield from wrong_requisites(side)


def wrong_requisites(side: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each number of a side that cannot be: tax ids, bank, accounts."""
    from crm.model.tax_ids import check

    bik = side.get("bank_bik") if side.get("bank_account") else None
    for name in ("inn", "kpp", "ogrn", "edrpou", "rntrc", "ipn"):
        if side.get(name) and (problem := check(name, side[name])):
            yield problem
    for name, kind in (("bank_bik", "bik"), ("bank_account", "account"), ("bank_corr_account", "corr_account")):
        if bik and side.get(name) and (problem := check(kind, side[name], bik)):
            yield problem
    if side.get("bank_iban") and (problem := check("iban", side["bank_iban"])):
        yield problem
