"""The verbs of the calendar on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, form, option, print_done, print_json, verb, write_command
from crm.errors import NotFound
from crm.locale import N_

if TYPE_CHECKING:
    from crm.plugins.timetable.feeds import CalendarFeeds
    from crm.plugins.timetable.invitations import Invitations


def _feeds(app: App) -> CalendarFeeds:
    return app.crm.collection("calendar_feed")  # type: ignore[return-value]


@verb(
    "make",
    example="crm calendar_feed make",
    help=N_("Make the secret address of my calendar for a phone or Outlook; shown once, the one before stops working."),
)
@option("--user", default="", metavar="LOGIN", help=N_("Another person's."))
@click.pass_obj
def make(app: App, user: str) -> None:
    """Make an address."""
    from crm.plugins.timetable.feeds import address

    made = _feeds(app).make(user)
    text = address(app.crm, made.token)
    if app.dry_run or form() == "ids":
        print_done(app, [made.feed])
    elif form():
        print_json({**_feeds(app).export(made.feed), "address": text})
    else:
        print(text)


@verb("revoke", example="crm calendar_feed revoke --user olga", help=N_("Revoke the address of a calendar."))
@option("--user", default="", metavar="LOGIN", help=N_("Another person's."))
@click.pass_obj
def revoke(app: App, user: str) -> None:
    """Revoke an address."""
    print_done(app, list(_feeds(app).revoke(user)))


@verb(
    "ics",
    example="crm activity ics meeting.ics --about deal/12",
    help=N_("Plan the meetings of an .ics file; a newer version of it moves them, a cancellation drops them."),
)
@click.argument("file", metavar="FILE|-|letter/ID")
@option("--about", default="", metavar="REF", help=N_("About what; by default the client whose address is in it."))
@option("--owner", default="", metavar="USER", help=N_("Whose meeting it is."))
@click.pass_obj
def ics(app: App, file: str, about: str, owner: str) -> None:
    """Plan the meetings of a file."""
    invitations: Invitations = app.crm.collection("invitation")  # type: ignore[assignment]
    print_done(app, list(invitations.take(_data(app, file), about, owner)))


def _data(app: App, file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    if file.startswith("letter/"):
        return _attached(app, file)
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except OSError as error:
        from crm.locale import _

        raise NotFound(_("{file} cannot be read: {why}.").format(file=file, why=error.strerror or error)) from error


def _attached(app: App, letter: str) -> bytes:
    from crm.locale import _

    for one in app.crm.collection("letter").whole(letter).attachments:  # type: ignore[attr-defined]
        if one.name.lower().endswith(".ics"):
            return bytes(one.data)
    raise NotFound(_("{ref} has no .ics file.").format(ref=letter))


FEED_VERBS = {"make": write_command(make), "revoke": write_command(revoke)}
ACTIVITY_VERBS = {"ics": write_command(ics)}
