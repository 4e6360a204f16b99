"""The verbs of letters on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, form, option, print_done, print_json, print_rows, read_command, verb, write_command
from crm.errors import NotFound, Refused, WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.mailbox.letter import Letter
    from crm.plugins.mailbox.letters import Letters
    from crm.plugins.mailbox.outbox import Sent


def _letters(app: App) -> Letters:
    return app.crm.collection("letter")  # type: ignore[return-value]


@verb("read", example="crm letter read 12", help=N_("Show a letter as text, or as harmless HTML without pictures."))
@click.argument("letter_id", metavar="ID")
@option("--html", is_flag=True, help=N_("As HTML: no scripts, no styles, no pictures."))
@option("--raw", is_flag=True, help=N_("As it came, byte by byte."))
@click.pass_obj
def read(app: App, letter_id: str, html: bool, raw: bool) -> None:
    """Show a letter."""
    from crm.plugins.mailbox import filing
    from crm.plugins.mailbox.shown import safe_html

    letter = _letters(app).get(letter_id)
    if raw:
        sys.stdout.buffer.write(filing.kept(app.crm, letter.raw))
    elif html:
        print(safe_html(_letters(app).whole(letter_id).html or f"<pre>{letter.text}</pre>"))
    elif form() in ("json", "nl"):
        print_json(_letters(app).export(letter))
    else:
        _show(letter)


def _show(letter: Letter) -> None:
    sender = f"{letter.sender_name} <{letter.sender}>" if letter.sender_name else letter.sender
    lines = (
        (_("From"), sender),
        (_("To"), ", ".join(letter.to)),
        (_("Subject"), letter.subject),
        (_("Date"), letter.doc.get("date")),
        (_("About"), letter.about),
        (_("Attachments"), ", ".join(letter.attachments)),
    )
    for title, value in lines:
        if value:
            print(f"{title}: {value}")
    print(f"\n{letter.text}")


@verb("thread", example="crm letter thread 12", help=N_("List the letters of a thread in their order."))
@click.argument("letter_id", metavar="ID")
@click.pass_obj
def thread(app: App, letter_id: str) -> None:
    """List a thread."""
    names = ["id", "date", "direction", "sender", "subject", "status"]
    print_rows(names, [_letters(app).export(one) for one in _letters(app).thread_of(letter_id)])


@verb("save", example="crm letter save 12 -o papers", help=N_("Write the attachments of a letter into a folder."))
@click.argument("letter_id", metavar="ID")
@click.argument("names", nargs=-1, metavar="[NAME…]")
@option("-o", "--output", default=".", metavar="DIR", help=N_("The folder."))
@option("--force", is_flag=True, help=N_("Write over files that are there."))
@click.pass_obj
def save(app: App, letter_id: str, names: tuple[str, ...], output: str, force: bool) -> None:
    """Save attachments."""
    letters = _letters(app)
    found = [letters.attachment(letter_id, name) for name in names] or letters.whole(letter_id).attachments
    folder = Path(output)
    for one in found:
        path = folder / one.name
        if path.exists() and not force:
            raise Refused(_("{path} is there already.").format(path=path), _("Write over it with --force."))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.data)
        except OSError as error:
            raise NotFound(_("{path} cannot be written: {why}.").format(path=path, why=error.strerror)) from error
        print(path)


@verb(
    "task",
    example='crm letter task 12 "Посчитать доставку" --owner olga --due tomorrow',
    help=N_("Make a task of a letter, for yourself or another; the letter stays with it."),
)
@click.argument("letter_id", metavar="ID")
@click.argument("subject", default="")
@option("--owner", default="", metavar="LOGIN", help=N_("Whose task it is; yours by default."))
@option("--due", default="today", metavar="WHEN", help=N_("Until when."))
@click.pass_obj
def task(app: App, letter_id: str, subject: str, owner: str, due: str) -> None:
    """Make a task of a letter."""
    print_done(app, [_letters(app).task(letter_id, subject, owner=owner, due=due)])


@verb("bind", example="crm letter bind 12 deal/3", help=N_("Put a letter and its thread to another record."))
@click.argument("letter_id", metavar="ID")
@click.argument("about", metavar="REF")
@click.pass_obj
def bind(app: App, letter_id: str, about: str) -> None:
    """Bind a letter."""
    print_done(app, [_letters(app).bind(letter_id, about)])


@verb(
    "send",
    example='crm letter send --about deal/3 --subject "КП" --text "Добрый день!" --attach quote/3',
    help=N_("Write a letter and send it; what a server does not take now waits in the queue."),
)
@option("--to", multiple=True, metavar="ADDRESS", help=N_("To whom; by default the client of the record."))
@option("--about", default="", metavar="REF", help=N_("The deal, the client or the lead that it is about."))
@option("--subject", default="", help=N_("The subject."))
@option("--text", default="", help=N_("The text; - reads it from the input."))
@option("--template", default="", metavar="NAME", help=N_("A template of config/mailbox.yaml."))
@option("--attach", multiple=True, metavar="REF|FILE", help=N_("quote/3, invoice/4 as PDF, or a file."))
@option("--box", default="", metavar="NAME", help=N_("The box that it comes from."))
@option("--later", is_flag=True, help=N_("Put it into the queue alone."))
@click.pass_obj
def send(
    app: App,
    to: tuple[str, ...],
    about: str,
    subject: str,
    text: str,
    template: str,
    attach: tuple[str, ...],
    box: str,
    later: bool,
) -> None:
    """Send a letter."""
    from crm.plugins.mailbox.composing import Draft

    draft = Draft(to, subject, _read(text), about, None, attach, box)
    _go(app, _letters(app).write(draft, template), later)


@verb("reply", example='crm letter reply 12 --text "Да, везём завтра."', help=N_("Answer a letter, in its thread."))
@click.argument("letter_id", metavar="ID")
@option("--text", default="", help=N_("The text; - reads it from the input."))
@option("--template", default="", metavar="NAME", help=N_("A template of config/mailbox.yaml."))
@option("--attach", multiple=True, metavar="REF|FILE", help=N_("quote/3, invoice/4 as PDF, or a file."))
@option("--later", is_flag=True, help=N_("Put it into the queue alone."))
@click.pass_obj
def reply(app: App, letter_id: str, text: str, template: str, attach: tuple[str, ...], later: bool) -> None:
    """Answer a letter."""
    _go(app, _letters(app).reply(letter_id, _read(text), attach=attach, template=template), later)


def _read(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _go(app: App, letter: Letter, later: bool) -> None:
    if later or app.dry_run:
        print_done(app, [letter])
    else:
        _tell(app, _letters(app).deliver(letter.id))


def _tell(app: App, sent: Sent) -> None:
    for letter in sent.letters:
        print_done(app, [letter], str(letter.error or ""))
    for letter in sent.unknown:
        print(
            _("Nobody knows whether {ref} arrived: crm letter retry {id} --again, or --sent.").format(
                ref=letter.ref, id=letter.id
            ),
            file=sys.stderr,
        )


@verb(
    "retry",
    example="crm letter retry",
    help=N_("Send what waits in the queue; with an ID, decide about a letter that failed or may have arrived."),
)
@click.argument("letter_id", metavar="[ID]", required=False)
@option("--again", is_flag=True, help=N_("Send it again; somebody may get it twice."))
@option("--sent", is_flag=True, help=N_("It arrived."))
@click.pass_obj
def retry(app: App, letter_id: str | None, again: bool, sent: bool) -> None:
    """Empty the queue."""
    if bool(letter_id) != (again or sent) or (again and sent):
        raise WrongUsage(_("An ID goes with --again or --sent."), _("Without any, the queue is sent: crm letter retry"))
    if letter_id is None:
        _tell(app, _letters(app).deliver())
        return
    letter = _letters(app).decide(letter_id, again=again)
    if letter.status == "queued":
        _tell(app, _letters(app).deliver(letter.id))
    else:
        print_done(app, [letter])


VERBS: dict[str, click.Command] = {
    **{command.name or "": read_command(command) for command in (read, thread)},
    "save": save,
    **{command.name or "": write_command(command) for command in (task, bind, send, reply, retry)},
}
