"""The verbs of quotes on the command line, and how a paper goes to a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, as_of_option, change_each, option, verb, write_command
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.quotes.quotes import Quotes

FILE_HELP = N_("The file; - writes to the output. By default the number, with the ending .pdf, in this folder.")


def _quotes(app: App) -> Quotes:
    return app.crm.collection("quote")  # type: ignore[return-value]


@verb("send", example="crm quote send 12", help=N_("Mark quotes as sent to the client."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def send(app: App, ids: tuple[str, ...]) -> None:
    """Mark quotes as sent."""
    change_each(app, "quote", "send", ids, lambda _records, key: _quotes(app).send(key))


@verb(
    "accept",
    example="crm quote accept 12",
    help=N_("Mark quotes as accepted by the client: the deal gets their goods and amount."),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def accept(app: App, ids: tuple[str, ...]) -> None:
    """Accept quotes."""
    change_each(app, "quote", "accept", ids, lambda _records, key: _quotes(app).accept(key))


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
    **{command.name or "": write_command(command) for command in (send, accept, decline)},
    "pdf": pdf,
    "html": html,
}
