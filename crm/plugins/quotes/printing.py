"""A quote on paper, and what all papers of sales share: the client's side, the look of the house, the totals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm.errors import NotFound
from crm.locale import _
from crm.plugins.paper.parties import Paper, PaperLine, Party, lines_from, party_from, seller_from
from crm.plugins.quotes.discount import counted
from crm.plugins.quotes.merging import values_of
from crm.plugins.quotes.settings import QuoteSettings
from crm.plugins.quotes.template import QuoteTemplate, ours

if TYPE_CHECKING:
    from pathlib import Path

    from crm.model.fields import Doc
    from crm.plugins.quotes.quote import Quote
    from crm.sales.desk import Desk

_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}


def html(crm: Desk, quote: Quote) -> str:
    """Write a quote as HTML in the workspace's language."""
    from crm.plugins.paper.render import render

    return render(paper_of(crm, quote), own=own_templates(crm))


def paper_of(crm: Desk, quote: Quote) -> Paper:
    """Return what is printed of a quote: requisites are those of today."""
    settings = crm.settings.section("quotes", QuoteSettings)
    paper = Paper(
        kind="quote",
        number=quote.number,
        date=quote.date or crm.today(),
        seller=seller(crm, quote.own),
        buyer=client(crm, quote.doc),
        valid_until=quote.valid_until,
        comment=quote.comment,
        notes=settings.terms,
        **sums(quote.doc),
        options=options(quote.doc),
        color=settings.color,
        logo=picture(crm, settings.logo),
        lang=crm.settings.language,
    )
    blocks = template_of(crm, quote.template).blocks(values_of(crm, quote, paper))
    names = dict.fromkeys(block.text for block in blocks if block.kind == "picture")
    return replace(paper, blocks=blocks, pictures=tuple((name, picture(crm, name)) for name in names))


def template_of(crm: Desk, name: str = "") -> QuoteTemplate:
    """Return the template named, else the usual one of the settings, else ours."""
    settings = crm.settings.section("quotes", QuoteSettings)
    named = settings.templates.get(name, settings.template) if name else settings.template
    return named if named.text.strip() else ours(crm.settings.language)


def seller(crm: Desk, own: str = "") -> Party:
    """Return our side with the requisites of today, with its facsimile pictures where it has them."""
    company = crm.settings.own_company(own)
    found = seller_from({**company.plain(), "name": company.name or crm.settings.company.name})
    return replace(found, signature=picture(crm, company.signature), stamp=picture(crm, company.stamp))


def picture(crm: Desk, file: str) -> str:
    """Return a picture of `config/` as a `data:` address, empty where none is named; raise NotFound."""
    from base64 import b64encode

    if not file:
        return ""
    folder = (crm.settings.root / "config").resolve()
    path = (folder / file).resolve()
    kind = _KINDS.get(path.suffix.lower())
    if kind is None or not path.is_relative_to(folder) or not path.is_file():
        raise NotFound(
            _("There is no picture config/{file}.").format(file=file),
            _("Put a PNG, JPEG or SVG there, or empty signature and stamp in config/crm.yaml."),
        )
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


def client(crm: Desk, doc: Doc) -> Party:
    """Return the side that a paper is for: the company, else the contact; nothing is known where there is neither."""
    ref = doc.get("company") or doc.get("contact")
    return party_from(crm.record(ref).doc) if ref else Party()


def sums(doc: Doc) -> dict[str, Any]:
    """Return the lines and totals of a document with lines of goods, as `Paper` wants them."""
    from decimal import Decimal

    from crm.model.vat import totals

    lines = counted(doc.get("items") or [])
    found = totals(lines)
    return {
        "lines": lines_from(lines),
        "currency": doc["total"]["currency"],
        "total": Decimal(doc["total"]["amount"]),
        "vat_total": found.vat,
        "vat_by_rate": tuple(found.by_rate.items()),
        "vat_included": bool(doc.get("vat_included", True)),
    }


def options(doc: Doc) -> tuple[PaperLine, ...]:
    """Return the optional lines, numbered on after the others."""
    items = doc.get("items") or []
    return lines_from(items)[len(counted(items)) :]


def own_templates(crm: Desk) -> Path | None:
    """Return the folder of the workspace's own forms, `config/papers`, None where it has none."""
    folder = crm.settings.root / "config" / "papers"
    return folder if folder.is_dir() else None
