"""Sales (R3, R20): won and lost deals of a period by owner, month, company or any other field, the best first."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from crm.locale import N_
from crm.model.deal import LOST, WON
from crm.model.report import Asked, Behind, Figure, Table, counted
from crm.plugins.reports.asking import Purse, both, count_of, percent, query_of, title_of, where

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.collection import Group
    from crm.workspace import Workspace

FIGURES = (
    Figure("won", N_("Won"), "count"),
    Figure("value", N_("Value"), "money"),
    Figure("average", N_("Average deal"), "money"),
    Figure("lost", N_("Lost"), "count"),
    Figure("win_rate", N_("Win rate, %"), "percent"),
)
BEHIND = {
    **dict.fromkeys(("won", "value", "average"), Behind("deal", {"outcome": WON}, "closed")),
    "lost": Behind("deal", {"outcome": LOST}, "closed"),
}
_BY_TIME = {"month": "closed:month", "day": "closed:day", "year": "closed:year", "industry": "company.industry"}


def sales(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return the closed deals of a period (by the day of closing) by `by`: owner unless another field is asked for.

    Rows: the group's value under its name, `title`, `won`, `value` (money of won deals), `average`, `lost` and
    `win_rate`; by value, the greatest first, months in their order. Totals: the same over everything.
    """
    asked = asked or Asked()
    by = asked.by or "owner"
    name = _BY_TIME.get(by, by)
    groups = _closed(crm, asked, name)
    purse = Purse(crm)
    values = dict.fromkeys(group.by[1] for group in groups)
    rows = [
        {by: value, "title": title_of(crm, "deal", name, value), **_figures(where(groups, 1, value), purse)}
        for value in values
    ]
    ordered = sorted(rows, key=lambda row: str(row[by])) if ":" in name else sorted(rows, key=_worth)
    columns = (Figure(by, N_("Id")), Figure("title", N_("Group")), *FIGURES)
    totals = {"currency": purse.currency, **_figures(groups, purse)}
    return Table(columns, ordered[: asked.limit], totals, purse.notes(), counted(BEHIND))


def _closed(crm: Workspace, asked: Asked, name: str) -> list[Group]:
    from tinydb.queries import where as field

    query = both(field("outcome").one_of([WON, LOST]), query_of(crm, asked, "closed"))
    return crm.deals.totals("outcome", name, money="amount", query=query)


def _figures(groups: list[Group], purse: Purse) -> Doc:
    won, lost = where(groups, 0, WON), where(groups, 0, LOST)
    count, value = count_of(won), purse.total(won)
    return {
        "won": count,
        "value": value,
        "average": purse.average(value, count),
        "lost": count_of(lost),
        "win_rate": percent(count, count + count_of(lost)),
    }


def _worth(row: Doc) -> tuple[Decimal, int, str]:
    return -Decimal(row["value"]["amount"]), -row["won"], str(row["title"])
