"""An act on paper, by the form of `crm/plugins/paper`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.plugins.paper.parties import Paper
from crm.plugins.quotes.printing import own_templates, sums

if TYPE_CHECKING:
    from crm.plugins.documents.document import Document
    from crm.workspace import Workspace


def act(crm: Workspace, document: Document) -> str:
    """Write an act (акт выполненных работ, ст. 9 закона 402-ФЗ) as HTML, of what the record alone says."""
    from crm.plugins.paper.render import render

    return render(paper_of(crm, document), own=own_templates(crm))


def paper_of(crm: Workspace, document: Document) -> Paper:
    """Return what is printed of a document."""
    from crm.plugins.invoices.snapshot import party

    return Paper(
        kind=document.kind,
        number=document.number,
        date=document.date or crm.today(),
        seller=party(document.seller),
        buyer=party(document.buyer),
        basis=document.basis,
        comment=document.comment,
        **sums(document.doc),
        lang=document.lang,
    )
