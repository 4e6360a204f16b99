"""The verbs of documents: made from an invoice or a deal, printed, verified, signed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import Damaged, NotFound, Refused
from crm.locale import _
from crm.plugins.documents.document import PRINTED, SIGNED_BY_CLIENT, Document
from crm.plugins.documents.forms import is_ours
from crm.plugins.documents.kept import digest, keep, kept
from crm.plugins.documents.settings import DocumentSettings, KindTemplate
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.plugins.quotes.numbering import Numbered
    from crm.store.draft import Draft
    from crm.workspace import Workspace

_PAGE = ".html"
_REMADE = ("text", "details", "date")
"""Fields of a contract that people correct until it is signed."""


class Proof(NamedTuple):
    """Whether a document looks as it was made, whether its form is another one by now, whether its copies are whole."""

    holds: bool
    form_changed: bool
    copies: bool


class Documents(Collection[Document]):
    """All documents."""

    if TYPE_CHECKING:
        crm: Workspace

    # --- a new document ----------------------------------------------------------------------------------------------

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values, the kind by its name; what comes from the invoice is not written by hand."""
        from crm.plugins.documents.kinds import find_kind

        for name, value in values.items():
            kept = self.noun.field(name)[0].fixed and name not in self.noun.entity.born_with
            if value not in (None, "", [], ()) and kept:
                raise Refused(_("«{field}» is not written by hand.").format(field=name), self.fixed_remedy(name))
        if values.get("kind"):
            values["kind"] = find_kind(self.crm, str(values["kind"])).name
        return values

    def fixed_remedy(self, name: str) -> str:
        """Return where the content of a document comes from."""
        if name in ("signed_at", "copies"):
            return _("Say that it came back signed: crm document sign ID FILE.")
        return _("It comes from the invoice; make another document of it: crm document add KIND --invoice ID.")

    def complete(self, doc: Doc) -> Doc:
        """Return a new document: all that its invoice or deal says, today's date, the next number of its kind."""
        from crm.plugins.documents.contract import contract_text
        from crm.plugins.documents.details import details_of
        from crm.plugins.documents.source import taken

        self._require(doc)
        day = self.noun.fields["date"].value(doc.get("date")) or self._usual_day(doc)
        doc = {**taken(self.crm, doc, day), "date": day.isoformat(), **doc}
        details = details_of(self.crm, doc, day)
        doc = {**doc, "details": details or None, **self._numbered(doc, details, day)}
        if doc["kind"] == "contract" and not doc.get("text"):
            doc["text"] = contract_text(self.crm, doc)
        return super().complete({name: value for name, value in doc.items() if value is not None})

    def _usual_day(self, doc: Doc) -> date:
        """Return the day of a document without one: today, and for the paper of an invoice the day of that."""
        dated = self.crm.record(doc["invoice"]).doc.get("date") if doc["kind"] == "bill" and doc.get("invoice") else ""
        return date.fromisoformat(dated) if dated else self.crm.today()

    def _numbered(self, doc: Doc, details: dict[str, str], day: date) -> Doc:
        """Return the number: that of the invoice on its bill, the one given by hand, else the next of its kind."""
        if doc["kind"] == "bill":
            invoice = self.crm.record(doc["invoice"]).doc
            series = {"series": f"bill {invoice['series']}"} if "series" in invoice else {}
            return {"number": invoice["number"], **series, "series_number": invoice.get("series_number")}
        counter = _counter(doc["kind"], details)
        given = " ".join(str(doc.get("number") or "").split())
        return self._given(counter, given, doc, day) if given else self._number(counter, day)._asdict()

    def _given(self, counter: str, number: str, doc: Doc, day: date) -> Doc:
        from tinydb.queries import where

        from crm.plugins.quotes.numbering import given_number

        for other in self.find((where("kind") == doc["kind"]) & (where("number") == number), trashed=None):
            if other.date and other.date.year == day.year:
                raise Refused(
                    _("{ref} has the number {number} already.").format(ref=other.ref, number=number),
                    _("Give another number, or none: the next one is taken."),
                )
        template = self.crm.settings.section("documents", DocumentSettings).of(counter).number
        return given_number(KindTemplate(counter, template), day, number)

    def _number(self, counter: str, day: date) -> Numbered:
        from tinydb.queries import where

        from crm.plugins.quotes.numbering import free_number, next_number

        known = self.crm.settings.section("documents", DocumentSettings).of(counter)
        template = KindTemplate(counter, known.number)
        same = where("series").matches(f"{re.escape(counter)} ")
        if next(iter(self.find(same, limit=1, trashed=None)), None) is None:
            return free_number(self.crm, self.noun.name, template, day, known.first)
        return next_number(self.crm, self.noun.name, template, day, known.first)

    def default_owner(self, doc: Doc) -> str:
        """Return who owns a new document: whoever owns its invoice or deal, else its author."""
        basis = self.crm.record(doc.get("invoice") or doc["deal"]).doc
        return str(basis.get("owner") or self.crm.actor)

    def after_add(self, draft: Draft, record: Document) -> None:
        """Keep the page of the document as it looks, and note its hash and the version of its form."""
        self._keep_page(draft, record)

    def _keep_page(self, draft: Draft, record: Document) -> None:
        from crm.plugins.documents.printing import version

        page = self._page(record).encode()
        keep(self.crm, page, _PAGE)
        fields = {"hash": digest(page), "template": version(self.crm, record) or None}
        draft.update(self.noun.name, record.id, fields)

    # --- a document that is there ------------------------------------------------------------------------------------

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; what is printed does not change, but for the text of a contract until it is signed."""
        remade = [name for name in (*_REMADE, *PRINTED) if name in fields and fields[name] != stored.get(name)]
        open_ = stored["kind"] == "contract" and "signed_at" not in stored
        for name in remade:
            if not open_ or name not in _REMADE:
                raise Refused(
                    _("{ref} is made: «{field}» does not change.").format(ref=self._ref(stored), field=name),
                    _("It is signed; make a supplement or another contract.")
                    if stored["kind"] == "contract" and name in _REMADE
                    else self.fixed_remedy(name),
                )
        super().change(draft, stored, fields)
        if remade:
            self._keep_page(draft, self.record(self.doc(stored["id"])))

    def refill(self, key: int | str) -> Document:
        """Fill the text of an unsigned contract anew from its template, with the details that it has now."""
        from crm.plugins.documents.contract import contract_text

        with self.crm.writing("document refill"):
            stored = self.editable(self.id_of(key))
            if stored["kind"] != "contract":
                raise Refused(_("{ref} is no contract.").format(ref=self._ref(stored)))
            return self.set(key, text=contract_text(self.crm, stored))

    # --- on paper ----------------------------------------------------------------------------------------------------

    def html(self, key: int | str) -> str:
        """Return a document as the page that was made of it; raise Damaged where that page cannot be had any more."""
        document = self.get(key)
        page = kept(self.crm, document.hash, _PAGE)
        if page is not None:
            return page.decode()
        made = self._page(document)
        if digest(made.encode()) != document.hash:
            raise Damaged(
                _("{ref}: its page is gone from data/files, and its form is another one now.").format(ref=document.ref),
                _("Take data/files/{name} from a backup.").format(name=document.hash + _PAGE),
            )
        return made

    def pdf(self, key: int | str) -> bytes:
        """Return a document as PDF."""
        from crm.plugins.paper.pdf import pdf

        return pdf(self.html(key))

    def _page(self, document: Document) -> str:
        from crm.plugins.documents.kinds import html

        return html(self.crm, document)

    def holds(self, key: int | str) -> bool:
        """Tell whether a document still looks to the byte as it did when it was made."""
        return self.verify(key).holds

    def verify(self, key: int | str) -> Proof:
        """Prove a document: its kept page has the noted hash, and under the same form its input gives that page anew.

        A form that was changed since, by people or by a new version of the program, is no fault of the document.
        """
        from crm.plugins.documents.printing import version

        document = self.get(key)
        same_form = bool(document.template) and version(self.crm, document) == document.template
        try:
            page = kept(self.crm, document.hash, _PAGE)
            copies = [kept(self.crm, name) for name in document.copies.values()]
        except Damaged:
            return Proof(holds=False, form_changed=not same_form, copies=False)
        anew = page is None or same_form
        holds = not anew or digest(self._page(document).encode()) == document.hash
        return Proof(holds=holds, form_changed=not same_form and is_ours(document.kind), copies=None not in copies)

    # --- signed copies -----------------------------------------------------------------------------------------------

    def sign(self, key: int | str, name: str = "", content: bytes = b"", *, date: object = None) -> Document:
        """Note that a document came back signed, on `date` (today), with a scan where there is one.

        Another call adds another copy; the same bytes again change nothing.
        """
        with self.crm.writing("document sign") as draft:
            stored = self.editable(self.id_of(key))
            signed = self.noun.fields["signed_at"].parse(date, self.crm.customs) if date else draft.time
            fields: Doc = {"signed_at": stored.get("signed_at", signed) if not date else signed}
            copies = dict(stored.get("copies") or {})
            if content and digest(content) not in copies.values():
                fields["copies"] = {**copies, _free_name(name, copies): keep(self.crm, content)}
            draft.update(self.noun.name, stored["id"], fields)
            return self.get(stored["id"])

    def copy(self, key: int | str, name: str = "") -> tuple[str, bytes]:
        """Return a signed copy, the last one where no name is given: its file name and its bytes."""
        document = self.get(key)
        found = name or next(reversed(document.copies), "")
        content = kept(self.crm, document.copies[found]) if found in document.copies else None
        if content is None:
            raise NotFound(
                _("{ref} has no signed copy «{name}».").format(ref=document.ref, name=name or "…"),
                _("It has: {names}.").format(names=", ".join(document.copies))
                if document.copies
                else _("Attach it: crm document sign {id} FILE").format(id=document.id),
            )
        return found, content

    def unsigned(self) -> list[Document]:
        """Return the documents that wait for the client's signature, the oldest first."""
        from tinydb.queries import where

        waiting = where("kind").one_of(list(SIGNED_BY_CLIENT)) & ~where("signed_at").exists()
        return list(self.find(waiting, sort=("date", "id")))


def _counter(kind: str, details: dict[str, str]) -> str:
    """Return whose numbers a document counts with: счета-фактуры, their advances and УПД of status 1 are one row."""
    taxed = kind == "advance_vat_invoice" or (kind == "upd" and details.get("status") == "1")
    return "vat_invoice" if taxed else kind


def _free_name(name: str, taken: dict[str, str]) -> str:
    """Return a file name under which no copy is kept yet."""
    stem, dot, ending = (name or "copy").rpartition(".")
    stem, tail = (stem, f".{ending}") if dot else (ending, "")
    found, n = f"{stem}{tail}", 2
    while found in taken:
        found, n = f"{stem} ({n}){tail}", n + 1
    return found
