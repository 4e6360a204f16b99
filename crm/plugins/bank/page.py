"""The page of the bank in the console: what waits with its suggestions, all movements, the statements taken in."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from crm.locale import N_, _, language
from crm.model.money import Money, format_money
from crm.model.report import Figure, Table
from crm.plugins.bank.cards import Cards
from crm.plugins.bank.movement import STATUSES, WAITING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from crm.model.fields import Doc
    from crm.plugins.bank.movements import BankMovements
    from crm.workspace import Workspace

VIEWS = {"": N_("To be sorted"), "movements": N_("All movements"), "statements": N_("Statements")}
MOVEMENTS = (
    Figure("date", N_("Date")), Figure("direction", N_("Direction")), Figure("amount", N_("Amount"), "money"),
    Figure("other", N_("Other side")), Figure("purpose", N_("Purpose")), Figure("status", N_("Status")),
    Figure("invoices", N_("Invoices")), Figure("ref", N_("Movement")),
)  # fmt: skip
STATEMENTS = (
    Figure("file", N_("File")), Figure("account", N_("Account")), Figure("period", N_("Period")),
    Figure("came", N_("Came in"), "money"), Figure("went", N_("Went out"), "money"),
    Figure("closing", N_("Closing balance"), "money"), Figure("fresh", N_("New movements"), "count"),
    Figure("ref", N_("Statement")),
)  # fmt: skip
_CARDS, _ROWS = 50, 200


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the page: what waits, or with `view` all movements (of a `status`) or the statements."""
    view = query.get("view", "")
    movements: BankMovements = crm.collection("bank_movement")  # type: ignore[assignment]
    made: dict[str, Any] = {"title": _("Bank"), "html": _tabs(view) + _upload(crm)}
    if view == "movements":
        status = query.get("status", "")
        filters = [{"name": "view", "type": "select", "title": _("Show"), "value": view, "options": _options(VIEWS)},
                   {"name": "status", "type": "select", "title": _("Status"), "value": status,
                    "options": [("", _("Any status")), *((one, _(one)) for one in STATUSES)]}]  # fmt: skip
        return {**made, "filters": filters, "tables": [_movements(movements, status)]}
    if view == "statements":
        return {**made, "tables": [_statements(crm)]}
    return {**made, **_waiting(crm, movements, made["html"])}


def _options(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, _(title)) for name, title in titles.items()]


def _tabs(view: str) -> Markup:
    from markupsafe import Markup

    here = Markup(' aria-current="page"')
    tab = Markup('<a href="/p/bank{}"{}>{}</a>')
    tabs = (tab.format(f"?view={name}" if name else "", here if name == view else "", _(title))
            for name, title in VIEWS.items())  # fmt: skip
    return Markup('<nav class="tabs" aria-label="{}">{}</nav>').format(_("Bank"), Markup("").join(tabs))


def _upload(crm: Workspace) -> Markup:
    from markupsafe import Markup

    if not crm.guard.may("create", "bank_movement", None):
        return Markup("")
    return Markup(
        '<form class="bank-upload" method="post" action="/do/bank_statement" enctype="multipart/form-data">'
        '<label for="statement">{label}</label>'
        '<input id="statement" type="file" name="file" accept=".txt,text/plain" required>'
        '<button class="button primary">{button}</button></form>'
    ).format(label=_("A statement of the bank for 1C (kl_to_1c.txt)"), button=_("Take in"))


# --- what waits -------------------------------------------------------------------------------------------------------


def _waiting(crm: Workspace, movements: BankMovements, head: Markup) -> dict[str, Any]:
    from markupsafe import Markup

    shown = list(islice(movements.unmatched(), _CARDS))
    if not shown:
        text = Markup("<p>{}</p>").format(_("Nothing waits: every movement is applied or left aside."))
        return {"html": head + text, "waiting": []}
    cards = Cards(crm, shown)
    items = Markup("").join(cards.card(one) for one in shown)
    html = head + _count(crm, movements, len(shown)) + Markup('<ul class="bank-cards">{}</ul>').format(items)
    return {"html": html + cards.open_invoices(), "waiting": [movements.export(one) for one in shown]}


def _count(crm: Workspace, movements: BankMovements, shown: int) -> Markup:
    from markupsafe import Markup
    from tinydb.queries import where

    count = movements.count(where("status").one_of(list(WAITING)))
    text = _("To be sorted: {count}.").format(count=count)
    if count > shown:
        text += " " + _("The {shown} oldest are shown.").format(shown=shown)
    if not crm.guard.may("edit", "bank_movement", None):
        return Markup("<p>{}</p>").format(text)
    again = Markup(
        '<form class="bank-again" method="post" action="/do/bank"><p>{}</p>'
        '<button class="button" name="do" value="rematch">{}</button></form>'
    )
    return again.format(text, _("Look again with the invoices as they are now"))


# --- tables -----------------------------------------------------------------------------------------------------------


def _movements(movements: BankMovements, status: str) -> Table:
    from tinydb.queries import where

    query = where("status") == status if status in STATUSES else None
    rows = [_movement(one.doc) for one in movements.find(query, sort=("-date", "-id"), limit=_ROWS)]
    note = (_("The {shown} latest are shown; all of them: crm bank list.").format(shown=_ROWS),)
    return Table(MOVEMENTS, rows, notes=note if len(rows) == _ROWS else ())


def _movement(doc: Doc) -> Doc:
    return {
        "date": _day(doc["date"]),
        "direction": _(doc["direction"]),
        "amount": doc["amount"],
        "other": doc.get("payee" if doc["direction"] == "out" else "payer", ""),
        "purpose": str(doc.get("purpose", ""))[:120],
        "status": _(doc["status"]),
        "invoices": ", ".join(doc.get("invoices") or ()),
        "ref": f"bank_movement/{doc['id']}",
    }


def _statements(crm: Workspace) -> Table:
    found = crm.collection("bank_statement").find(sort=("-until", "-id"), limit=_ROWS)
    rows = [
        {**one.doc, "period": _period(one.doc), "account": one.doc.get("account", ""), "ref": one.ref} for one in found
    ]
    return Table(STATEMENTS, [{figure.name: row.get(figure.name) for figure in STATEMENTS} for row in rows])


def _period(doc: Doc) -> str:
    days = dict.fromkeys(_day(doc[name]) for name in ("since", "until") if doc.get(name))
    return " – ".join(days)


def _day(text: str) -> str:
    return ".".join(reversed(text.split("-")))


def money(doc: Doc | None) -> str:
    """Return money as people read it, nothing for nothing."""
    return format_money(Money.from_json(doc), language()) if doc else ""
