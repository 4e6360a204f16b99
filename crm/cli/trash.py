"""`crm trash`: what was deleted, for 30 days."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.done import print_done
from crm.cli.noun_options import as_of_option, dry_run_option, read_ids
from crm.cli.output import VerbGroup, form, option, output_options, print_json, print_rows, verb
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.cli.app import App


@verb("list", example="crm trash list", help=N_("List the deleted records of every noun."))
@output_options()
@as_of_option
@click.pass_obj
def list_(app: App) -> None:
    """List the trash."""
    from crm.sales.trash import listing

    rows = ({**app.crm.collection(one.noun).export(one), "name": one.label} for one in listing(app.crm))
    print_rows(["ref", "name", "deleted"], rows)


@verb("restore", example="crm trash restore deal/12 lead/7", help=N_("Take records out of the trash: restore REF…"))
@click.argument("refs", nargs=-1, required=True, metavar="REF…")
@output_options("json", "ids")
@dry_run_option
@click.pass_obj
def restore(app: App, refs: tuple[str, ...]) -> None:
    """Restore records."""
    with app.crm.transaction("trash restore"):
        restored = [app.crm.collection(app.crm.record(ref).noun).restore(ref) for ref in read_ids(refs)]
    print_done(app, restored)


@verb(
    "purge",
    example="crm trash purge --days 30 --dry-run",
    help=N_("Remove for good what is older than the days that the settings say (30)."),
)
@option("--days", type=click.IntRange(0), default=None, metavar="N", help=N_("Older than N days."))
@output_options("json", "ids")
@dry_run_option
@click.pass_obj
def purge(app: App, days: int | None) -> None:
    """Purge the trash."""
    from crm.sales.trash import purge as remove

    refs = remove(app.crm, days)
    if form() == "json":
        print_json(refs)
        return
    if not refs:
        print(_("Nothing in the trash is that old."), file=sys.stderr)
    for ref in refs:
        print(ref if form() == "ids" else _("{ref} removed").format(ref=ref))


trash = VerbGroup("trash", help=N_("What was deleted, for 30 days"))
for _command in (list_, restore, purge):
    trash.add_command(_command)
