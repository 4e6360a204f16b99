"""The verbs of documents on the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.kit import (
    App,
    as_of_option,
    change_each,
    form,
    option,
    print_done,
    print_rows,
    read_command,
    read_ids,
    verb,
    write_command,
)
from crm.errors import Damaged, InvalidValue, NotFound, Refused, WrongUsage
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
    from crm.plugins.documents.forms import is_ours, kinds_of
    from crm.plugins.documents.kinds import find_kinds

    ours = kinds_of(app.settings.account.country)
    found = [kind for kind in find_kinds(app.crm).values() if kind.name in ours or not is_ours(kind.name)]
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
    """Verify documents; exit 8 when one looks otherwise or a signed copy is not what it was."""
    documents = _documents(app)
    asked = [documents.get(key) for key in read_ids(ids)] if ids else list(documents.find())
    rows = [{"id": one.id, "ref": one.ref, **documents.verify(one.id)._asdict()} for one in asked]
    if form():
        print_rows(["ref", "holds", "form_changed", "copies"], rows)
    else:
        for row in rows:
            print(f"{row['ref']} — {_said(row)}")
    changed = [str(row["ref"]) for row in rows if not (row["holds"] and row["copies"])]
    if changed:
        raise Damaged(
            _("{refs}: what is kept is not what was made.").format(refs=", ".join(changed)),
            _("Compare it with the signed paper; see crm document history ID, and take data/files from a backup."),
        )


def _said(row: dict[str, object]) -> str:
    if not row["holds"]:
        return _("NOT as it was made")
    if not row["copies"]:
        return _("as it was made, but a signed copy is gone")
    return _("as it was made; its form has changed since") if row["form_changed"] else _("as it was made")


@verb(
    "prepare",
    example="crm document prepare --invoice 3",
    help=N_("Make the set of documents that the direction of the deal asks for; what is there stays."),
)
@option("--invoice", "invoices", multiple=True, metavar="INVOICE", help=N_("The invoice; repeatable."))
@option("--deal", default="", metavar="DEAL", help=N_("All issued invoices of this deal."))
@option("--date", "day", default="", metavar="DATE", help=N_("The day of the documents, today by default."))
@click.pass_obj
def prepare(app: App, invoices: tuple[str, ...], deal: str, day: str) -> None:
    """Make the set of documents of invoices."""
    from crm.plugins.documents import sets

    refs = [f"invoice/{app.crm.collection('invoice').id_of(key)}" for key in read_ids(invoices)]
    refs = refs or _invoices_of(app, deal)
    parsed = app.crm.nouns["document"].read({"date": day}, app.crm.customs)["date"] if day else None
    with app.crm.transaction("document prepare"):
        done = [sets.prepare(app.crm, ref, date.fromisoformat(parsed) if parsed else None) for ref in refs]
    print_done(app, [one for each in done for one in each.made])
    for each in done:
        for one in each.there:
            click.echo(_("{ref} is there already: {kind}").format(ref=one.ref, kind=one.kind), err=True)
        for kind, why in each.left_out.items():
            click.echo(_("{kind}: left out, {why}").format(kind=kind, why=why.rstrip(".")), err=True)


def _invoices_of(app: App, deal: str) -> list[str]:
    if not deal:
        raise WrongUsage(_("Whose documents?"), _("Give --invoice ID or --deal ID."))
    ref = app.crm.deals.get(deal).ref
    found = [one for one in app.crm.collection("invoice").having("deal", ref) if one.doc["status"] not in _NOT_IN_FORCE]
    if not found:
        raise Refused(_("{ref} has no issued invoice.").format(ref=ref), _("Issue one: crm invoice issue --deal …"))
    return [one.ref for one in sorted(found, key=lambda one: one.id)]


_NOT_IN_FORCE = ("draft", "cancelled")


@verb(
    "sign",
    example="crm document sign 12 act-signed.pdf",
    help=N_("Note that a document came back signed, and keep its scan."),
)
@click.argument("document_id", metavar="ID")
@click.argument("files", nargs=-1, metavar="[FILE]…")
@option("--date", "day", default="", metavar="DATE", help=N_("The day it came back, today by default."))
@click.pass_obj
def sign(app: App, document_id: str, files: tuple[str, ...], day: str) -> None:
    """Note a document as signed."""
    scans = [(Path(file).name, _read(file)) for file in files] or [("", b"")]
    with app.crm.transaction("document sign"):
        for name, content in scans:
            signed = _documents(app).sign(document_id, name, content, date=day or None)
    print_done(app, [signed], _("signed"))


def _read(file: str) -> bytes:
    try:
        content = Path(file).read_bytes()
    except OSError as error:
        raise NotFound(
            _("{file} cannot be read: {why}.").format(file=file, why=error.strerror or error),
            _("Give the scan of the signed document."),
        ) from error
    if not content:
        raise InvalidValue(_("{file} is empty.").format(file=file), _("Give the scan of the signed document."))
    return content


@verb("copy", example="crm document copy 12 -o signed.pdf", help=N_("Write a signed copy to a file, the last one."))
@click.argument("document_id", metavar="ID")
@option("--name", default="", metavar="NAME", help=N_("Which copy, by its file name."))
@option("-o", "--output", default="", metavar="FILE", help=FILE_HELP)
@as_of_option
@click.pass_obj
def copy(app: App, document_id: str, name: str, output: str) -> None:
    """Write a signed copy."""
    found, content = _documents(app).copy(document_id, name)
    write_file(output, found, content)


@verb("unsigned", example="crm document unsigned", help=N_("List the documents that have not come back signed."))
@click.pass_obj
def unsigned(app: App) -> None:
    """List unsigned documents, the oldest first."""
    today = app.crm.today()
    rows = []
    for one in _documents(app).unsigned():
        client = app.crm.record(one.company).label if one.company else one.buyer.get("name", "")
        days = (today - one.date).days if one.date else 0
        rows.append({"id": one.id, "ref": one.ref, "kind": one.kind, "number": one.number,
                     "date": one.doc["date"], "days": days, "company": client})  # fmt: skip
    titles = [_(title) for title in ("Record", "Kind", "Number", "Date", "Days", "Company")]
    print_rows(["ref", "kind", "number", "date", "days", "company"], rows, titles)


@verb(
    "template",
    example="crm document template -o config/papers/contract.txt",
    help=N_("Write the template of contracts, to edit it as config/papers/contract.txt."),
)
@option("-o", "--output", default="-", metavar="FILE", help=N_("The file; - writes to the output."))
@click.pass_obj
def template(app: App, output: str) -> None:
    """Write the template of contracts."""
    from crm.plugins.documents.contract import template_text
    from crm.plugins.documents.forms import form_for

    held = form_for("contract", app.crm.settings.account.country, app.crm.today())
    write_file(output, "", template_text(app.crm, held.lang).encode())


@verb(
    "refill", example="crm document refill 12", help=N_("Fill the text of unsigned contracts anew from the template.")
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def refill(app: App, ids: tuple[str, ...]) -> None:
    """Fill contracts anew."""
    change_each(app, "document", "refill", ids, lambda _records, key: _documents(app).refill(key))


VERBS = {
    **{command.name or "": write_command(command) for command in (prepare, sign, refill)},
    **{command.name or "": read_command(command) for command in (verify, kinds, unsigned)},
    "pdf": pdf,
    "html": html,
    "copy": copy,
    "template": template,
}
