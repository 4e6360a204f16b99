"""The documents of an invoice on its card in the console: which are missing, made with one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.locale import _, ngettext
from crm.plugins.documents.kinds import find_kinds
from crm.plugins.documents.sets import missing, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.record import Record
    from crm.workspace import Workspace

_FORM = Markup(
    '<p>{kinds}</p><form method="post" action="/do/prepare_documents">'
    '<input type="hidden" name="invoice" value="{ref}">'
    '<input type="hidden" name="back" value="/{ref}"><button class="button">{button}</button></form>'
)


def panel(crm: Workspace, invoice: Record) -> dict[str, Any] | None:
    """Return which documents an issued invoice lacks; None for none."""
    if invoice.doc.get("status") in (None, "draft", "cancelled") or not crm.guard.may("create", "document", None):
        return None
    lacking = missing(crm, invoice.doc)
    if not lacking:
        return None
    kinds = find_kinds(crm)
    titles = ", ".join(_(kinds[kind].title) for kind in lacking)
    return {"html": _FORM.format(kinds=titles, ref=invoice.ref, button=_("Make them"))}


def make(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Make the documents of an invoice that are missing; say how many, and why some were left out."""
    done = prepare(crm, str(form.get("invoice") or ""))
    kinds = find_kinds(crm)
    told = [ngettext("{n} document is made", "{n} documents are made", len(done.made)).format(n=len(done.made))]
    for kind, why in done.left_out.items():
        told.append(_("{kind}: left out, {why}").format(kind=_(kinds[kind].title) if kind in kinds else kind, why=why))
    return ". ".join(one.rstrip(".") for one in told) + "."
