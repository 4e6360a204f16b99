"""Stages of pipelines: rename, reorder, add; ids never change, so the deals in them stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.errors import InvalidValue
from crm.locale import _, language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.model.deal import Deal
    from crm.model.pipeline import Pipeline, Stage
    from crm.sales.desk import Desk


def strays(crm: Desk) -> Iterator[Deal]:
    """Yield the open deals whose pipeline or stage is not in the settings any more."""
    deals = crm.collection("deal")
    for pipeline_id, stages in _places(crm).items():
        query = (where("pipeline") == pipeline_id) & ~where("outcome").exists() & ~where("stage").one_of(stages)
        yield from deals.find(query)
    known = ~where("pipeline").one_of(list(_places(crm)))
    yield from deals.find(known & ~where("outcome").exists())


def _places(crm: Desk) -> dict[str, list[str]]:
    return {one.id: [stage.id for stage in one.stages] for one in crm.settings.pipelines}


def rename_stage(crm: Desk, pipeline: str, stage: str, title: str, *, dry_run: bool = False) -> Stage:
    """Give a stage another title in the current language."""
    crm.guard.check("settings", "pipeline", None)
    found = crm.settings.pipeline(pipeline)
    wanted = found.stage(stage)
    _check_title(title)
    titles = dict(wanted.title.words) if "" not in wanted.title.words else {}
    if not dry_run:
        _change(crm, found, wanted.id, {"title": {**titles, language(): title}})
    return wanted


def _check_title(title: str) -> None:
    if not title.strip():
        raise InvalidValue(_("A stage needs a title."), _("People read it on the board."))


def _change(crm: Desk, pipeline: Pipeline, stage_id: str, values: dict[str, Any]) -> None:
    from crm.settings_file import change_setting

    for key, value in values.items():
        change_setting(_file(crm), ["pipelines", pipeline.id, "stages", stage_id, key], value)


def _file(crm: Desk) -> Path:
    return crm.settings.root / "config" / "pipelines.yaml"


def reorder_stage(crm: Desk, pipeline: str, stage: str, before: str, *, dry_run: bool = False) -> list[str]:
    """Put a stage before another one, or at the end; return the ids in their new order."""
    crm.guard.check("settings", "pipeline", None)
    found = crm.settings.pipeline(pipeline)
    moved = found.stage(stage).id
    order = _placed(found, moved, before)
    if not dry_run:
        _reorder(crm, found, order)
    return order


def _placed(pipeline: Pipeline, stage_id: str, before: str) -> list[str]:
    order = [one.id for one in pipeline.stages if one.id != stage_id]
    following = pipeline.stage(before).id if before else ""
    if following == stage_id:
        raise InvalidValue(_("A stage cannot stand before itself."), _("Name another one with --before."))
    order.insert(order.index(following) if following else len(order), stage_id)
    return order


def _reorder(crm: Desk, pipeline: Pipeline, order: list[str]) -> None:
    from crm.settings_file import reorder_items

    reorder_items(_file(crm), ["pipelines", pipeline.id, "stages"], order)


def add_stage(crm: Desk, pipeline: str, stage_id: str, title: str, before: str, *, dry_run: bool = False) -> list[str]:
    """Add a stage with a new id; return the ids in their order."""
    crm.guard.check("settings", "pipeline", None)
    found = crm.settings.pipeline(pipeline)
    if found.get(stage_id) is not None:
        raise InvalidValue(_("The stage «{stage}» is there already.").format(stage=stage_id), _("Choose another id."))
    _check_title(title)
    order = _placed(found, stage_id, before)
    if not dry_run:
        from crm.settings_file import change_setting

        stage = {"id": stage_id, "title": {language(): title}}
        change_setting(_file(crm), ["pipelines", found.id, "stages", stage_id], stage)
        _reorder(crm, found, order)
    return order
