"""Documents that go with invoices: acts, waybills, счета-фактуры, УПД, contracts, powers of attorney."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.model.record import Record
    from crm.workspace import Workspace

KINDS = {
    "act": N_("Act of works and services"),
    "waybill": N_("Waybill (ТОРГ-12)"),
    "vat_invoice": N_("VAT invoice (счёт-фактура)"),
    "advance_vat_invoice": N_("VAT invoice for an advance"),
    "upd": N_("Universal transfer document (УПД)"),
    "contract": N_("Contract"),
    "power_of_attorney": N_("Power of attorney for goods (М-2)"),
    "bill": N_("Bill"),
}


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the noun document."""
    from crm.plugins.documents.document import Document
    from crm.plugins.documents.documents import Documents

    register(Document, Documents)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of documents."""
    register("document", "crm.plugins.documents.commands:VERBS", help=N_("Documents that go with invoices"))


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/documents.yaml`."""
    from crm.plugins.documents.settings import DocumentSettings

    register(DocumentSettings)


@hookimpl
def register_document_kinds(register: Callable[..., None]) -> None:
    """Bring the kinds that have forms here."""
    for name, title in KINDS.items():
        register(name, "crm.plugins.documents.printing:page", title=title)


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of documents."""
    register(
        "documents",
        "crm.plugins.documents.page:page",
        title=N_("Signing and printing"),
        beside="document",
        icon="document",
    )


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Bring the documents that an invoice lacks to its card."""
    register("documents", "crm.plugins.documents.on_cards:panel", title=N_("Documents to make"), where="invoice")
    register("signing", "crm.plugins.documents.signing:panel", title=N_("Signed copies"), where="document")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the panel does."""
    register("prepare_documents", "crm.plugins.documents.on_cards:make")
    register("document_sign", "crm.plugins.documents.signing:sign")
    register(
        "document_refill", "crm.plugins.documents.deeds:refill", title=N_("Fill anew from the template"),
        where=["document"], icon="edit", when={"kind": ["contract"], "signed_at": [""]},
        sure=N_("The text of the contract is replaced by that of the template."),
    )  # fmt: skip
    register(
        "document_verify", "crm.plugins.documents.deeds:verify", title=N_("Verify"), where=["document"], icon="check"
    )


@hookimpl
def on_invoice_paid(crm: Workspace, invoice: Record) -> None:
    """Offer the documents that close the sale, or make them, as the settings say."""
    from crm.plugins.documents.sets import on_paid

    on_paid(crm, invoice)


@hookimpl
def register_lint_rules(register: Callable[..., None]) -> None:
    """Bring the rule of documents that do not come back signed."""
    register("document-unsigned", "crm.plugins.documents.sets:overdue", level="warning",
             title=N_("A document that has not come back signed"))  # fmt: skip
