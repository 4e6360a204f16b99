"""The goals of a deal on the command line: `crm deal goals`, `crm deal tick`."""

from __future__ import annotations

import click

from crm.cli.kit import App, print_done, print_rows, read_command, verb, write_command
from crm.locale import N_


@verb(
    "goals",
    example="crm deal goals 12",
    help=N_("Show the goals of the stage that a deal stands on, and where each leads."),
)
@click.argument("deal_id", metavar="ID")
@click.pass_obj
def goals(app: App, deal_id: str) -> None:
    """Show the goals of a deal's stage."""
    deal = app.crm.deals.get(deal_id)
    pipeline = app.crm.settings.pipeline(deal.pipeline)
    stage = pipeline.stage(deal.stage)
    rows = []
    for goal in stage.goals:
        following = pipeline.after(stage, goal)
        row = {"id": goal.key, "title": goal.title.text(), "on": goal.on, "kind": goal.kind}
        rows.append({**row, "to": following.id if following else ""})
    print_rows(["id", "title", "on", "kind", "to"], rows)


@verb(
    "tick",
    example="crm deal tick 12 measured",
    help=N_("Tick a goal of the deal's stage: the deal moves on by itself."),
)
@click.argument("deal_id", metavar="ID")
@click.argument("goal", required=False, default="")
@click.pass_obj
def tick(app: App, deal_id: str, goal: str) -> None:
    """Tick a goal of a deal."""
    from crm.plugins.goals.reaching import tick as tick_goal

    print_done(app, [tick_goal(app.crm, deal_id, goal)])


VERBS = {"goals": read_command(goals), "tick": write_command(tick)}
