"""Leads (R14): what came in during a period, how good it was and what became of it, apart from how managers sell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.locale import N_
from crm.model.lead import GOOD, JUNK
from crm.model.report import Asked, Behind, Figure, Table, counted
from crm.plugins.reports.asking import count_of, percent, query_of, title_of, where

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.collection import Group
    from crm.workspace import Workspace

FIGURES = (
    Figure("leads", N_("Leads"), "count"),
    Figure("good", N_("Good"), "count"),
    Figure("junk", N_("Junk"), "count"),
    Figure("good_share", N_("Good, %"), "percent"),
    Figure("converted", N_("Converted"), "count"),
    Figure("conversion", N_("Converted, %"), "percent"),
)
_BY = {"month": "created:month", "day": "created:day"}
CONVERTED = "converted"
BEHIND = {
    "leads": Behind("lead", {}), "good": Behind("lead", {"quality": GOOD}), "junk": Behind("lead", {"quality": JUNK}),
    "converted": Behind("lead", {"stage": CONVERTED}),
}  # fmt: skip
"""What each figure counts."""


def leads(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return the leads of a period (by the day they came) by source, or by `by`: owner, junk_reason, month.

    Rows: the group's value under its name, `title`, `leads`, `good` and `junk` (of those that were judged),
    `good_share` (percent of the judged), `converted`, `conversion` (percent of all); the most first. Totals likewise.
    """
    asked = asked or Asked()
    by = asked.by or "source"
    name = _BY.get(by, by)
    query = query_of(crm, asked, "created", pipeline=False)
    groups = crm.leads.totals("quality", "stage", name, query=query)
    values = dict.fromkeys(group.by[2] for group in groups)
    rows = [
        {by: value, "title": title_of(crm, "lead", name, value), **figures(where(groups, 2, value))} for value in values
    ]
    rows.sort(key=lambda row: (-int(str(row["leads"])), str(row["title"])))
    columns = (Figure(by, N_("Id")), Figure("title", N_("Group")), *FIGURES)
    return Table(columns, rows[: asked.limit], figures(groups), (), counted(BEHIND))


def figures(groups: list[Group]) -> Doc:
    """Return the figures of leads that are grouped by quality and stage."""
    number, good, junk = count_of(groups), count_of(where(groups, 0, GOOD)), count_of(where(groups, 0, JUNK))
    converted = count_of(where(groups, 1, CONVERTED))
    return {
        "leads": number,
        "good": good,
        "junk": junk,
        "good_share": percent(good, good + junk),
        "converted": converted,
        "conversion": percent(converted, number),
    }
