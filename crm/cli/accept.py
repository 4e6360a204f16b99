"""`crm accept`: take a request from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.done import line_of, print_done
from crm.cli.faces import shown
from crm.cli.noun_options import write_command
from crm.cli.output import form, option, print_json, verb
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.cli.app import App
    from crm.model.activity import Activity
    from crm.model.deal import Deal
    from crm.model.record import Record
    from crm.sales.intake import Intake


@verb(
    "accept",
    example='crm accept "Василий, 8 916 123-45-67, щебень" --source call_in',
    help=N_("Take a request: find the client by phone, e-mail or name and show what is known, else add a lead."),
)
@click.argument("text", nargs=-1)
@option("--phone", "phones", multiple=True, metavar="PHONE", help=N_("The caller's phone; repeatable."))
@option("--email", "emails", multiple=True, metavar="EMAIL", help=N_("The caller's e-mail; repeatable."))
@option("--source", default="", metavar="SOURCE", help=N_("Where the request came from."))
@click.pass_obj
def _accept(app: App, text: tuple[str, ...], phones: tuple[str, ...], emails: tuple[str, ...], source: str) -> None:
    from crm.sales.intake import accept as take
    from crm.sales.intake import read_request

    result = take(app.crm, read_request(" ".join(text), list(phones), list(emails), source))
    if form() == "json" and not app.dry_run:
        _print_json(app, result)
    elif result.made is not None:
        print_done(app, [result.made], _("added"))
    else:
        for record in result.known:
            print(record.id if form() == "ids" else line_of(app, record, _("known")))
            if not form():
                _print_known(app, record)


def _print_json(app: App, result: Intake) -> None:
    """Print the record that a request led to, `known` or not, with what goes on with a known client."""
    record = result.made or result.known[0]
    doc = app.crm.collection(record.noun).export(record)
    if result.made is None:
        deals = _deals(app, record)
        waiting = [one.ref for one in _waiting(app, [record, *deals])]
        doc = {**doc, "deals": [deal.ref for deal in deals], "activities": waiting}
    print_json({**doc, "known": result.made is None})


def _deals(app: App, record: Record) -> list[Deal]:
    field = {"company": "company", "contact": "contacts", "lead": "lead"}[record.noun]
    return app.crm.deals.having(field, record.ref)


def _waiting(app: App, about: list[Record]) -> list[Activity]:
    """Return what is to be done about a client and his deals, the most urgent first."""
    found = [one for record in about for one in app.crm.activities.having("about", record.ref) if not one.done]
    return sorted(found, key=lambda one: str(one.doc.get("due", "9")))


def _print_known(app: App, record: Record) -> None:
    """Show what is known of a client: how to reach him, where he works, his deals and what is to be done."""
    for text in _particulars(app, record):
        print("  " + text)
    deals = _deals(app, record)
    for deal in deals:
        print("  " + line_of(app, deal))
    for activity in _waiting(app, [record, *deals]):
        print("  " + line_of(app, activity, shown(app, activity, "due")))


def _particulars(app: App, record: Record) -> Iterator[str]:
    for name in ("phones", "emails", "position", "companies", "company_name", "source", "tax_ids", "owner", "comment"):
        if record.doc.get(name):
            yield f"{app.crm.nouns[record.noun].fields[name].label}: {shown(app, record, name)}"


accept = write_command(_accept)
