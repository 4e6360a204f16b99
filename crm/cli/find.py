"""`crm find`: search over everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.noun_options import as_of_option
from crm.cli.output import option, output_options, print_rows, verb
from crm.locale import N_

if TYPE_CHECKING:
    from crm.cli.app import App


@verb(
    "find",
    example="crm find 123-45-67",
    help=N_("Search over everything: parts of words, phone digits in any format, numbers of papers."),
)
@click.argument("text", nargs=-1, required=True)
@option("--noun", "nouns", multiple=True, metavar="NOUN", help=N_("Only these nouns; repeatable."))
@option("--limit", type=click.IntRange(1), default=20, show_default=True, metavar="N", help=N_("At most N records."))
@output_options()
@as_of_option
@click.pass_obj
def find(app: App, text: tuple[str, ...], nouns: tuple[str, ...], limit: int) -> None:
    """Search."""
    found = app.crm.find(" ".join(text), nouns=nouns, limit=limit)
    rows = (
        {**app.crm.collection(record.noun).export(record), "noun": record.noun, "name": record.label}
        for record in found
    )
    print_rows(["ref", "name", "owner"], rows)
