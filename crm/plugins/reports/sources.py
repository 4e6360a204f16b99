"""Sources (R11): what each channel brings, from the lead to the money of won deals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from crm.locale import N_
from crm.model.deal import LOST, WON
from crm.model.lead import GOOD
from crm.model.report import Asked, Behind, Figure, Table, counted
from crm.plugins.reports.asking import Purse, count_of, percent, query_of, title_of, where
from crm.plugins.reports.leads import CONVERTED
from crm.plugins.reports.leads import figures as lead_figures

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.collection import Group
    from crm.workspace import Workspace

COLUMNS = (
    Figure("source", N_("Id")),
    Figure("title", N_("Source")),
    Figure("leads", N_("Leads"), "count"),
    Figure("good", N_("Good"), "count"),
    Figure("converted", N_("Converted"), "count"),
    Figure("deals", N_("Deals"), "count"),
    Figure("won", N_("Won"), "count"),
    Figure("value", N_("Value"), "money"),
    Figure("win_rate", N_("Win rate, %"), "percent"),
)
BEHIND = {
    "leads": Behind("lead", {}), "good": Behind("lead", {"quality": GOOD}),
    "converted": Behind("lead", {"stage": CONVERTED}), "deals": Behind("deal", {}),
    "won": Behind("deal", {"outcome": WON}), "value": Behind("deal", {"outcome": WON}),
}  # fmt: skip
"""What each figure counts."""


def sources(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return each source with the leads and the deals that came from it in a period, by the day they were added.

    Rows: `source`, `title`, `leads`, `good`, `converted`, `deals`, `won`, `value` (money of won deals), `win_rate`
    (percent of closed ones); by value, the greatest first. Totals likewise.
    """
    asked = asked or Asked()
    purse = Purse(crm)
    leads = crm.leads.totals("quality", "stage", "source", query=query_of(crm, asked, "created", pipeline=False))
    deals = crm.deals.totals("outcome", "source", money="amount", query=query_of(crm, asked, "created"))
    values = dict.fromkeys([*(group.by[2] for group in leads), *(group.by[1] for group in deals)])
    rows = [
        {
            "source": value,
            "title": title_of(crm, "deal", "source", value),
            **_figures(where(leads, 2, value), where(deals, 1, value), purse),
        }
        for value in values
    ]
    rows.sort(key=lambda row: (-Decimal(row["value"]["amount"]), -row["leads"], str(row["title"])))
    totals = {"currency": purse.currency, **_figures(leads, deals, purse)}
    return Table(COLUMNS, rows[: asked.limit], totals, purse.notes(), counted(BEHIND))


def _figures(leads: list[Group], deals: list[Group], purse: Purse) -> Doc:
    came = lead_figures(leads)
    won, lost = where(deals, 0, WON), where(deals, 0, LOST)
    return {
        **{name: came[name] for name in ("leads", "good", "converted")},
        "deals": count_of(deals),
        "won": count_of(won),
        "value": purse.total(won),
        "win_rate": percent(count_of(won), count_of(won) + count_of(lost)),
    }
