"""The funnel (R1, R3): open deals by stage with their sum, how many came that far, conversion, the win rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.locale import N_, _
from crm.model.deal import LOST, WON
from crm.model.report import Asked, Behind, Figure, Table
from crm.plugins.reports.asking import Purse, both, count_of, percent, query_of, title_of, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.model.pipeline import Pipeline
    from crm.sales.collection import Group
    from crm.workspace import Workspace

COLUMNS = (
    Figure("stage", N_("Id")),
    Figure("title", N_("Stage")),
    Figure("count", N_("Deals"), "count"),
    Figure("sum", N_("Sum"), "money"),
    Figure("reached", N_("Came so far"), "count"),
    Figure("conversion", N_("To the next, %"), "percent"),
)


def funnel(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return the funnel of a pipeline, the first one by default; the period is that of the deals' creation.

    Rows: the stages in their order, then won and lost, each with `stage`, `title`, `count` and `sum` of the deals that
    stand there now, `reached` (deals that stand in this stage or came further; a lost one counts to the stage it was
    lost at) and `conversion` (percent of those that went on). With `by`, such rows for each value under `by`'s name.
    Totals: `open`, `open_sum`, `won`, `won_sum`, `lost`, `lost_sum`, `win_rate` (percent of closed deals).
    """
    asked = asked or Asked()
    pipeline = crm.settings.pipeline(asked.pipeline)
    purse = Purse(crm)
    extra = (asked.by,) if asked.by else ()
    groups = _groups(crm, pipeline, asked, extra)
    rows: list[Doc] = []
    for value in dict.fromkeys(group.by[3:] for group in groups) if asked.by else [()]:
        own = [group for group in groups if group.by[3:] == value]
        head = {asked.by: value[0], "group": title_of(crm, "deal", asked.by, value[0])} if value else {}
        rows += ({**head, **row} for row in _rows(pipeline, own, purse))
    totals = _totals(pipeline, groups, purse)
    grouping = (Figure(asked.by, N_("Group id")), Figure("group", N_("Group"))) if asked.by else ()
    notes = (*purse.notes(), *_notes(crm, pipeline, groups))
    return Table((*grouping, *COLUMNS), rows, totals, notes, lambda name, row: _behind(pipeline, name, row))


def _behind(pipeline: Pipeline, figure: str, row: Doc) -> Behind | None:
    """Return the deals that stand in a stage or ended so; those that came so far stand there, further, or were won."""
    place, ends = str(row.get("stage", "")), (WON, LOST)
    own = {"pipeline": pipeline.id}
    if not row:
        outcome = figure.removesuffix("_sum")
        return Behind("deal", {**own, "outcome": outcome}) if outcome in ("open", *ends) else None
    if figure not in ("count", "sum", "reached"):
        return None
    if place in ends:
        return Behind("deal", {**own, "stage": "", "outcome": place})
    if figure != "reached":
        return Behind("deal", {**own, "stage": place, "outcome": "open"})
    ids = [stage.id for stage in pipeline.stages]
    further = ", ".join(f'"{one}"' for one in ids[ids.index(place) :])
    return Behind("deal", {**own, "stage": ""}, where=f"(stage in ({further}) or outcome = {WON})")


def _groups(crm: Workspace, pipeline: Pipeline, asked: Asked, extra: tuple[str, ...]) -> list[Group]:
    from tinydb.queries import where as field

    query = both(field("pipeline") == pipeline.id, query_of(crm, asked, "created", pipeline=False))
    return crm.deals.totals("pipeline", "outcome", "stage", *extra, money="amount", query=query)


def _rows(pipeline: Pipeline, groups: list[Group], purse: Purse) -> Iterator[Doc]:
    won, lost = where(groups, 1, WON), where(groups, 1, LOST)
    reached = _reached(pipeline, groups)
    for place, stage in enumerate(pipeline.stages):
        here = [group for group in where(groups, 2, stage.id) if not group.by[1]]
        onward = reached[place + 1]
        yield {
            "stage": stage.id,
            "title": stage.title.text(),
            "count": count_of(here),
            "sum": purse.total(here),
            "reached": reached[place],
            "conversion": percent(onward, reached[place]),
        }
    for outcome, title, closed in ((WON, pipeline.won, won), (LOST, pipeline.lost, lost)):
        yield {
            "stage": outcome,
            "title": title.text(),
            "count": count_of(closed),
            "sum": purse.total(closed),
            "reached": count_of(closed),
            "conversion": None,
        }


def _reached(pipeline: Pipeline, groups: list[Group]) -> list[int]:
    """Return how many deals came to each stage or further; the last number is that of the won ones."""
    counts = [0] * (len(pipeline.stages) + 1)
    place_of = {stage.id: place for place, stage in enumerate(pipeline.stages)}
    for group in groups:
        furthest = len(pipeline.stages) if group.by[1] == WON else place_of.get(group.by[2], 0)
        for place in range(furthest + 1):
            counts[place] += group.count
    return counts


def _totals(pipeline: Pipeline, groups: list[Group], purse: Purse) -> Doc:
    open_ = [group for group in groups if not group.by[1]]
    won, lost = where(groups, 1, WON), where(groups, 1, LOST)
    totals: dict[str, Any] = {"pipeline": pipeline.id, "currency": purse.currency}
    for name, some in (("open", open_), ("won", won), ("lost", lost)):
        totals |= {name: count_of(some), f"{name}_sum": purse.total(some)}
    return {**totals, "win_rate": percent(totals["won"], totals["won"] + totals["lost"])}


def _notes(crm: Workspace, pipeline: Pipeline, groups: list[Group]) -> tuple[str, ...]:
    notes = []
    strays = {str(group.by[2]) for group in groups if not group.by[1] and pipeline.get(group.by[2] or "") is None}
    if strays:
        notes.append(
            _("Deals stand in stages that the pipeline does not have: {stages}.").format(
                stages=", ".join(sorted(strays))
            )
        )
    if len(crm.settings.pipelines) > 1:
        others = ", ".join(
            f"«{one.title.text()}» ({one.id})" for one in crm.settings.pipelines if one.id != pipeline.id
        )
        notes.append(
            _("Pipeline «{name}» ({id}); others: {others}.").format(
                name=pipeline.title.text(), id=pipeline.id, others=others
            )
        )
    return tuple(notes)
