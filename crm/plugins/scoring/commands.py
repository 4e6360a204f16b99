"""`crm lead score`, `crm lead rescore`."""

from __future__ import annotations

import click

from crm.cli.kit import App, form, print_done, print_json, print_rows, read_command, verb, write_command
from crm.locale import N_, _


@verb("score", example="crm lead score 12", help=N_("Show the score of a lead: each rule, and whether it holds."))
@click.argument("lead_id", metavar="ID")
@click.pass_obj
def score(app: App, lead_id: str) -> None:
    """Explain a score."""
    from crm.plugins.scoring.score import score as score_of

    lead = app.crm.leads.get(lead_id)
    found = score_of(app.crm, lead.doc)
    rows = [
        {"id": one.rule.id, "side": one.rule.side, "points": one.points, "of": one.rule.points, "holds": one.holds,
         "if": one.rule.if_, "title": one.rule.title.text()}
        for one in found.reasons
    ]  # fmt: skip
    if form() == "json":
        print_json(
            {"ref": lead.ref, "score": found.points, "level": found.level, "sides": found.sides(), "rules": rows}
        )
        return
    print_rows(["id", "side", "points", "of", "if", "title"], rows)
    if not form():
        text = _("{ref}: {points}, {level}").format(ref=lead.ref, points=found.points, level=_(found.level))
        click.echo(text, err=True)


@verb(
    "rescore", example="crm lead rescore", help=N_("Count the scores of all open leads anew, after rules were changed.")
)
@click.pass_obj
def rescore(app: App) -> None:
    """Count all scores anew."""
    from crm.plugins.scoring.score import keep_all

    print_done(app, list(keep_all(app.crm)))


VERBS = {"score": read_command(score), "rescore": write_command(rescore)}
