"""A quote on paper, and what all papers of sales share: the client's side, the look of the house, the totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.plugins.paper.parties import Paper, Party, lines_from, party_from, seller_from
from crm.plugins.quotes.settings import QuoteSettings

if TYPE_CHECKING:
    from pathlib import Path

    from crm.model.fields import Doc
    from crm.plugins.quotes.quote import Quote
    from crm.sales.desk import Desk


def html(crm: Desk, quote: Quote) -> str:
    """Write a quote as HTML in the workspace's language."""
    from crm.plugins.paper.render import render

    return render(paper_of(crm, quote), own=own_templates(crm))


def paper_of(crm: Desk, quote: Quote) -> Paper:
    """Return what is printed of a quote: requisites are those of today."""
    return Paper(
        kind="quote",
        number=quote.number,
        date=quote.date or crm.today(),
        seller=seller_from(crm.settings.company.plain()),
        buyer=client(crm, quote.doc),
        valid_until=quote.valid_until,
        comment=quote.comment,
        notes=crm.settings.section("quotes", QuoteSettings).terms,
        **sums(quote.doc),
        lang=crm.settings.language,
    )


def client(crm: Desk, doc: Doc) -> Party:
    """Return the side that a paper is for: the company, else the contact; nothing is known where there is neither."""
    ref = doc.get("company") or doc.get("contact")
    return party_from(crm.record(ref).doc) if ref else Party()


def sums(doc: Doc) -> dict[str, Any]:
    """Return the lines and totals of a document with lines of goods, as `Paper` wants them."""
    from decimal import Decimal

    from crm.model.vat import totals

    counted = totals(doc.get("items") or [])
    return {
        "lines": lines_from(doc.get("items") or []),
        "currency": doc["total"]["currency"],
        "total": Decimal(doc["total"]["amount"]),
        "vat_total": counted.vat,
        "vat_by_rate": tuple(counted.by_rate.items()),
        "vat_included": bool(doc.get("vat_included", True)),
    }


def own_templates(crm: Desk) -> Path | None:
    """Return the folder of the workspace's own forms, `config/papers`, None where it has none."""
    folder = crm.settings.root / "config" / "papers"
    return folder if folder.is_dir() else None
