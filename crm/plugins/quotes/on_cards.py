"""A quote on its card in the console: the options that the client may take, its versions, a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.html import button, form, link, money, table
from crm.locale import _
from crm.plugins.quotes.quote import ACCEPTED, REPLACED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.quotes.quote import Quote
    from crm.plugins.quotes.quotes import Quotes
    from crm.workspace import Workspace

_BOX = Markup('<label class="check"><input type="checkbox" name="option-{0}" value="{0}"> {1}</label>')
_BUTTON = Markup('<button class="button">{}</button>')


def panel(crm: Workspace, quote: Quote) -> dict[str, Any] | None:
    """Return what else may be done with a quote, and its other versions; None where there is nothing of it."""
    parts = [_versions(crm, quote)] if quote.replaces or quote.replaced_by else []
    if crm.guard.may("edit", "quote", quote.doc) and quote.deleted is None and quote.status != REPLACED:
        parts += [_options(quote)] if quote.status != ACCEPTED else []
        parts.append(button("quote_revise", _("New version"), {"quote": quote.ref}, "button"))
    html = Markup("").join(part for part in parts if part)
    return {"html": Markup('<div class="page">{}</div>').format(html)} if html else None


def _options(quote: Quote) -> Markup:
    offered = [(place, line) for place, line in enumerate(quote.items, start=1) if line.get("optional")]
    if not offered:
        return Markup("")
    total = quote.doc["total"]
    boxes = [
        _BOX.format(place, f"{line['name']} — {money({**total, 'amount': line['sum']})}") for place, line in offered
    ]
    return form("quote_accept", Markup("").join(boxes) + _BUTTON.format(_("Accepted with these")), {"quote": quote.ref})


def _versions(crm: Workspace, quote: Quote) -> Markup:
    quotes: Quotes = crm.collection("quote")  # type: ignore[assignment]
    rows = [
        [
            link(f"/{one.ref}", one.number) if one.id != quote.id else one.number,
            _(str(one.status)),
            money(one.doc["total"]),
        ]
        for one in quotes.versions(quote.id)
    ]
    return table(_("Versions"), [_("Version"), _("Status"), _("Total")], rows, ends=(2,))


def revise(crm: Workspace, given: Mapping[str, Any]) -> tuple[str, str]:
    """Make the next version, and go to it."""
    quotes: Quotes = crm.collection("quote")  # type: ignore[assignment]
    made = quotes.revise(str(given.get("quote") or ""))
    return _("Version {n} is a draft now.").format(n=made.version), f"/{made.ref}"


def accept(crm: Workspace, given: Mapping[str, Any]) -> tuple[str, str]:
    """Accept a quote with the options ticked."""
    quotes: Quotes = crm.collection("quote")  # type: ignore[assignment]
    options = ",".join(str(value) for name, value in given.items() if name.startswith("option-"))
    made = quotes.accept(str(given.get("quote") or ""), options)
    return _("Accepted: {number}, {total}").format(number=made.number, total=money(made.doc["total"])), f"/{made.ref}"


def do_expire(crm: Workspace) -> str | None:
    """Note the quotes that expired; say how many."""
    quotes: Quotes = crm.collection("quote")  # type: ignore[assignment]
    count = quotes.note_expired()
    return _("Quotes expired: {n}").format(n=count) if count else None
