"""Losses (R7, R8): lost deals of a period by reason, or by the stage they were lost at, with their share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.locale import N_
from crm.model.deal import LOST, WON
from crm.model.report import Asked, Behind, Figure, Table, counted
from crm.plugins.reports.asking import Purse, both, count_of, percent, query_of, title_of, where

if TYPE_CHECKING:
    from crm.workspace import Workspace

FIGURES = (
    Figure("lost", N_("Lost"), "count"),
    Figure("value", N_("Value"), "money"),
    Figure("share", N_("Of the lost, %"), "percent"),
    Figure("drop_off", N_("Of the closed, %"), "percent"),
)
BEHIND = dict.fromkeys(("lost", "value"), Behind("deal", {"outcome": LOST}, "closed"))


def lost(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return the lost deals of a period (by the day of closing) by reason, or by `by`: stage, owner, source.

    Rows: the group's value under its name, `title`, `lost`, `value`, `share` (percent of lost deals) and `drop_off`
    (percent of closed deals, коэффициент отвала); the most first. Totals: `lost`, `value`, `drop_off`.
    """
    from tinydb.queries import where as field

    asked = asked or Asked()
    by = asked.by or "lost_reason"
    purse = Purse(crm)
    period = query_of(crm, asked, "closed")
    groups = crm.deals.totals(by, money="amount", query=both(field("outcome") == LOST, period))
    closed = count_of(crm.deals.totals(query=both(field("outcome").one_of([WON, LOST]), period)))
    number = count_of(groups)
    rows = []
    for value in dict.fromkeys(group.by[0] for group in groups):
        own = where(groups, 0, value)
        count = count_of(own)
        figures = {"lost": count, "value": purse.total(own)}
        shares = {"share": percent(count, number), "drop_off": percent(count, closed)}
        rows.append({by: value, "title": title_of(crm, "deal", by, value), **figures, **shares})
    rows.sort(key=lambda row: (-int(str(row["lost"])), str(row["title"])))
    totals = {"lost": number, "value": purse.total(groups), "drop_off": percent(number, closed)}
    columns = (Figure(by, N_("Id")), Figure("title", N_("Group")), *FIGURES)
    totals = {"currency": purse.currency, **totals}
    return Table(columns, rows[: asked.limit], totals, purse.notes(), counted(BEHIND))
