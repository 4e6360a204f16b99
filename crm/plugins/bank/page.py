"""The page of the bank in the console: what waits with its suggestions, all movements, the statements taken in."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.html import NOTHING, note, nothing, tabs, upload
from crm.locale import N_, _
from crm.plugins.bank.cards import Cards
from crm.plugins.bank.movement import SUGGESTED, WAITING
from crm.plugins.bank.tables import movements_table, statements_table, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.bank.movements import BankMovements
    from crm.workspace import Workspace

VIEWS = {"": N_("To be sorted"), "movements": N_("All movements"), "statements": N_("Statements")}
_CARDS, _ROWS = 50, 200
_AGAIN = Markup(
    '<form class="bank-again" method="post" action="/do/bank"><p>{}</p>'
    '<button class="button" name="do" value="rematch">{}</button></form>'
)


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the page: what waits, or with `view` all movements (of a `status`) or the statements."""
    view = query.get("view", "")
    shown = {"movements": _movements, "statements": _statements}.get(view, _waiting)
    made = shown(crm, query)
    return {"title": _("Bank"), **made, "html": _tabs(view) + _upload(crm) + made["html"]}


def _tabs(view: str) -> Markup:
    addresses = {name: f"/p/bank?view={name}" if name else "/p/bank" for name in VIEWS}
    pairs = [(addresses[name], _(title)) for name, title in VIEWS.items()]
    return tabs(_("Bank"), pairs, addresses.get(view, "/p/bank"))


def _upload(crm: Workspace) -> Markup:
    if not crm.guard.may("create", "bank_movement", None):
        return NOTHING
    label = _("A statement of the bank for 1C (kl_to_1c.txt)")
    return upload("bank_statement", label, _("Take in"), ".txt,text/plain", main=True)


def _waiting(crm: Workspace, _query: Mapping[str, str]) -> dict[str, Any]:
    shown: dict[str, Any] = crm.remembered("bank", lambda: _sorted_out(crm))
    return shown


def _sorted_out(crm: Workspace) -> dict[str, Any]:
    movements: BankMovements = crm.collection("bank_movement")  # type: ignore[assignment]
    shown = list(islice(_to_sort(movements), _CARDS))
    if not shown:
        return {"html": _nothing(movements), "waiting": []}
    cards = Cards(crm, shown)
    items = Markup("").join(cards.card(one) for one in shown)
    html = _count(crm, movements, len(shown)) + Markup('<ul class="bank-cards">{}</ul>').format(items)
    return {"html": html + cards.open_invoices(), "waiting": [movements.export(one) for one in shown]}


def _nothing(movements: BankMovements) -> Markup:
    if movements.count():
        return nothing(_("Nothing waits"), _("Every movement is applied or left aside."))
    text = _("Take in a statement: each payment finds its invoice, and what is not sure waits here with a suggestion.")
    return nothing(_("No statement yet"), text)


def _to_sort(movements: BankMovements) -> Iterator[BankMovement]:
    """Yield what waits: first what is suggested, each from the oldest on."""
    from tinydb.queries import where

    suggested = movements.find(where("status") == SUGGESTED, sort="date")
    return chain(suggested, (one for one in movements.unmatched() if one.status != SUGGESTED))


def _count(crm: Workspace, movements: BankMovements, shown: int) -> Markup:
    from tinydb.queries import where

    count = movements.count(where("status").one_of(list(WAITING)))
    text = _("To be sorted: {count}.").format(count=count)
    if count > shown:
        text += " " + _("The first {shown} are shown.").format(shown=shown)
    if not crm.guard.may("edit", "bank_movement", None):
        return Markup("<p>{}</p>").format(text)
    return _AGAIN.format(text, _("Look again with the invoices as they are now"))


def _movements(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    from tinydb.queries import where

    movements: BankMovements = crm.collection("bank_movement")  # type: ignore[assignment]
    status = query.get("status", "")
    asked = where("status") == status if status else None
    found = list(movements.find(asked, sort=("-date", "-id"), limit=_ROWS))
    html = statuses(status) + movements_table(crm, found)
    if len(found) == _ROWS:
        told = _("The {shown} latest are shown; all of them: crm bank list.").format(shown=_ROWS)
        html += note(told)
    return {"html": html, "movements": [movements.export(one) for one in found]}


def _statements(crm: Workspace, _query: Mapping[str, str]) -> dict[str, Any]:
    records = crm.collection("bank_statement")
    found: list[Any] = list(records.find(sort=("-until", "-id"), limit=_ROWS))
    return {"html": statements_table(found), "statements": [records.export(one) for one in found]}
