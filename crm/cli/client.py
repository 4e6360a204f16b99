"""The verbs of contacts and companies on the command line."""

from __future__ import annotations

import click

from crm.cli.app import App
from crm.cli.done import change_each, print_done
from crm.cli.forget import contact_forget
from crm.cli.noun_options import write_command
from crm.cli.output import verb
from crm.locale import N_


def merge_of(noun: str) -> click.Command:
    """Return the verb that merges records of a noun."""

    @verb(
        "merge",
        example=f"crm {noun} merge 12 15",
        help=N_("Merge records into the first one, which keeps what it has: merge ID ID…"),
    )
    @click.argument("keep", metavar="ID")
    @click.argument("others", nargs=-1, required=True, metavar="ID…")
    @click.pass_obj
    def merge(app: App, keep: str, others: tuple[str, ...]) -> None:
        from crm.sales.merging import merge as merge_records

        print_done(app, [merge_records(app.crm, noun, keep, others)])

    command: click.Command = merge
    return write_command(command)


def _assign_of(noun: str) -> click.Command:
    @verb("assign", example=f"crm {noun} assign 12 13 petr", help=N_("Give records to another owner: assign ID… USER"))
    @click.argument("ids", nargs=-1, required=True, metavar="ID…")
    @click.argument("user")
    @click.pass_obj
    def assign(app: App, ids: tuple[str, ...], user: str) -> None:
        change_each(app, noun, "assign", ids, lambda records, key: records.assign(key, user))

    command: click.Command = assign
    return write_command(command)


CONTACT_VERBS = {"merge": merge_of("contact"), "assign": _assign_of("contact"), "forget": contact_forget}
COMPANY_VERBS = {"merge": merge_of("company"), "assign": _assign_of("company")}
