"""What a new document takes from its invoice or its deal: goods, sums, both sides, the papers that it refers to."""

from __future__ import annotations

from contextvars import copy_context
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, Refused
from crm.locale import _, use_language
from crm.model.money import Money
from crm.model.vat import NO_VAT, totals
from crm.plugins.documents.forms import form_for, is_ours
from crm.plugins.documents.goods import advance_lines, lines_for
from crm.plugins.documents.requisites import buyer_of, seller_of
from crm.plugins.invoices.invoice import CANCELLED, DRAFT

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.desk import Desk

WITHOUT_INVOICE = ("contract", "power_of_attorney")
_LINKS = ("deal", "company", "contact", "vat_included")


def taken(crm: Desk, doc: Doc, day: date) -> Doc:
    """Return the fields that a new document gets from what it is made from."""
    form = form_for(doc["kind"], crm.settings.account.country, day) if is_ours(doc["kind"]) else None
    lang = (form.lang if form else "") or crm.settings.language
    basis = issued(crm, doc["invoice"]) if doc.get("invoice") else _deal(crm, doc)
    items = _items(crm, doc, basis, day, lang)
    return {
        **{name: basis[name] for name in _LINKS if name in basis},
        "items": items,
        **_sums(items, basis),
        "seller": seller_of(crm, basis["seller"], lang),
        "buyer": buyer_of(crm, basis, basis["buyer"], lang),
        "basis": copy_context().run(_basis, basis, lang),
        "lang": lang,
        **({"form": form.name} if form and form.template else {}),
    }


def issued(crm: Desk, ref: str) -> Doc:
    """Return an issued invoice; raise Refused for a draft and for a cancelled one."""
    doc = crm.record(ref).doc
    if doc.get("status") in (DRAFT, CANCELLED, None) or "deleted" in doc:
        raise Refused(
            _("{ref} is not in force, so no document is made from it.").format(ref=ref),
            _("Issue an invoice first: crm invoice issue."),
        )
    return doc


def _deal(crm: Desk, doc: Doc) -> Doc:
    """Return a deal as an invoice would be made of it now; raise InvalidValue where there is nothing to go by."""
    from crm.plugins.invoices.snapshot import buyer_now, seller_now

    if not doc.get("deal") or doc["kind"] not in WITHOUT_INVOICE:
        raise InvalidValue(
            _("{noun}: «{field}» is needed.").format(noun="document", field="invoice"),
            _("Give --invoice; a contract and a power of attorney can be made of a --deal."),
        )
    deal = crm.record(doc["deal"]).doc
    items = deal.get("items") or _one_line(crm, deal)
    client = {"company": deal.get("company"), "contact": next(iter(deal.get("contacts") or []), None)}
    made: Doc = {**{name: ref for name, ref in client.items() if ref}, "deal": doc["deal"], "items": items}
    currency = (deal.get("amount") or {}).get("currency") or crm.settings.currency
    made |= {"vat_included": crm.settings.company.vat_included, "total": {"amount": "0.00", "currency": currency}}
    return {**made, "seller": seller_now(crm), "buyer": buyer_now(crm, made)}


def _one_line(crm: Desk, deal: Doc) -> list[Doc]:
    """Return a deal without goods as one line of its whole amount."""
    from crm.sales import goods

    if not deal.get("amount"):
        raise Refused(
            _("deal/{id} has neither goods nor an amount.").format(id=deal["id"]),
            _("Give it an amount: crm deal set {id} amount=…").format(id=deal["id"]),
        )
    line = {"name": deal["title"], "qty": "1", "price": deal["amount"]["amount"]}
    return goods.lines(crm, [line], included=True, currency=deal["amount"]["currency"])


def _items(crm: Desk, doc: Doc, basis: Doc, day: date, lang: str) -> list[Doc]:
    if doc["kind"] == "advance_vat_invoice":
        _refuse_untaxed(basis["items"])
        return advance_lines(basis["items"], _advance(crm, doc["invoice"], day))
    if not is_ours(doc["kind"]):
        return list(basis.get("items") or [])
    items = lines_for(crm, doc["kind"], basis.get("items") or [], str(doc.get("lines") or ""), lang, asked=True)
    if doc["kind"] == "vat_invoice":
        _refuse_untaxed(items)
    return items


def _refuse_untaxed(items: list[Doc]) -> None:
    if all(item.get("vat", NO_VAT) == NO_VAT for item in items):
        raise Refused(
            _("A счёт-фактура is not issued: nothing of this is subject to VAT."),
            _("Make an act, a waybill or a УПД of status 2: crm document add upd --invoice ID."),
        )


def _advance(crm: Desk, invoice: str, day: date) -> Decimal:
    """Return what came in for an invoice up to a day; raise Refused where nothing did."""
    paid = sum((Decimal(one.doc["amount"]["amount"]) for one in payments_of(crm, invoice, day)), Decimal(0))
    if not paid:
        raise Refused(
            _("Nothing came in for {ref} up to {date}.").format(ref=invoice, date=day),
            _("Take the payment first: crm invoice pay ID --date …"),
        )
    return paid


def payments_of(crm: Desk, invoice: str, day: date) -> list[Any]:
    """Return the payments of an invoice that came in up to a day, the oldest first."""
    found = [one for one in crm.collection("payment").having("invoice", invoice) if one.doc["date"] <= day.isoformat()]
    return sorted(found, key=lambda one: (one.doc["date"], one.id))


def _sums(items: list[Doc], basis: Doc) -> Doc:
    counted, currency = totals(items), basis["total"]["currency"]
    return {name: Money(getattr(counted, name), currency).to_json() for name in ("total", "vat")}


def _basis(basis: Doc, lang: str) -> str:
    """Return what a document is made under, in its language: «Счёт № 1 от 16.03.2026»; empty for a deal."""
    if "number" not in basis:
        return ""
    use_language(lang)
    day = date.fromisoformat(basis["date"])
    shown = day.isoformat() if lang == "en" else f"{day:%d.%m.%Y}"
    return _("Invoice No. {number} of {date}").format(number=basis["number"], date=shown)
