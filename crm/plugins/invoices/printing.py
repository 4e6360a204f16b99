"""An invoice on paper, made of what was kept on it at the issue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm.plugins.invoices.settings import InvoiceSettings
from crm.plugins.invoices.snapshot import party
from crm.plugins.paper.parties import Paper, Party
from crm.plugins.quotes.printing import own_templates, picture, sums

if TYPE_CHECKING:
    from crm.plugins.invoices.invoice import Invoice
    from crm.sales.desk import Desk


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
        seller=_with_facsimile(crm, settings, invoice),
        buyer=party(invoice.buyer),
        due=invoice.due,
        comment=invoice.comment,
        notes=settings.terms,
        **sums(invoice.doc),
        lang=crm.settings.language,
    )
    return replace(paper, qr=payment_qr(paper))


def _with_facsimile(crm: Desk, settings: InvoiceSettings, invoice: Invoice) -> Party:
    """Return the seller as it was, with the pictures of our company, or those of config/invoices.yaml."""
    company = crm.settings.own_company(invoice.own) if _known(crm, invoice.own) else crm.settings.company
    return replace(
        party(invoice.seller),
        signature=picture(crm, company.signature or settings.signature),
        stamp=picture(crm, company.stamp or settings.stamp),
    )


def _known(crm: Desk, own: str) -> bool:
    return not own or any(one.id == own for one in crm.settings.account.companies)
