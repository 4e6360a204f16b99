"""The cycle of a sale (R10, M13, M14): days from where a pipeline's cycle starts to where it ends, of won deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.locale import N_, _
from crm.model.deal import WON
from crm.model.report import Asked, Behind, Figure, Table, counted
from crm.plugins.reports.asking import both, query_of, title_of
from crm.plugins.reports.days import histogram, mean, median

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Doc
    from crm.model.pipeline import Pipeline
    from crm.sales.figures import Span
    from crm.workspace import Workspace

FIGURES = (
    Figure("won", N_("Won"), "count"),
    Figure("mean_days", N_("Mean, days"), "days"),
    Figure("median_days", N_("Median, days"), "days"),
    Figure("longest_days", N_("Longest, days"), "days"),
)
BEHIND = dict.fromkeys(("won", "mean_days", "median_days", "longest_days"), Behind("deal", {"outcome": WON}, "closed"))
_BY = {"month": "closed:month", "year": "closed:year", "industry": "company.industry"}


def cycle(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return how many days won deals took, by `by` (the pipeline by default), those closed in the period.

    A cycle starts and ends as the pipeline says (`cycle_starts_at`, `cycle_ends_at`); where that is not known of a
    deal, at its creation and its closing. Days are counted from the local day of the one to that of the other.
    Rows: the group's value under its name, `title`, `won`, `mean_days`, `median_days`, `longest_days`; totals likewise.
    """
    asked = asked or Asked()
    by = asked.by or "pipeline"
    name = _BY.get(by, by)
    pipelines = [crm.settings.pipeline(asked.pipeline)] if asked.pipeline else list(crm.settings.pipelines)
    spans = [span for pipeline in pipelines for span in _spans(crm, asked, pipeline, name)]
    values = sorted({span.by[0] for span in spans}, key=str)
    rows = [
        {
            by: value,
            "title": title_of(crm, "deal", name, value),
            **_figures(span for span in spans if span.by[0] == value),
        }
        for value in values
    ]
    columns = (Figure(by, N_("Id")), Figure("title", N_("Group")), *FIGURES)
    rules = tuple(_rule(one) for one in pipelines if rows)
    return Table(columns, rows[: asked.limit], _figures(spans), rules, counted(BEHIND))


def _spans(crm: Workspace, asked: Asked, pipeline: Pipeline, name: str) -> list[Span]:
    from tinydb.queries import where as field

    closed = (field("outcome") == WON) & (field("pipeline") == pipeline.id)
    query = both(closed, query_of(crm, asked, "closed", pipeline=False))
    return crm.deals.spans(name, starts=_starts(pipeline), ends=_ends(crm, pipeline), query=query)


def _starts(pipeline: Pipeline) -> tuple[str, ...]:
    at = pipeline.cycle_starts_at
    known = {"lead": ("lead.created",), "deal": (), "activity": ("lead.created",)}
    return (*known.get(at, (f"stage_log[{at}]",)), "created")


def _ends(crm: Workspace, pipeline: Pipeline) -> tuple[str, ...]:
    at = pipeline.cycle_ends_at
    if pipeline.get(at) is not None:
        return f"stage_log[{at}]", "closed"
    return ("paid", "closed") if at == "payment" and "payment" in crm.nouns else ("closed",)


def _figures(spans: Iterable[Span]) -> Doc:
    counted = histogram((span.days, span.count) for span in spans)
    return {
        "won": sum(counted.values()),
        "mean_days": mean(counted),
        "median_days": median(counted),
        "longest_days": float(max(counted)) if counted else None,
    }


def _rule(pipeline: Pipeline) -> str:
    names: dict[str, Any] = {
        "lead": _("the lead"), "activity": _("the lead"), "deal": _("the deal"), "payment": _("the last payment"),
    }  # fmt: skip
    closing = _("the closing")

    def name(at: str) -> str:
        stage = pipeline.get(at)
        return stage.title.text() if stage is not None else names.get(at, closing)

    return _("{pipeline}: from {start} to {end}.").format(
        pipeline=pipeline.id, start=name(pipeline.cycle_starts_at), end=name(pipeline.cycle_ends_at)
    )
