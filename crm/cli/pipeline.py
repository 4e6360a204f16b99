"""`crm pipeline`: the pipelines and their stages, and changes of them that keep the records right."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from crm.cli.noun_options import as_of_option, dry_run_option
from crm.cli.output import VerbGroup, for_a_person, form, option, output_options, print_json, print_rows, verb
from crm.errors import InvalidValue
from crm.locale import N_, language
from crm.model.deal import LOST, WON
from crm.model.money import DECIMALS, Money, format_money, round_half_up

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.model.pipeline import Pipeline
    from crm.sales.collection import Group


@verb("list", example="crm pipeline list", help=N_("List the pipelines."))
@output_options()
@click.pass_obj
def list_(app: App) -> None:
    """List the pipelines."""
    rows = [
        {"id": one.id, "title": one.title.text(), "stages": [stage.id for stage in one.stages]}
        for one in app.settings.pipelines
    ]
    print_rows(["id", "title", "stages"], rows)


@verb(
    "show",
    example="crm pipeline show sales",
    help=N_("Show a pipeline's stages in their order, with the deals in each."),
)
@click.argument("name", required=False, default="")
@output_options()
@as_of_option
@click.pass_obj
def show(app: App, name: str) -> None:
    """Show a pipeline."""
    pipeline = app.settings.pipeline(name)
    stages, ends = _figures(app, pipeline)
    if form() == "json":
        print_json({"id": pipeline.id, "title": pipeline.title.text(), "stages": stages, **ends})
        return
    if for_a_person():
        from crm.cli.faces import option_title

        stages += [{"id": outcome, "title": option_title(outcome), **figures} for outcome, figures in ends.items()]
        stages = [{**row, "sum": format_money(Money.from_json(row["sum"]), language())} for row in stages]
    print_rows(["id", "title", "probability", "norm_days", "goals", "deals", "sum"], stages)


def _figures(app: App, pipeline: Pipeline) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the stages with the number and the sum of the open deals in each, and those of the closed by outcome."""
    from tinydb.queries import where

    query = where("pipeline") == pipeline.id
    groups = app.crm.deals.totals("stage", "outcome", money="amount", query=query)
    stages = [
        {
            "id": stage.id,
            "title": stage.title.text(),
            "probability": stage.probability,
            "norm_days": stage.norm_days,
            "goals": [goal.key for goal in stage.goals],
            **_sum_of(app, [group for group in groups if group.by == (stage.id, None)]),
        }
        for stage in pipeline.stages
    ]
    ends = {end: _sum_of(app, [group for group in groups if group.by[1] == end]) for end in (WON, LOST)}
    return stages, ends


def _sum_of(app: App, groups: list[Group]) -> dict[str, Any]:
    """Return how many deals there are and their sum in the account's currency; one without a rate is warned of."""
    whole = Decimal(0)
    for group in groups:
        if group.currency is not None:
            try:
                whole += Decimal(group.minor).scaleb(-DECIMALS) * app.crm.settings.rate(group.currency)
            except InvalidValue as unknown:
                app.warnings.append(str(unknown))
    total = Money(round_half_up(whole), app.settings.currency)
    return {"deals": sum(group.count for group in groups), "sum": total.to_json()}


@verb(
    "check",
    example="crm pipeline check",
    help=N_("Check that every deal stands in a stage that there is; exit code 8 when not."),
)
@output_options()
@as_of_option
@click.pass_obj
def check(app: App) -> None:
    """Check the pipelines against the deals."""
    from crm.sales.stages import strays

    rows = [
        {"id": deal.id, "ref": deal.ref, "pipeline": deal.pipeline, "stage": deal.stage} for deal in strays(app.crm)
    ]
    print_rows(["ref", "pipeline", "stage"], rows)
    app.exit_code = 8 if rows else 0


@verb(
    "rename",
    example='crm pipeline rename signing "Подписание"',
    help=N_("Give a stage another title; its id and the deals in it stay: rename STAGE TITLE"),
)
@click.argument("stage")
@click.argument("title")
@option("--pipeline", "name", default="", metavar="PIPELINE", help=N_("The pipeline; by default the first."))
@output_options("json", "ids")
@dry_run_option
@click.pass_obj
def rename(app: App, stage: str, title: str, name: str) -> None:
    """Rename a stage."""
    from crm.sales.stages import rename_stage

    renamed = rename_stage(app.crm, name, stage, title, dry_run=app.dry_run)
    titles = {one.id: one.title.text() for one in app.settings.pipeline(name).stages} | {renamed.id: title}
    _say(app, name, titles, [renamed.id], f"{renamed.id} {title}")


def _say(app: App, name: str, titles: dict[str, str], ids: list[str], text: str) -> None:
    """Print what a change made: a line, the ids, or the stages in their order as JSON."""
    if form() == "json":
        stages = [{"id": one, "title": title} for one, title in titles.items()]
        print_json({"id": app.settings.pipeline(name).id, "stages": stages})
    else:
        print("\n".join(ids) if form() == "ids" else text)


@verb(
    "reorder",
    example="crm pipeline reorder signing --before invoice",
    help=N_("Put a stage elsewhere in the order: reorder STAGE --before OTHER"),
)
@click.argument("stage")
@option("--before", default="", metavar="STAGE", help=N_("Before this stage; by default to the end."))
@option("--pipeline", "name", default="", metavar="PIPELINE", help=N_("The pipeline; by default the first."))
@output_options("json", "ids")
@dry_run_option
@click.pass_obj
def reorder(app: App, stage: str, before: str, name: str) -> None:
    """Reorder stages."""
    from crm.sales.stages import reorder_stage

    order = reorder_stage(app.crm, name, stage, before, dry_run=app.dry_run)
    titles = {one.id: one.title.text() for one in app.settings.pipeline(name).stages}
    _say(app, name, {one: titles[one] for one in order}, order, " ".join(order))


@verb(
    "add-stage",
    example='crm pipeline add-stage meeting "Встреча" --before proposal',
    help=N_("Add a stage: add-stage ID TITLE --before OTHER"),
)
@click.argument("stage_id")
@click.argument("title")
@option("--before", default="", metavar="STAGE", help=N_("Before this stage; by default at the end."))
@option("--pipeline", "name", default="", metavar="PIPELINE", help=N_("The pipeline; by default the first."))
@output_options("json", "ids")
@dry_run_option
@click.pass_obj
def add_stage(app: App, stage_id: str, title: str, before: str, name: str) -> None:
    """Add a stage."""
    from crm.sales.stages import add_stage as add

    order = add(app.crm, name, stage_id, title, before, dry_run=app.dry_run)
    titles = {one.id: one.title.text() for one in app.settings.pipeline(name).stages} | {stage_id: title}
    _say(app, name, {one: titles[one] for one in order}, [stage_id], " ".join(order))


pipeline = VerbGroup("pipeline", help=N_("Pipelines and their stages"))
for _command in (list_, show, check, rename, reorder, add_stage):
    pipeline.add_command(_command)
