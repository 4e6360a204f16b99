"""The set of documents that closes a sale: which kinds its direction asks for, made in one go, offered when paid."""

from __future__ import annotations

from contextvars import copy_context
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import Refused
from crm.locale import _, use_language
from crm.model.vat import NO_VAT
from crm.plugins.documents.forms import form_for, is_ours
from crm.plugins.documents.goods import lines_for
from crm.plugins.documents.kinds import find_kinds
from crm.plugins.documents.settings import DocumentSettings
from crm.plugins.documents.source import issued

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.plugins.documents.document import Document
    from crm.plugins.documents.documents import Documents
    from crm.workspace import Workspace

_OF_UPD = ("act", "waybill", "vat_invoice", "upd")
_ORDER = ("contract", "power_of_attorney", "waybill", "act", "upd", "vat_invoice")


class Prepared(NamedTuple):
    """What became of a set: the documents made now, those there were, the kinds left out each with the reason."""

    made: list[Document]
    there: list[Document]
    left_out: dict[str, str]


def kinds_for(crm: Workspace, invoice: Doc) -> list[str]:
    """Return the kinds that the direction of an invoice's deal asks for, in the order in which they are made.

    `sets` of `config/documents.yaml` comes before the dictionary of directions; `usual_set` is for the others.
    """
    settings = crm.settings.section("documents", DocumentSettings)
    direction = str(crm.record(invoice["deal"]).doc.get("direction") or "") if invoice.get("deal") else ""
    asked = settings.sets.get(direction) or crm.settings.dictionaries.directions.documents(direction)
    kinds = [kind for kind in asked or settings.usual_set if kind != "invoice"]
    return sorted(dict.fromkeys(kinds), key=lambda kind: _ORDER.index(kind) if kind in _ORDER else len(_ORDER))


def prepare(crm: Workspace, invoice: str, day: date | None = None) -> Prepared:
    """Make the documents of an invoice's set that are not there yet, as one change set; again, it makes nothing."""
    doc = issued(crm, invoice)
    done = Prepared([], [], {})
    known = find_kinds(crm)
    with crm.writing("document prepare"):
        for kind in kinds_for(crm, doc):
            there = _there(crm, doc, kind)
            why = "" if there else _why_not(crm, doc, kind, day or crm.today(), kind in known)
            if there:
                done.there.append(there)
            elif why:
                done.left_out[kind] = why
            else:
                done.made.append(_documents(crm).add(kind=kind, invoice=invoice, date=day))
        _close_offers(crm, invoice)
    return done


def missing(crm: Workspace, invoice: Doc) -> list[str]:
    """Return the kinds of an invoice's set that can be made and are not there."""
    known, today = find_kinds(crm), crm.today()
    return [
        kind
        for kind in kinds_for(crm, invoice)
        if not _there(crm, invoice, kind) and not _why_not(crm, invoice, kind, today, kind in known)
    ]


def on_paid(crm: Workspace, invoice: Record) -> None:
    """Plan an activity that offers the documents, or make them, as `on_paid` of the settings says."""
    way = crm.settings.section("documents", DocumentSettings).on_paid
    kinds = missing(crm, invoice.doc) if way != "nothing" else []
    if kinds and way == "make":
        prepare(crm, invoice.ref)
    elif kinds and not _offers(crm, invoice.ref):
        subject = copy_context().run(_subject, crm, kinds)
        owner = invoice.doc.get("owner") or crm.actor
        crm.activities.add(kind="task", subject=subject, about=invoice.ref, due=crm.today(), owner=owner)


def overdue(crm: Workspace) -> Iterator[tuple[str, str]]:
    """Yield documents that have waited for the client's signature longer than `signed_within` days."""
    days = crm.settings.section("documents", DocumentSettings).signed_within
    latest = crm.today() - timedelta(days=days)
    for document in _documents(crm).unsigned():
        if document.date and document.date < latest:
            yield (
                document.ref,
                _("Not signed since {day}: crm document sign {id} FILE").format(day=document.date, id=document.id),
            )


def _documents(crm: Workspace) -> Documents:
    return crm.collection("document")  # type: ignore[return-value]


def _there(crm: Workspace, invoice: Doc, kind: str) -> Document | None:
    """Return the document that stands for a kind already; a УПД stands for three others."""
    documents = _documents(crm)
    if kind == "contract" and invoice.get("deal"):
        found = documents.having("deal", invoice["deal"])
    else:
        found = documents.having("invoice", f"invoice/{invoice['id']}")
    for document in found:
        if document.kind == kind or (document.kind == "upd" and _covers(document, kind)):
            return document
    return None


def _covers(upd: Document, kind: str) -> bool:
    if upd.doc.get("lines"):
        return False
    return kind in _OF_UPD and (kind != "vat_invoice" or upd.details.get("status") == "1")


def _why_not(crm: Workspace, invoice: Doc, kind: str, day: date, known: bool) -> str:
    """Return why a kind is not made of an invoice, empty where it can be."""
    if not known:
        return _("no such kind: see crm document kinds")
    if not is_ours(kind):
        return ""
    try:
        form = form_for(kind, crm.settings.account.country, day)
        lines = lines_for(crm, kind, invoice.get("items") or [], "", form.lang or crm.settings.language)
    except Refused as refused:
        return refused.message
    if kind == "vat_invoice" and all(line.get("vat", NO_VAT) == NO_VAT for line in lines):
        return _("nothing of this is subject to VAT")
    if kind == "act" and "waybill" in kinds_for(crm, invoice) and not any(line.get("nature") for line in lines):
        return _("nothing is known to be a service, so all of it is on the waybill")
    return ""


def _subject(crm: Workspace, kinds: list[str]) -> str:
    use_language(crm.settings.language)
    titles = ", ".join(_(known.title) for known in map(find_kinds(crm).__getitem__, kinds))
    return _("Prepare documents: {kinds}").format(kinds=titles)


def _offers(crm: Workspace, invoice: str) -> list[Record]:
    """Return the open activities that offer the documents of an invoice: those whose subject begins as ours does."""
    start = copy_context().run(_subject, crm, [])
    about = crm.activities.having("about", invoice)
    return [one for one in about if not one.done and one.subject.startswith(start.strip())]


def _close_offers(crm: Workspace, invoice: str) -> None:
    for offer in _offers(crm, invoice):
        crm.activities.done(offer.id)
