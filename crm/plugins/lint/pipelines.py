"""Rules for pipelines: gap stages, parallel stages, the start and the end of the cycle, norms (M11–M14)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from crm.locale import _
from crm.plugins.lint.settings import LintRules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.pipeline import Pipeline, Stage
    from crm.workspace import Workspace

Found = tuple[str, str]
_STARTS, _ENDS = ("lead", "activity", "deal"), ("payment", "shipment", "won")


def gap_stages(crm: Workspace) -> Iterator[Found]:
    """Yield stages whose title says that nothing goes on there (M11)."""
    words = _rules(crm).gap_words
    for pipeline in crm.settings.pipelines:
        for stage in pipeline.stages:
            titles = [text.casefold() for text in stage.title.words.values()]
            if any(word.casefold() in text for word in words for text in titles):
                yield (
                    _place(pipeline, stage),
                    _("«{stage}» is no step forward: plan an activity for that date, or lose the deal.").format(
                        stage=stage.title.text()
                    ),
                )


def parallel_stages(crm: Workspace) -> Iterator[Found]:
    """Yield neighbouring stages of which deals go through the one or the other, seldom through both (M12)."""
    rules = _rules(crm)
    for pipeline in crm.settings.pipelines:
        paths = [frozenset(path) for path in _paths(crm, pipeline)]
        for first, second in zip(pipeline.stages, pipeline.stages[1:], strict=False):
            used = Counter(("a" * (first.id in path)) + ("b" * (second.id in path)) for path in paths)
            through = used["a"] + used["b"] + used["ab"]
            if (
                through >= rules.parallel_deals
                and min(used["a"], used["b"]) * 5 >= through
                and (used["ab"] <= through * rules.parallel_share)
            ):
                yield (
                    _place(pipeline, second),
                    _(
                        "«{first}» and «{second}» stand in for one another: {both} of {all} deals went through both. "
                        "Make one stage of them."
                    ).format(first=first.title.text(), second=second.title.text(), both=used["ab"], all=through),
                )


def _paths(crm: Workspace, pipeline: Pipeline) -> Iterator[list[str]]:
    """Yield the stages of each deal that came past its stages: won, or further on than what it stood in."""
    from tinydb.queries import where

    query: Any = (where("pipeline") == pipeline.id) & (where("outcome") == "won")
    for deal in crm.deals.find(query):
        yield [str(step.get("stage")) for step in deal.doc.get("stage_log", ())]


def cycles(crm: Workspace) -> Iterator[Found]:
    """Yield pipelines for which nobody said where the cycle of a sale starts and where it ends (M13, M14)."""
    written = {str(one.get("id")): one for one in crm.settings.plain("pipelines").get("pipelines", ())}
    for pipeline in crm.settings.pipelines:
        for name, known in (("cycle_starts_at", _STARTS), ("cycle_ends_at", _ENDS)):
            if name not in written.get(pipeline.id, {}):
                yield (
                    f"pipeline/{pipeline.id}",
                    _("{name} is not set in config/pipelines.yaml: one of {known}, or a stage.").format(
                        name=name, known=", ".join(known)
                    ),
                )


def norms(crm: Workspace) -> Iterator[Found]:
    """Yield stages without a norm: nobody sees a deal stand still there."""
    for pipeline in crm.settings.pipelines:
        for stage in pipeline.stages:
            if stage.norm_days is None:
                yield (
                    _place(pipeline, stage),
                    _("«{stage}» has no norm_days in config/pipelines.yaml.").format(stage=stage.title.text()),
                )


def _place(pipeline: Pipeline, stage: Stage) -> str:
    return f"pipeline/{pipeline.id}/{stage.id}"


def _rules(crm: Workspace) -> LintRules:
    return crm.settings.section("lint", LintRules)
