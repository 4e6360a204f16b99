"""`crm accept`: take a request from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.done import line_of, print_done
from crm.cli.noun_options import write_command
from crm.cli.output import form, option, print_json, verb
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.model.record import Record


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
    if result.made is not None:
        print_done(app, [result.made], _("new"))
        return
    for number, record in enumerate(result.known):
        if form() == "json" and number == 0:
            print_json(app.crm.collection(record.noun).export(record))
        elif form() == "ids":
            print(record.id)
        elif not form():
            print(line_of(app, record, _("known")))
            _print_known(app, record)


def _print_known(app: App, record: Record) -> None:
    """Show what is known of a client: his open deals and what is to be done."""
    field = {"company": "company", "contact": "contacts", "lead": "lead"}[record.noun]
    for deal in app.crm.deals.having(field, record.ref):
        print("  " + line_of(app, deal))
    for activity in app.crm.activities.having("about", record.ref):
        if not activity.done:
            print("  " + line_of(app, activity, str(activity.doc.get("due", ""))))


accept = write_command(_accept)
