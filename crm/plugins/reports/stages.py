"""Time in stages (R9): how long open deals have stood where they stand, and which are beyond the stage's norm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm.locale import N_
from crm.model.report import Asked, Behind, Figure, Table
from crm.plugins.reports.asking import both, query_of
from crm.plugins.reports.days import histogram, mean, median

if TYPE_CHECKING:
    from datetime import date

    from crm.model.fields import Doc
    from crm.model.pipeline import Stage
    from crm.sales.collection import Group
    from crm.workspace import Workspace

COLUMNS = (
    Figure("pipeline", N_("Pipeline id")),
    Figure("pipeline_title", N_("Pipeline")),
    Figure("stage", N_("Id")),
    Figure("title", N_("Stage")),
    Figure("open", N_("Open"), "count"),
    Figure("mean_days", N_("Mean, days"), "days"),
    Figure("median_days", N_("Median, days"), "days"),
    Figure("norm_days", N_("Norm, days"), "count"),
    Figure("stalled", N_("Stalled"), "count"),
)


def stages(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return each stage with the open deals in it: how many days they have stood there, how many are beyond the norm.

    The period is that in which they came to the stage. Rows: `pipeline`, `pipeline_title`, `stage`, `title`,
    `open`, `mean_days`, `median_days`, `norm_days` (None: no norm), `stalled`. Totals: `open`, `stalled`.
    """
    asked = asked or Asked()
    table: Table = crm.remembered(("stages", repr(asked)), lambda: _table(crm, asked))
    return table


def _table(crm: Workspace, asked: Asked) -> Table:
    from tinydb.queries import where as field

    query = both(~field("outcome").exists(), query_of(crm, asked, "stage_since"))
    groups = crm.deals.totals("pipeline", "stage", "stage_since:day", query=query)
    pipelines = [crm.settings.pipeline(asked.pipeline)] if asked.pipeline else crm.settings.pipelines
    rows = [
        {
            "pipeline": pipeline.id,
            "pipeline_title": pipeline.title.text(),
            **_row(crm, stage, [one for one in groups if one.by[:2] == (pipeline.id, stage.id)]),
        }
        for pipeline in pipelines
        for stage in pipeline.stages
    ]
    totals = {name: sum(int(row[name]) for row in rows) for name in ("open", "stalled")}
    return Table(COLUMNS, rows, totals, (), lambda name, row: _behind(crm.today(), name, row))


def _behind(today: date, figure: str, row: Doc) -> Behind | None:
    """Return the open deals of a stage, of the stalled ones those that came there before the norm."""
    if figure in ("open", "mean_days", "median_days"):
        return Behind("deal", {"outcome": "open"}, "stage_since")
    if figure != "stalled" or not row:
        return None
    late = today - timedelta(days=int(row["norm_days"] or 0))
    return Behind("deal", {"outcome": "open"}, "stage_since", f"stage_since < {late.isoformat()}")


def _row(crm: Workspace, stage: Stage, groups: list[Group]) -> Doc:
    today = crm.today()
    counted = histogram(
        ((today - type(today).fromisoformat(group.by[2])).days if group.by[2] else None, group.count)
        for group in groups
    )
    norm = stage.norm_days
    late = today - timedelta(days=norm) if norm is not None else None
    return {
        "stage": stage.id,
        "title": stage.title.text(),
        "open": sum(group.count for group in groups),
        "mean_days": mean(counted),
        "median_days": median(counted),
        "norm_days": norm,
        "stalled": sum(one.count for one in groups if late and one.by[2] and one.by[2] < late.isoformat()),
    }
