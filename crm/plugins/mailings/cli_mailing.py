"""The verbs of mailings on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crm.cli.kit import App, form, option, print_done, print_json, print_rows, read_command, verb, write_command
from crm.errors import WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.mailings.sending import Sent

_HEADERS = ("From", "To", "Subject")
_LETTERS = ("id", "address", "status", "sent_at", "error")


@verb(
    "preview",
    example="crm mailing preview 3 --contact 12",
    help=N_("Show one letter as it would go: crm mailing preview ID --contact 12"),
)
@click.argument("mailing_id", metavar="ID")
@option("--contact", default="", metavar="REF", help=N_("To whom; by default the first of the segment."))
@click.pass_obj
def preview(app: App, mailing_id: str, contact: str) -> None:
    """Show one letter."""
    look = app.crm.collection("mailing").preview(mailing_id, contact)  # type: ignore[attr-defined]
    headers = {name: str(value) for name, value in look.letter.message.items()}
    if form() in ("json", "nl"):
        print_json({"headers": headers, "text": look.letter.text, "warnings": look.warnings})
        return
    for name in _HEADERS:
        print(f"{name}: {headers[name]}")
    print(f"\n{look.letter.text}")
    for warning in look.warnings:
        print(warning, file=sys.stderr)


@verb(
    "test",
    example="crm mailing test 3 --to me@example.com",
    help=N_("Send one letter to an address of yours: crm mailing test ID --to me@example.com"),
)
@click.argument("mailing_id", metavar="ID")
@option("--to", required=True, metavar="ADDRESS", help=N_("Where it goes."))
@click.pass_obj
def test(app: App, mailing_id: str, to: str) -> None:
    """Send a letter to ourselves."""
    if app.dry_run:
        raise WrongUsage(_("A test letter is sent, or it is not."), _("Look at it: crm mailing preview ID"))
    letter = app.crm.collection("mailing").test(mailing_id, to)  # type: ignore[attr-defined]
    print(_("A test letter «{subject}» went to {address}.").format(subject=letter.subject, address=to))


@verb("send", example="crm mailing send 3", help=N_("Send the letters of a mailing, or go on with what waits."))
@click.argument("mailing_id", metavar="ID")
@option("--yes", is_flag=True, help=N_("Do not ask."))
@click.pass_obj
def send(app: App, mailing_id: str, yes: bool) -> None:
    """Send a mailing."""
    mailings: Any = app.crm.collection("mailing")
    if app.dry_run:
        print_done(app, [mailings.start(mailing_id)])
        return
    if not yes:
        _ask(app, mailing_id)
    _print_sent(app, mailings.send(mailing_id))


def _ask(app: App, mailing_id: str) -> None:
    if not sys.stdin.isatty():
        raise WrongUsage(_("Letters cannot be taken back."), _("Add --yes to send them."))
    from crm.plugins.mailings.audience import mailable

    mailings: Any = app.crm.collection("mailing")
    mailing = mailings.get(mailing_id)
    count = mailings.dispatches.counts(mailing.ref).get("queued") or len(mailable(app.crm, mailings.segment(mailing)))
    click.confirm(_("Send {count} letters of «{name}»?").format(count=count, name=mailing.name), abort=True, err=True)


def _print_sent(app: App, sent: Sent) -> None:
    words = {status: _(_WORDS[status]).format(count=count) for status, count in sent.counts.items()}
    print_done(app, [sent.mailing], ", ".join(words[status] for status in _WORDS if status in words))
    if sent.counts.get("queued"):
        print(_("What waits is sent by: crm mailing send {id}").format(id=sent.mailing.id), file=sys.stderr)
    _print_unknown(sent.mailing.id, sent.unknown)


def _print_unknown(mailing_id: int, unknown: list[str]) -> None:
    if unknown:
        addresses = ", ".join(unknown)
        print(_("Nobody knows whether these letters arrived: {addresses}").format(addresses=addresses), file=sys.stderr)
        print(
            _("Decide: crm mailing resume {id} --again sends them again, --sent counts them as sent.").format(
                id=mailing_id
            ),
            file=sys.stderr,
        )


_WORDS = {
    "sent": N_("{count} sent"),
    "queued": N_("{count} waiting"),
    "sending": N_("{count} unknown"),
    "failed": N_("{count} failed"),
    "bounced": N_("{count} came back"),
    "skipped": N_("{count} skipped"),
}


@verb(
    "resume",
    example="crm mailing resume 3",
    help=N_("Decide about letters of which nobody knows whether they arrived."),
)
@click.argument("mailing_id", metavar="ID")
@option("--again", is_flag=True, help=N_("Send them again; somebody may get the letter twice."))
@option("--sent", is_flag=True, help=N_("Count them as sent."))
@click.pass_obj
def resume(app: App, mailing_id: str, again: bool, sent: bool) -> None:
    """Decide about unknown letters."""
    mailings: Any = app.crm.collection("mailing")
    if again and sent:
        raise WrongUsage(_("Either --again or --sent."))
    if not again and not sent:
        mailing = mailings.get(mailing_id)
        print_done(app, [mailing])
        _print_unknown(mailing.id, mailings.unknown(mailing_id))
        return
    mailings.resume(mailing_id, again=again)
    if again and not app.dry_run:
        _print_sent(app, mailings.send(mailing_id))
    else:
        print_done(app, [mailings.get(mailing_id)])


@verb("pause", example="crm mailing pause 3", help=N_("Stop a mailing that is being sent; send goes on with it."))
@click.argument("mailing_id", metavar="ID")
@click.pass_obj
def pause(app: App, mailing_id: str) -> None:
    """Pause a mailing."""
    print_done(app, [app.crm.collection("mailing").pause(mailing_id)])  # type: ignore[attr-defined]


@verb(
    "letters",
    example="crm mailing letters 3",
    help=N_("List the letters of a mailing: who got one, who did not and why."),
)
@click.argument("mailing_id", metavar="ID")
@option("--status", default="", metavar="STATUS", help=N_("queued, sending, sent, failed, bounced or skipped."))
@click.pass_obj
def letters(app: App, mailing_id: str, status: str) -> None:
    """List the letters of a mailing."""
    mailings: Any = app.crm.collection("mailing")
    dispatches = app.crm.collection("dispatch")
    found = mailings.dispatches.of(mailings.get(mailing_id).ref, status)
    titles = [_("Letter"), *(dispatches.noun.fields[name].label for name in _LETTERS[1:])]
    print_rows(list(_LETTERS), (dispatches.export(one) for one in found), titles)


@verb(
    "unsubscribe",
    example="crm mailing unsubscribe anna@example.com",
    help=N_("Put an address on the list of those who get no mailings."),
)
@click.argument("address")
@option("--reason", default="", metavar="TEXT", help=N_("Why."))
@click.pass_obj
def unsubscribe(app: App, address: str, reason: str) -> None:
    """Unsubscribe an address."""
    print_done(app, [app.crm.collection("unsubscribe").put(address, reason)])  # type: ignore[attr-defined]


@verb(
    "bounce",
    example='crm mailing bounce "<3.12@example.com>"',
    help=N_("Note that a letter came back: crm mailing bounce MESSAGE-ID"),
)
@click.argument("message_id", metavar="MESSAGE-ID")
@option("--reason", default="", metavar="TEXT", help=N_("What the mail server said."))
@click.pass_obj
def bounce(app: App, message_id: str, reason: str) -> None:
    """Note a letter that came back."""
    print_done(app, [app.crm.collection("dispatch").bounced(message_id, reason)])  # type: ignore[attr-defined]


@verb(
    "schedule",
    example="crm mailing schedule 3 --hours 10:00-17:00",
    help=N_("Let crm tick and the console send a mailing, spread over the hours of working days."),
)
@click.argument("mailing_id", metavar="ID")
@option("--hours", default="", metavar="HOURS", help=N_("From when to when, such as 10:00-17:00."))
@option("--starts", default="", metavar="DATE", help=N_("Not before this day."))
@click.pass_obj
def schedule(app: App, mailing_id: str, hours: str, starts: str) -> None:
    """Let the clock send a mailing."""
    print_done(app, [app.crm.collection("mailing").schedule(mailing_id, hours, starts)])  # type: ignore[attr-defined]


@verb("report", example="crm mailing report", help=N_("Show what came of mailings: sent, came back, answered, deals."))
@click.argument("ids", nargs=-1, metavar="[ID…]")
@click.pass_obj
def report(app: App, ids: tuple[str, ...]) -> None:
    """Show what came of mailings."""
    from crm.plugins.mailings.outcome import COLUMNS
    from crm.plugins.mailings.outcome import report as table_of

    mailings: Any = app.crm.collection("mailing")
    wanted = {mailings.get(key).id for key in ids}
    rows = [row for row in table_of(app.crm).rows if not wanted or row["id"] in wanted]
    print_rows(["id", *(one.name for one in COLUMNS)], rows, [_("Number"), *(one.label for one in COLUMNS)])


@verb("parked", example="crm mailing parked", help=N_("List the addresses whose letters came back: they get no more."))
@click.pass_obj
def parked(app: App) -> None:
    """List the parked addresses."""
    found = app.crm.collection("mailing").parked()  # type: ignore[attr-defined]
    rows = [{"id": address, "address": address, "bounces": count, "error": why} for address, count, why in found]
    print_rows(["address", "bounces", "error"], rows, [_("Address"), _("Came back"), _("What went wrong")])


@verb("unpark", example="crm mailing unpark anna@example.com", help=N_("Let a parked address get mailings again."))
@click.argument("address")
@click.pass_obj
def unpark(app: App, address: str) -> None:
    """Let an address get letters again."""
    count = app.crm.collection("mailing").unpark(address)  # type: ignore[attr-defined]
    if app.dry_run:
        print_done(app, [])
    else:
        print(_("{address} gets mailings again; {n} letters had come back.").format(address=address, n=count))


VERBS: dict[str, click.Command] = {
    command.name or "": command
    for command in (
        read_command(preview),
        *(write_command(one) for one in (test, send, schedule, resume, pause, unsubscribe, bounce, unpark)),
        *(read_command(one) for one in (letters, report, parked)),
    )
}
