"""`crm duplicates`: who is in the data twice, why it seems so, and the command that makes one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm.cli.noun_options import as_of_option
from crm.cli.output import form, output_options, print_rows, verb
from crm.locale import N_

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.sales.duplicates import Group


@verb(
    "duplicates",
    example="crm duplicates company --json",
    help=N_("Find contacts, companies and open leads with the same phone, e-mail, tax id or company name."),
)
@click.argument("noun", required=False, metavar="[NOUN]")
@output_options()
@as_of_option
@click.pass_obj
def duplicates(app: App, noun: str | None) -> None:
    """Find duplicates."""
    from crm.sales.duplicates import NOUNS
    from crm.sales.duplicates import duplicates as find

    groups = [group for one in ([noun] if noun else NOUNS) for group in find(app.crm, one)]
    if form() == "ids":
        for group in groups:
            print("\n".join(f"{group.noun}/{one}" for one in group.ids))
        return
    columns = ["refs", "names", "reasons", "command"]
    print_rows(columns, (_row(app, group) for group in groups))


def _row(app: App, group: Group) -> dict[str, Any]:
    records = app.crm.collection(group.noun)
    reasons: list[Any] = [{"by": one.by, "value": one.value} for one in group.reasons]
    return {
        "noun": group.noun,
        "refs": [f"{group.noun}/{one}" for one in group.ids],
        "names": [records.record(records.doc(one)).label for one in group.ids],
        "reasons": reasons if form() in ("json", "nl") else [one.text for one in group.reasons],
        "command": group.command,
    }
