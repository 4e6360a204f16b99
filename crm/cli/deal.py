"""The verbs of deals on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.app import App
from crm.cli.done import change_each, print_done
from crm.cli.noun_options import write_command
from crm.cli.output import option, verb
from crm.locale import N_

if TYPE_CHECKING:
    from crm.model.deal import Deal


@verb(
    "move",
    example="crm deal list --stage new --ids | crm deal move - qualified",
    help=N_("Move deals to another stage: crm deal move ID… STAGE"),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.argument("stage")
@click.pass_obj
def move(app: App, ids: tuple[str, ...], stage: str) -> None:
    """Move deals."""
    change_each(app, "deal", "move", ids, lambda _deals, key: app.crm.deals.move(key, stage))


@verb("win", example="crm deal win 12", help=N_("Close deals as won."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def win(app: App, ids: tuple[str, ...]) -> None:
    """Win deals."""
    change_each(app, "deal", "win", ids, lambda _deals, key: app.crm.deals.win(key))


@verb("lose", example="crm deal lose 12 --reason price", help=N_("Close deals as lost, with the reason."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--reason", required=True, help=N_("Why: price, competitor, no budget …"))
@click.pass_obj
def lose(app: App, ids: tuple[str, ...], reason: str) -> None:
    """Lose deals."""
    change_each(app, "deal", "lose", ids, lambda _deals, key: app.crm.deals.lose(key, reason))


@verb("reopen", example="crm deal reopen 12 --stage proposal", help=N_("Take closed deals back to work."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--stage", default="", metavar="STAGE", help=N_("Where to begin again; by default where it was."))
@click.pass_obj
def reopen(app: App, ids: tuple[str, ...], stage: str) -> None:
    """Reopen deals."""
    change_each(app, "deal", "reopen", ids, lambda _deals, key: app.crm.deals.reopen(key, stage))


@verb("assign", example="crm deal assign 12 13 petr", help=N_("Give deals to another owner: crm deal assign ID… USER"))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.argument("user")
@click.pass_obj
def assign(app: App, ids: tuple[str, ...], user: str) -> None:
    """Assign deals."""
    change_each(app, "deal", "assign", ids, lambda deals, key: deals.assign(key, user))


@verb(
    "link",
    example="crm deal link 12 contact/4",
    help=N_("Link contacts (up to five), a company or a lead: crm deal link ID REF…"),
)
@click.argument("deal_id", metavar="ID")
@click.argument("refs", nargs=-1, required=True, metavar="REF…")
@click.pass_obj
def link(app: App, deal_id: str, refs: tuple[str, ...]) -> None:
    """Link records to a deal."""
    with app.crm.transaction("deal link"):
        linked: list[Deal] = [app.crm.deals.link(deal_id, ref) for ref in refs]
    print_done(app, linked[-1:])


@verb(
    "unlink",
    example="crm deal unlink 12 contact/4",
    help=N_("Unlink contacts, the company or the lead: crm deal unlink ID REF…"),
)
@click.argument("deal_id", metavar="ID")
@click.argument("refs", nargs=-1, required=True, metavar="REF…")
@click.pass_obj
def unlink(app: App, deal_id: str, refs: tuple[str, ...]) -> None:
    """Unlink records from a deal."""
    with app.crm.transaction("deal unlink"):
        unlinked: list[Deal] = [app.crm.deals.unlink(deal_id, ref) for ref in refs]
    print_done(app, unlinked[-1:])


@verb(
    "share",
    example="crm deal share 12 petr",
    help=N_("Let a person see and edit deals whatever the role reaches: crm deal share ID… USER"),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.argument("user")
@click.pass_obj
def share(app: App, ids: tuple[str, ...], user: str) -> None:
    """Share deals."""
    change_each(app, "deal", "share", ids, lambda _deals, key: app.crm.deals.share(key, user))


@verb("unshare", example="crm deal unshare 12 petr", help=N_("Take shared deals back: crm deal unshare ID… USER"))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.argument("user")
@click.pass_obj
def unshare(app: App, ids: tuple[str, ...], user: str) -> None:
    """Take shared deals back."""
    change_each(app, "deal", "unshare", ids, lambda _deals, key: app.crm.deals.unshare(key, user))


@verb("merge", example="crm deal merge 12 15", help=N_("Merge deals into the first one: crm deal merge ID ID…"))
@click.argument("keep", metavar="ID")
@click.argument("others", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def merge(app: App, keep: str, others: tuple[str, ...]) -> None:
    """Merge deals."""
    from crm.sales.merging import merge as merge_records

    print_done(app, [merge_records(app.crm, "deal", keep, others)])


VERBS = {
    command.name or "": write_command(command)
    for command in (move, win, lose, reopen, assign, link, unlink, share, unshare, merge)
}
