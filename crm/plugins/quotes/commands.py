"""The verbs of quotes on the command line, and how a paper goes to a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.kit import (
    App,
    as_of_option,
    change_each,
    option,
    print_done,
    print_rows,
    read_command,
    verb,
    write_command,
)
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.quotes.quote import Quote
    from crm.plugins.quotes.quotes import Quotes

FILE_HELP = N_("The file; - writes to the output. By default the number, with the ending .pdf, in this folder.")


def _quotes(app: App) -> Quotes:
    return app.crm.collection("quote")  # type: ignore[return-value]


@verb("send", example="crm quote send 12 --mail", help=N_("Send quotes to the client, or mark them as sent."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--mail", is_flag=True, help=N_("Send the PDF by e-mail, to the contact of the quote."))
@option("--to", default="", metavar="REF", help=N_("Send it by e-mail to this contact, company or address."))
@option("--text", default="", metavar="TEXT", help=N_("The text of the letter."))
@click.pass_obj
def send(app: App, ids: tuple[str, ...], mail: bool, to: str, text: str) -> None:
    """Mark quotes as sent, or send them."""
    if mail or to:
        from crm.plugins.parcels.commands import send_now

        send_now(app, [_quotes(app).mail(key, to, text) for key in ids])
        return
    change_each(app, "quote", "send", ids, lambda _records, key: _quotes(app).send(key))


@verb(
    "accept",
    example="crm quote accept 12 --with 4,5",
    help=N_("Mark quotes as accepted by the client: the deal gets their goods and amount."),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--with", "options", default="", metavar="N,N|all", help=N_("The optional lines that the client takes."))
@click.pass_obj
def accept(app: App, ids: tuple[str, ...], options: str) -> None:
    """Accept quotes."""
    change_each(app, "quote", "accept", ids, lambda _records, key: _quotes(app).accept(key, options))


@verb(
    "revise",
    example='crm quote revise 12 discount=5% items+="Доставка*1@9405"',
    help=N_("Make the next version of a quote, with changes; the one before stays to be read."),
)
@click.argument("quote_id", metavar="ID")
@click.argument("edits", nargs=-1, metavar="[FIELD=VALUE…]")
@click.pass_obj
def revise(app: App, quote_id: str, edits: tuple[str, ...]) -> None:
    """Make the next version of a quote."""
    from crm.cli.kit import read_edit

    print_done(app, [_quotes(app).revise(quote_id, *(read_edit(word) for word in edits))])


@verb("versions", example="crm quote versions 12", help=N_("List the versions of a quote."))
@click.argument("quote_id", metavar="ID")
@click.pass_obj
def versions(app: App, quote_id: str) -> None:
    """List the versions of a quote."""
    _print(_quotes(app), _quotes(app).versions(quote_id))


@verb("expired", example="crm quote expired", help=N_("List the quotes that hold no longer and nobody answered."))
@click.pass_obj
def expired(app: App) -> None:
    """List expired quotes."""
    _print(_quotes(app), _quotes(app).expired())


def _print(quotes: Quotes, found: list[Quote]) -> None:
    names = ["id", "number", "date", "valid_until", "status", "total"]
    rows = [{**quotes.export(one), "total": str(one.total)} for one in found]
    print_rows(names, [{name: row[name] for name in names} for row in rows])


@verb(
    "template",
    example="crm quote template -o template.txt",
    help=N_("Write the template of quotes, as it goes into config/quotes.yaml."),
)
@option("--name", default="", metavar="NAME", help=N_("A template of templates in config/quotes.yaml."))
@option("-o", "--output", default="-", metavar="FILE", help=N_("The file; - writes to the output."))
@click.pass_obj
def template(app: App, name: str, output: str) -> None:
    """Write the template of quotes."""
    from crm.plugins.quotes.printing import template_of

    text = template_of(app.crm, name).text.strip()
    lines = "".join(f"  {line}".rstrip() + "\n" for line in text.splitlines())
    write_file(output, "", f"template: |\n{lines}".encode())


@verb("decline", example="crm quote decline 12", help=N_("Mark quotes as declined by the client."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--reason", default="", metavar="TEXT", help=N_("Why the client said no."))
@click.pass_obj
def decline(app: App, ids: tuple[str, ...], reason: str) -> None:
    """Decline quotes."""
    change_each(app, "quote", "decline", ids, lambda _records, key: _quotes(app).decline(key, reason))


@verb("pdf", example="crm quote pdf 12 -o quote.pdf", help=N_("Write a quote as PDF."))
@click.argument("quote_id", metavar="ID")
@option("-o", "--output", default="", metavar="FILE", help=FILE_HELP)
@as_of_option
@click.pass_obj
def pdf(app: App, quote_id: str, output: str) -> None:
    """Write a quote as PDF."""
    quote = _quotes(app).get(quote_id)
    write_file(output, f"{quote.number}.pdf", _quotes(app).pdf(quote.id))


@verb(
    "html",
    example="crm quote html 12 -o quote.html",
    help=N_("Write a quote as an HTML page, to the output by default."),
)
@click.argument("quote_id", metavar="ID")
@option("-o", "--output", default="-", metavar="FILE", help=N_("The file; - writes to the output."))
@as_of_option
@click.pass_obj
def html(app: App, quote_id: str, output: str) -> None:
    """Write a quote as HTML."""
    write_file(output, "", _quotes(app).html(quote_id).encode())


def write_file(output: str, usual: str, content: bytes) -> None:
    """Write bytes to the file named, to the one usual where none is, to the output for `-`; say the file's name."""
    from pathlib import Path

    from crm.errors import OutsideFailed

    if output == "-":
        sys.stdout.buffer.write(content)
        return
    path = Path(output or usual.replace("/", "-").replace("\\", "-"))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutsideFailed(
            _("{file} cannot be written: {why}.").format(file=path, why=error.strerror or error),
            _("Name another file: -o FILE"),
        ) from error
    print(path)


VERBS = {
    **{command.name or "": write_command(command) for command in (send, accept, decline, revise)},
    **{command.name or "": read_command(command) for command in (versions, expired)},
    "template": template,
    "pdf": pdf,
    "html": html,
}
