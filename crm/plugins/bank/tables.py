"""The tables of the page of the bank: movements and statements, with exact sums and what one may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.html import day, money, table
from crm.locale import N_, _
from crm.plugins.bank.movement import APPLIED, IGNORED, INTERNAL, OUT, PARTLY, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.record import Record
    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.invoices.invoices import Invoices
    from crm.workspace import Workspace

_TAKEN = (APPLIED, PARTLY, IGNORED)
_WAYS = {"in": "+", "out": "−", "internal": "⇄"}
_BACK = Markup(
    '<form method="post" action="/do/bank"><input type="hidden" name="id" value="{}">'
    '<button class="button small" name="do" value="unmatch">{}</button></form>'
)
MOVEMENTS = (N_("Date"), N_("Amount"), N_("Other side"), N_("Purpose"), N_("Status"), N_("Invoices"), "")
STATEMENTS = (N_("Statement"), N_("Account"), N_("Period"), N_("Came in"), N_("Went out"), N_("Closing balance"),
              N_("New movements"))  # fmt: skip


def statuses(chosen: str) -> Markup:
    """Return the links that narrow the movements to a status."""
    link = Markup('<a class="button small{}" href="/p/bank?view=movements{}"{}>{}</a>')
    here = Markup(' aria-current="true"')
    titles = {"": _("Any status"), **{status: _(status) for status in STATUSES}}
    links = [
        link.format(
            " primary" if status == chosen else "", f"&status={status}" if status else "",
            here if status == chosen else "", title,
        )
        for status, title in titles.items()
    ]  # fmt: skip
    return Markup('<nav class="buttons" aria-label="{}">{}</nav>').format(_("Status"), Markup("").join(links))


def movements_table(crm: Workspace, movements: Iterable[BankMovement]) -> Markup:
    """Return the table of movements; what was applied or left aside can be taken back."""
    shown = list(movements)
    invoices: Invoices = crm.collection("invoice")  # type: ignore[assignment]
    named = invoices.many({int(ref.partition("/")[2]) for one in shown for ref in one.invoices})
    labels = {one.ref: one.label for one in named.values()}
    return _table(MOVEMENTS, [_movement(crm, one, labels) for one in shown], ends=(1,))


def _movement(crm: Workspace, one: BankMovement, labels: dict[str, str]) -> list[Any]:
    links = [Markup('<a href="/{}">{}</a>').format(ref, labels.get(ref, ref)) for ref in one.invoices]
    other = (one.payee if one.direction == OUT else one.payer) or one.ref
    back = one.status in _TAKEN and one.direction != INTERNAL and crm.guard.may("edit", "bank_movement", one.doc)
    return [
        day(one.doc.get("date")),
        f"{_WAYS[one.direction]} {money(one.doc['amount'])}",
        Markup('<a href="/{}">{}</a>').format(one.ref, other),
        one.purpose[:140],
        Markup('<span title="{}">{}</span>').format(one.why, _(str(one.status))),
        Markup(", ").join(links),
        _BACK.format(one.id, _("To be sorted") if one.status == IGNORED else _("Undo the match")) if back else "",
    ]


def statements_table(statements: Iterable[Record]) -> Markup:
    """Return the table of the statements that were taken in."""
    rows = [_statement(one) for one in statements]
    return _table(STATEMENTS, rows, ends=(3, 4, 5, 6))


def _statement(one: Record) -> list[Any]:
    doc = one.doc
    days = dict.fromkeys(day(doc[name]) for name in ("since", "until") if doc.get(name))
    sums = [money(doc.get(name)) for name in ("came", "went", "closing")]
    link = Markup('<a href="/{}">{}</a>').format(one.ref, doc.get("file") or one.ref)
    return [link, doc.get("account", ""), " – ".join(days), *sums, doc.get("fresh", "")]


def _table(titles: Iterable[str], rows: list[list[Any]], ends: tuple[int, ...]) -> Markup:
    return table(_("Bank"), [_(title) if title else "" for title in titles], rows, ends)
