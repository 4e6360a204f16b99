"""The verbs of leads on the command line."""

from __future__ import annotations

import click

from crm.cli.app import App
from crm.cli.client import merge_of
from crm.cli.done import change_each, print_done
from crm.cli.noun_options import write_command
from crm.cli.output import option, verb
from crm.locale import N_, _


@verb("move", example="crm lead move 12 in_work", help=N_("Move leads to another stage: crm lead move ID… STAGE"))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.argument("stage")
@click.pass_obj
def move(app: App, ids: tuple[str, ...], stage: str) -> None:
    """Move leads."""
    change_each(app, "lead", "move", ids, lambda leads, key: leads.move(key, stage))  # type: ignore[attr-defined]


@verb("qualify", example="crm lead qualify 12", help=N_("Mark leads as good and put them to work."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def qualify(app: App, ids: tuple[str, ...]) -> None:
    """Qualify leads."""
    change_each(app, "lead", "qualify", ids, lambda leads, key: leads.qualify(key))  # type: ignore[attr-defined]


@verb("reject", example="crm lead reject 12 --reason wrong_number", help=N_("Mark leads as junk, with the reason."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--reason", required=True, help=N_("Why: wrong number, not our city, price monitoring …"))
@click.pass_obj
def reject(app: App, ids: tuple[str, ...], reason: str) -> None:
    """Reject leads."""
    change_each(app, "lead", "reject", ids, lambda leads, key: leads.reject(key, reason))  # type: ignore[attr-defined]


@verb(
    "convert",
    example='crm lead convert 12 --company "ООО Ромашка" --deal --amount 26905',
    help=N_("Make a lead a client: a contact, a company, and with --deal a deal."),
)
@click.argument("lead_id", metavar="ID")
@option("--company", default="", metavar="NAME", help=N_("The company's name or number; a new name adds it."))
@option("--contact", default="", metavar="NAME", help=N_("The contact's name."))
@option("--deal", is_flag=True, help=N_("Add a deal: the client is ready to buy."))
@option("--title", default="", metavar="TEXT", help=N_("The deal's title."))
@option("--amount", default=None, metavar="MONEY", help=N_("The deal's amount."))
@option("--pipeline", default="", metavar="PIPELINE", help=N_("The deal's pipeline."))
@click.pass_obj
def convert(
    app: App, lead_id: str, company: str, contact: str, deal: bool, title: str, amount: str | None, pipeline: str
) -> None:
    """Convert a lead; what is printed first is the deal, else the company, else the contact."""
    made = app.crm.leads.convert(
        lead_id,
        company=company,
        contact=contact,
        deal=deal or amount is not None or bool(pipeline),
        title=title,
        amount=amount,
        pipeline=pipeline,
    )
    chosen = made.deal or made.company or made.contact
    print_done(app, [chosen if chosen is not None else made.lead], _("from {ref}").format(ref=made.lead.ref))


@verb("assign", example="crm lead assign 12 13 petr", help=N_("Give leads to another owner: crm lead assign ID… USER"))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.argument("user")
@click.pass_obj
def assign(app: App, ids: tuple[str, ...], user: str) -> None:
    """Assign leads."""
    change_each(app, "lead", "assign", ids, lambda leads, key: leads.assign(key, user))


VERBS = {command.name or "": write_command(command) for command in (move, qualify, reject, convert, assign)}
VERBS["merge"] = merge_of("lead")
