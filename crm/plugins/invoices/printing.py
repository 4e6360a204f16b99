"""An invoice on paper, made of what was kept on it at the issue."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

from crm.errors import NotFound
from crm.locale import _
from crm.plugins.invoices.settings import InvoiceSettings
from crm.plugins.invoices.snapshot import party
from crm.plugins.paper.parties import Paper, Party
from crm.plugins.quotes.printing import own_templates, sums

if TYPE_CHECKING:
    from crm.plugins.invoices.invoice import Invoice
    from crm.sales.desk import Desk

_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}


def html(crm: Desk, invoice: Invoice) -> str:
    """Write an issued invoice as HTML in the workspace's language."""
    from crm.plugins.paper.render import render

    return render(paper_of(crm, invoice), own=own_templates(crm))


def paper_of(crm: Desk, invoice: Invoice) -> Paper:
    """Return what is printed of an issued invoice, with the QR code to pay it by where its requisites allow."""
    from crm.plugins.paper.qr import payment_qr

    settings = crm.settings.section("invoices", InvoiceSettings)
    paper = Paper(
        kind="invoice",
        number=invoice.number,
        date=invoice.date or crm.today(),
        seller=_with_facsimile(crm, settings, party(invoice.seller)),
        buyer=party(invoice.buyer),
        due=invoice.due,
        comment=invoice.comment,
        notes=settings.terms,
        **sums(invoice.doc),
        lang=crm.settings.language,
    )
    return replace(paper, qr=payment_qr(paper))


def _with_facsimile(crm: Desk, settings: InvoiceSettings, seller: Party) -> Party:
    return replace(seller, signature=_picture(crm, settings.signature), stamp=_picture(crm, settings.stamp))


def _picture(crm: Desk, file: str) -> str:
    """Return a picture of `config/` as a `data:` address, empty where none is named."""
    if not file:
        return ""
    folder = (crm.settings.root / "config").resolve()
    path = (folder / file).resolve()
    kind = _KINDS.get(path.suffix.lower())
    if kind is None or not path.is_relative_to(folder) or not path.is_file():
        raise NotFound(
            _("There is no picture config/{file}.").format(file=file),
            _("Put a PNG, JPEG or SVG there, or empty signature and stamp in config/invoices.yaml."),
        )
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"
