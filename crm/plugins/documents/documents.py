"""The verbs of documents: made from an invoice, printed, verified."""

from __future__ import annotations

from contextvars import copy_context
from datetime import date
from typing import TYPE_CHECKING

from crm.errors import Refused
from crm.locale import _, use_language
from crm.plugins.documents.document import PRINTED, Document
from crm.plugins.documents.settings import DocumentSettings, KindTemplate
from crm.plugins.invoices.invoice import CANCELLED, DRAFT
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.plugins.quotes.numbering import Numbered
    from crm.store.draft import Draft
    from crm.workspace import Workspace

_TAKEN = ("deal", "company", "contact", "items", "total", "vat", "vat_included", "seller", "buyer")


class Documents(Collection[Document]):
    """All documents."""

    if TYPE_CHECKING:
        crm: Workspace

    # --- a new document ----------------------------------------------------------------------------------------------

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values, the kind by its name; what comes from the invoice is not written by hand."""
        from crm.plugins.documents.kinds import find_kind

        for name, value in values.items():
            if value not in (None, "", [], ()) and self.noun.field(name)[0].fixed:
                raise Refused(_("«{field}» is not written by hand.").format(field=name), self.fixed_remedy(name))
        if values.get("kind"):
            values["kind"] = find_kind(self.crm, str(values["kind"])).name
        return values

    def fixed_remedy(self, name: str) -> str:
        """Return where the content of a document comes from."""
        return _("It comes from the invoice; make another document of it: crm document add KIND --invoice ID.")

    def complete(self, doc: Doc) -> Doc:
        """Return a new document: all that its invoice says, today's date, the next number of its kind."""
        self._require(doc)
        invoice = self._invoice(doc["invoice"])
        taken = {name: invoice[name] for name in _TAKEN if name in invoice}
        day = self.noun.fields["date"].value(doc.get("date")) or self.crm.today()
        lang = self.crm.settings.language
        made = {"date": day.isoformat(), "lang": lang, "basis": copy_context().run(_basis, invoice, lang)}
        return super().complete({**taken, **made, **doc, **self._number(doc["kind"], day)._asdict()})

    def _invoice(self, ref: str) -> Doc:
        """Return an issued invoice; raise Refused for a draft and for a cancelled one."""
        doc = self.crm.record(ref).doc
        if doc.get("status") in (DRAFT, CANCELLED, None) or "deleted" in doc:
            raise Refused(
                _("{ref} is not in force, so no document is made from it.").format(ref=ref),
                _("Issue an invoice first: crm invoice issue."),
            )
        return doc

    def _number(self, kind: str, day: date) -> Numbered:
        from tinydb.queries import where

        from crm.plugins.quotes.numbering import free_number, next_number

        known = self.crm.settings.section("documents", DocumentSettings).of(kind)
        template = KindTemplate(kind, known.number)
        if next(iter(self.find(where("kind") == kind, limit=1, trashed=None)), None) is None:
            return free_number(self.crm, self.noun.name, template, day, known.first)
        return next_number(self.crm, self.noun.name, template, day, known.first)

    def default_owner(self, doc: Doc) -> str:
        """Return who owns a new document: whoever owns its invoice, else its author."""
        return str(self.crm.record(doc["invoice"]).doc.get("owner") or self.crm.actor)

    def after_add(self, draft: Draft, record: Document) -> None:
        """Note the hash of what the document looks like."""
        draft.update(self.noun.name, record.id, {"hash": self._hash(record)})

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; what is printed does not change."""
        for name in PRINTED:
            if name in fields and fields[name] != stored.get(name):
                raise Refused(
                    _("{ref} is made: «{field}» does not change.").format(ref=self._ref(stored), field=name),
                    self.fixed_remedy(name),
                )
        super().change(draft, stored, fields)

    # --- on paper ----------------------------------------------------------------------------------------------------

    def html(self, key: int | str) -> str:
        """Return a document as a page to show or to print."""
        from crm.plugins.documents.kinds import html

        return html(self.crm, self.get(key))

    def pdf(self, key: int | str) -> bytes:
        """Return a document as PDF."""
        from crm.plugins.paper.pdf import pdf

        return pdf(self.html(key))

    def holds(self, key: int | str) -> bool:
        """Tell whether a document still looks to the byte as it did when it was made."""
        document = self.get(key)
        return self._hash(document) == document.hash

    def _hash(self, document: Document) -> str:
        from hashlib import sha256

        from crm.plugins.documents.kinds import html

        return sha256(html(self.crm, document).encode()).hexdigest()


def _basis(invoice: Doc, lang: str) -> str:
    """Return what a document is made under, in its language: «Счёт № 1 от 16.03.2026»."""
    use_language(lang)
    day = date.fromisoformat(invoice["date"])
    shown = day.isoformat() if lang == "en" else f"{day:%d.%m.%Y}"
    return _("Invoice No. {number} of {date}").format(number=invoice["number"], date=shown)
