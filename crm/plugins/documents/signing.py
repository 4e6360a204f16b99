"""A document that came back signed, on its card in the console: its copies, and the form that takes another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crm.html import day, form, link
from crm.locale import _
from crm.plugins.documents.document import SIGNED_BY_CLIENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.documents.document import Document
    from crm.plugins.documents.documents import Documents
    from crm.workspace import Workspace

_FIELDS = Markup(
    '<label for="signed-on">{when}</label><input id="signed-on" type="date" name="date" value="{today}">'
    '<label for="signed-copy">{copy}</label><input id="signed-copy" type="file" name="file">'
    '<button class="button">{button}</button>'
)


def panel(crm: Workspace, document: Document) -> dict[str, Any] | None:
    """Return the signed copies of a document and the way to add one; None for one that the client does not sign."""
    if document.kind not in SIGNED_BY_CLIENT or document.deleted is not None:
        return None
    parts = [_copies(document)]
    if crm.guard.may("edit", "document", document.doc):
        fields = _FIELDS.format(
            when=_("Came back on"), today=crm.today().isoformat(), copy=_("Signed copy"), button=_("It is signed")
        )
        parts.append(form("document_sign", fields, {"document": document.ref}, files=True))
    return {"html": Markup("").join(parts)}


def _copies(document: Document) -> Markup:
    said = _("Signed on {day}.").format(day=day(document.doc["signed_at"])) if document.doc.get("signed_at") else ""
    rows = Markup("").join(
        Markup("<li>{}</li>").format(link(f"/p/documents?{urlencode({'copy': document.id, 'name': name})}", name))
        for name in document.copies
    )
    return Markup("<p>{}</p>").format(said or _("It has not come back signed yet.")) + (
        Markup("<ul>{}</ul>").format(rows) if rows else Markup("")
    )


def sign(crm: Workspace, given: Mapping[str, Any]) -> tuple[str, str]:
    """Note that a document came back signed, with the copy chosen where there is one."""
    documents: Documents = crm.collection("document")  # type: ignore[assignment]
    data = given.get("file")
    content = data if isinstance(data, bytes) else b""
    name = f"signed-{crm.today():%Y-%m-%d}{_suffix(content)}"
    signed = documents.sign(str(given.get("document") or ""), name, content, date=given.get("date") or None)
    return _("Document {number} is signed.").format(number=signed.number), f"/{signed.ref}"


def _suffix(content: bytes) -> str:
    """Return the ending of the file name that the content asks for; the browser's own name does not come along."""
    for start, suffix in ((b"%PDF", ".pdf"), (b"\xff\xd8", ".jpg"), (b"\x89PNG", ".png"), (b"PK", ".zip")):
        if content.startswith(start):
            return suffix
    return ".bin"


def copy(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return a signed copy as a file to be saved."""
    documents: Documents = crm.collection("document")  # type: ignore[assignment]
    name, content = documents.copy(query["copy"], query.get("name", ""))
    return {"file": {"name": name, "type": "application/octet-stream", "data": content}}
