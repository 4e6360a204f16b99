"""The verbs of documents on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, as_of_option, form, option, print_rows, read_command, read_ids, verb
from crm.errors import Damaged
from crm.locale import N_, _
from crm.plugins.quotes.commands import FILE_HELP, write_file

if TYPE_CHECKING:
    from crm.plugins.documents.documents import Documents


def _documents(app: App) -> Documents:
    return app.crm.collection("document")  # type: ignore[return-value]


@verb("kinds", example="crm document kinds", help=N_("List the kinds of documents that can be made."))
@click.pass_obj
def kinds(app: App) -> None:
    """List the kinds."""
    from crm.plugins.documents.kinds import find_kinds

    found = find_kinds(app.crm).values()
    rows = ({"id": kind.name, "title": _(kind.title), "plugin": kind.plugin.name} for kind in found)
    print_rows(["id", "title", "plugin"], rows)


@verb("pdf", example="crm document pdf 12 -o act.pdf", help=N_("Write a document as PDF."))
@click.argument("document_id", metavar="ID")
@option("-o", "--output", default="", metavar="FILE", help=FILE_HELP)
@as_of_option
@click.pass_obj
def pdf(app: App, document_id: str, output: str) -> None:
    """Write a document as PDF."""
    document = _documents(app).get(document_id)
    write_file(output, f"{document.kind}-{document.number}.pdf", _documents(app).pdf(document.id))


@verb(
    "html",
    example="crm document html 12 -o act.html",
    help=N_("Write a document as an HTML page, to the output by default."),
)
@click.argument("document_id", metavar="ID")
@option("-o", "--output", default="-", metavar="FILE", help=N_("The file; - writes to the output."))
@as_of_option
@click.pass_obj
def html(app: App, document_id: str, output: str) -> None:
    """Write a document as HTML."""
    write_file(output, "", _documents(app).html(document_id).encode())


@verb(
    "verify",
    example="crm document verify",
    help=N_("Check that documents look as they did when they were made; all of them without an ID."),
)
@click.argument("ids", nargs=-1, metavar="[ID]…")
@click.pass_obj
def verify(app: App, ids: tuple[str, ...]) -> None:
    """Verify documents; exit 8 when one looks otherwise."""
    documents = _documents(app)
    asked = [documents.get(key) for key in read_ids(ids)] if ids else list(documents.find())
    rows = [{"id": one.id, "ref": one.ref, "holds": documents.holds(one.id)} for one in asked]
    if form():
        print_rows(["ref", "holds"], rows)
    else:
        for row in rows:
            print(f"{row['ref']} — {_('as it was made') if row['holds'] else _('NOT as it was made')}")
    changed = [str(row["ref"]) for row in rows if not row["holds"]]
    if changed:
        raise Damaged(
            _("{refs}: what is printed now is not what was made.").format(refs=", ".join(changed)),
            _("Compare it with the signed paper; see config/papers and crm document history ID."),
        )


VERBS = {"pdf": pdf, "html": html, "verify": read_command(verify), "kinds": read_command(kinds)}
