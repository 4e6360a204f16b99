"""Documents that go with invoices: acts, and the kinds that other plugins bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


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
    """Bring the act."""
    register("act", "crm.plugins.documents.printing:act", title=N_("Act of works and services"))
