"""The page of documents in the console: all of them, those not signed, and invoices that lack some; each to print."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.html import button, day, link, money, named, table
from crm.locale import N_, _
from crm.plugins.documents.kinds import find_kinds
from crm.plugins.documents.sets import missing
from crm.plugins.documents.signing import copy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crm.plugins.documents.document import Document
    from crm.plugins.documents.documents import Documents
    from crm.workspace import Workspace

_ROWS, _INVOICES = 200, 300
ALL, UNSIGNED, LACKING = "all", "unsigned", "lacking"
STATES = {ALL: N_("All documents"), UNSIGNED: N_("Not signed by the client"), LACKING: N_("Still to be made")}
TITLES = (N_("Date"), N_("Document"), N_("Client"), N_("Made for"), N_("Total"), N_("Signed"), "")


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the documents of a `kind` or all, in a `state`."""
    if query.get("copy"):
        return copy(crm, query)
    state, kind = query.get("state", ALL), query.get("kind", "")
    shown: dict[str, Any] = crm.remembered(("documents", state, kind), lambda: _shown(crm, state, kind))
    return shown


def _shown(crm: Workspace, state: str, kind: str) -> dict[str, Any]:
    made = {"title": _("Signing and printing"), "filters": _filters(crm, state, kind)}
    if state == LACKING:
        return {**made, "html": _lacking(crm)}
    documents: Documents = crm.collection("document")  # type: ignore[assignment]
    found = list(islice(_found(documents, state, kind), _ROWS))
    told = Markup('<p class="muted">{}</p>').format(_("The last {n} are shown.").format(n=_ROWS))
    html = _table(crm, found) + (told if len(found) == _ROWS else Markup(""))
    return {**made, "html": html, "documents": [documents.export(one) for one in found]}


def _filters(crm: Workspace, state: str, kind: str) -> list[dict[str, Any]]:
    kinds = [("", _("Any kind")), *((one.name, _(one.title)) for one in find_kinds(crm).values())]
    states = [(name, _(title)) for name, title in STATES.items()]
    return [
        {"name": "state", "title": _("Show"), "type": "select", "value": state, "options": states},
        {"name": "kind", "title": _("Kind"), "type": "select", "value": kind, "options": kinds},
    ]


def _found(documents: Documents, state: str, kind: str) -> Iterable[Document]:
    from tinydb.queries import where

    if state == UNSIGNED:
        return (one for one in reversed(documents.unsigned()) if kind in ("", one.kind))
    return documents.find(where("kind") == kind if kind else None, sort=("-date", "-id"))


def _table(crm: Workspace, found: list[Document]) -> Markup:
    kinds = find_kinds(crm)
    titles = {name: _(one.title) for name, one in kinds.items()}
    return table(_("Documents"), [_(one) if one else "" for one in TITLES],
                 [_row(crm, one, titles) for one in found], ends=(4,))  # fmt: skip


def _row(crm: Workspace, one: Document, titles: dict[str, str]) -> list[Any]:
    doc = one.doc
    name = f"{titles.get(one.kind, one.kind)} № {one.number}"
    paper = Markup('<span class="buttons">{} {}</span>').format(
        link(f"/{one.ref}/paper", _("Print"), "button small"), link(f"/{one.ref}/paper.pdf", "PDF", "button small")
    )
    return [
        day(doc.get("date")), link(f"/{one.ref}", name), named(crm, doc.get("company") or doc.get("contact")),
        named(crm, doc.get("invoice") or doc.get("deal")), money(doc.get("total")), day(doc.get("signed_at")), paper,
    ]  # fmt: skip


def _lacking(crm: Workspace) -> Markup:
    """Return the paid invoices whose set of documents is not whole, each with its button."""
    kinds, back = find_kinds(crm), f"/p/documents?state={LACKING}"
    rows = [
        [
            day(invoice.doc.get("date")), link(f"/{invoice.ref}", f"№\u00a0{invoice.doc['number']}"),
            named(crm, invoice.doc.get("company") or invoice.doc.get("contact")), money(invoice.doc.get("total")),
            ", ".join(_(kinds[kind].title) for kind in lacking),
            button("prepare_documents", _("Make them"), {"invoice": invoice.ref, "back": back}),
        ]
        for invoice, lacking in islice(_incomplete(crm), _ROWS)
    ]  # fmt: skip
    titles = [_("Date"), _("Invoice"), _("Client"), _("Total"), _("Documents to make"), ""]
    return table(_("Still to be made"), titles, rows, ends=(3,))


def _incomplete(crm: Workspace) -> Iterator[tuple[Any, list[str]]]:
    from tinydb.queries import where

    for invoice in crm.collection("invoice").find(where("status") == "paid", sort="-date", limit=_INVOICES):
        lacking = missing(crm, invoice.doc)
        if lacking:
            yield invoice, lacking
