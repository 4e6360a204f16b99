"""What the merge fields of a quote stand for, as the client reads it."""

from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from crm.locale import use_language
from crm.model.amount_words import amount_in_words, long_date
from crm.model.money import Money, format_money
from crm.model.phone import format_phone
from crm.plugins.quotes.template import CUSTOM

if TYPE_CHECKING:
    from datetime import date

    from crm.plugins.paper.parties import Paper
    from crm.plugins.quotes.quote import Quote
    from crm.sales.desk import Desk


def values_of(crm: Desk, quote: Quote, paper: Paper) -> dict[str, str]:
    """Return the value of every merge field in the language of the paper, empty where it is not known."""
    return copy_context().run(_values, crm, quote, paper)


def _values(crm: Desk, quote: Quote, paper: Paper) -> dict[str, str]:
    use_language(paper.lang)
    return {
        "number": paper.number,
        "version": str(quote.version or 1),
        "date": _day(paper.date, paper.lang),
        "today": _day(crm.today(), paper.lang),
        "valid_until": _day(paper.valid_until, paper.lang),
        **_sums(quote, paper),
        **_people(crm, quote, paper),
        **_seller(paper),
        **{f"{CUSTOM}{name}": str(quote.doc.get(name) or "") for name in crm.nouns["quote"].custom},
    }


def _sums(quote: Quote, paper: Paper) -> dict[str, str]:
    total = Money(paper.total, paper.currency)
    vat = Money(paper.vat_total, paper.currency)
    return {
        "total": format_money(total, paper.lang),
        "total_words": amount_in_words(total, paper.lang),
        "vat": format_money(vat, paper.lang) if paper.vat_total else "",
        "discount": str(quote.discount or ""),
    }


def _people(crm: Desk, quote: Quote, paper: Paper) -> dict[str, str]:
    contact: Any = crm.record(quote.contact) if quote.contact else None
    manager = crm.collection("user").first(_login(quote.owner)) if quote.owner else None
    names = (contact.doc.get("first_name"), contact.doc.get("middle_name")) if contact else ()
    return {
        "client": paper.buyer.name or paper.buyer.full_name,
        "contact": contact.label if contact else "",
        "name": " ".join(filter(None, names)) or (contact.label if contact else ""),
        "position": contact.doc.get("position", "") if contact else "",
        "deal": crm.record(quote.deal).label if quote.deal else "",
        "manager": str(manager.doc.get("name") or "") if manager else "",
        "manager_email": str(manager.doc.get("email") or "") if manager else "",
    }


def _login(owner: str) -> Any:
    from tinydb.queries import where

    return where("login") == owner


def _seller(paper: Paper) -> dict[str, str]:
    side = paper.seller
    return {
        "seller": side.name or side.full_name,
        "seller_phone": format_phone(side.phone) if side.phone else "",
        "seller_email": side.email,
        "seller_address": side.address,
        "director": side.director,
    }


def _day(day: date | None, lang: str) -> str:
    return long_date(day, lang).replace(" ", "\u00a0") if day else ""
