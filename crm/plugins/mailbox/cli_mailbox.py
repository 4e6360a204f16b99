"""`crm mailbox fetch`: letters of the boxes come in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, form, option, print_rows, verb, write_command
from crm.errors import OutsideFailed
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.mailbox.fetching import Fetched
    from crm.plugins.mailbox.mailboxes import Mailboxes


@verb(
    "fetch",
    example="crm mailbox fetch",
    help=N_("Fetch what is new in the boxes of config/mailbox.yaml; a run that was cut off goes on where it was."),
)
@option("--box", default="", metavar="NAME", help=N_("One box alone."))
@click.pass_obj
def fetch(app: App, box: str) -> None:
    """Fetch letters; exit code 9 when a box or a folder failed."""
    mailboxes: Mailboxes = app.crm.collection("mailbox")  # type: ignore[assignment]
    done = mailboxes.fetch(box)
    if form():
        print_rows(["name", "taken", "known", "error"], [one._asdict() for one in done])
    for one in done:
        _tell(one)
    if any(one.error for one in done):
        app.exit_code = OutsideFailed.exit_code


def _tell(one: Fetched) -> None:
    if one.error:
        print(f"{one.name}: {one.error}", file=sys.stderr)
    elif not form():
        print(_("{name}: {taken} new letters").format(name=one.name, taken=one.taken))


VERBS: dict[str, click.Command] = {"fetch": write_command(fetch)}
