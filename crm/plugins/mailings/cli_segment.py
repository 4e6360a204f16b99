"""The verbs of segments on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from crm.plugins.mailings.segments import Segments

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
@option("--member", "members", multiple=True, metavar="REF", help=N_("Somebody by hand; repeatable."))
@option("--owner", metavar="USER", help=N_("Who answers for it."))
@click.pass_obj
def add(app: App, /, where: tuple[str, ...], **given: Any) -> None:
    """Add a segment."""
    query = where[0] if len(where) == 1 else " and ".join(f"({text})" for text in where)
    lists = {name: list(given.pop(name)) for name in ("roles", "addresses", "members")}
    values = {**given, "query": query, **lists}
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


def _segments(app: App) -> Segments:
    return app.crm.collection("segment")  # type: ignore[return-value]


@verb("put", example="crm segment put 3 contact/12 contact/14", help=N_("Put people into a segment by hand."))
@click.argument("segment_id", metavar="ID")
@click.argument("refs", nargs=-1, required=True, metavar="REF…")
@click.pass_obj
def put(app: App, segment_id: str, refs: tuple[str, ...]) -> None:
    """Put people into a segment."""
    print_done(app, [_segments(app).put(segment_id, read_ids(refs))])


@verb("drop", example="crm segment drop 3 contact/12", help=N_("Take people out who were put by hand."))
@click.argument("segment_id", metavar="ID")
@click.argument("refs", nargs=-1, required=True, metavar="REF…")
@click.pass_obj
def drop(app: App, segment_id: str, refs: tuple[str, ...]) -> None:
    """Take people out of a segment."""
    print_done(app, [_segments(app).drop(segment_id, read_ids(refs))])


@verb("freeze", example='crm segment freeze 3 --name "Выставка"', help=N_("Make a static list of those in it now."))
@click.argument("segment_id", metavar="ID")
@option("--name", default="", metavar="TEXT", help=N_("What the list is called."))
@click.pass_obj
def freeze(app: App, segment_id: str, name: str) -> None:
    """Make a static list."""
    print_done(app, [_segments(app).freeze(segment_id, name)])


@verb("starter", example="crm segment starter", help=N_("Add segments to begin with: by classifiers and by role."))
@click.pass_obj
def starter(app: App) -> None:
    """Add the usual segments."""
    print_done(app, _segments(app).starter())


VERBS: dict[str, click.Command] = {
    "add": write_command(add),
    "show": read_command(show),
    **{command.name or "": write_command(command) for command in (put, drop, freeze, starter)},
}
