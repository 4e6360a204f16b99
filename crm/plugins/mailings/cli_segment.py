"""The verbs of segments on the command line."""

from __future__ import annotations

from typing import Any

import click

from crm.cli.kit import (
    App,
    form,
    option,
    print_done,
    print_json,
    print_rows,
    read_command,
    read_ids,
    verb,
    write_command,
)
from crm.locale import N_, _

COLUMNS = ("name", "address", "excluded", "ref")
TITLES = (N_("Name"), N_("Address"), N_("Why not"), N_("Record"))


@verb(
    "add",
    example='crm segment add "Молчат три месяца" --where "updated < today-90d" --role accountant',
    help=N_("Add a segment: crm segment add NAME --where 'updated > today-90d' --role accountant"),
)
@click.argument("name")
@option("--kind", metavar="contact|company|lead", help=N_("Whom the condition is about; contacts by default."))
@option("--where", multiple=True, metavar="TEXT", help=N_("A condition, as in lists; repeatable."))
@option("--role", "roles", multiple=True, metavar="ROLE", help=N_("Only people with this role; repeatable."))
@option("--address", "addresses", multiple=True, metavar="ADDRESS", help=N_("An address by hand; repeatable."))
@option("--owner", metavar="USER", help=N_("Who answers for it."))
@click.pass_obj
def add(app: App, /, where: tuple[str, ...], roles: tuple[str, ...], addresses: tuple[str, ...], **given: Any) -> None:
    """Add a segment."""
    query = where[0] if len(where) == 1 else " and ".join(f"({text})" for text in where)
    values = {**given, "query": query, "roles": list(roles), "addresses": list(addresses)}
    record = app.crm.collection("segment").add(**{name: value for name, value in values.items() if value})
    print_done(app, [record])


@verb(
    "show",
    example="crm segment show 3 --preview",
    help=N_("Show segments; --preview lists who is in them and who gets no letter."),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--preview", is_flag=True, help=N_("List the people."))
@click.pass_obj
def show(app: App, ids: tuple[str, ...], preview: bool) -> None:
    """Show segments."""
    from crm.cli.output import print_card

    segments = app.crm.collection("segment")
    records = [segments.get(key) for key in read_ids(ids)]
    if preview:
        _print_people(app, records)
        return
    docs = [segments.export(record) for record in records]
    if len(docs) > 1 and form() == "json":
        print_json(docs)
        return
    for doc in docs:
        print_card(segments.noun, doc)


def _print_people(app: App, segments: list[Any]) -> None:
    from crm.plugins.mailings.audience import audience

    rows = [
        {
            "id": one.record.id if one.record is not None else one.address,
            "ref": one.record.ref if one.record is not None else None,
            "name": one.name,
            "address": one.address,
            "excluded": one.excluded or None,
        }
        for segment in segments
        for one in audience(app.crm, segment)
    ]
    print_rows(list(COLUMNS), rows, [_(title) for title in TITLES])


VERBS: dict[str, click.Command] = {"add": write_command(add), "show": read_command(show)}
