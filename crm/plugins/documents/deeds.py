"""What one does with a document on its card: filled anew, and proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import Damaged
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.documents.documents import Documents
    from crm.workspace import Workspace


def refill(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Fill the text of an unsigned contract anew from the template."""
    documents: Documents = crm.collection("document")  # type: ignore[assignment]
    return _("The text is filled anew: {number}").format(number=documents.refill(str(form.get("record") or "")).number)


def verify(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Prove that a document looks as it did when it was made."""
    documents: Documents = crm.collection("document")  # type: ignore[assignment]
    document = documents.get(str(form.get("record") or ""))
    proof = documents.verify(document.id)
    if not (proof.holds and proof.copies):
        raise Damaged(
            _("{refs}: what is kept is not what was made.").format(refs=document.ref),
            _("Compare it with the signed paper; see crm document history ID, and take data/files from a backup."),
        )
    said = _("as it was made; its form has changed since") if proof.form_changed else _("as it was made")
    return f"{document.ref} — {said}"
