"""`crm export`: every list goes out as CSV, XLSX or JSON lines, as long as it is."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from crm.cli.noun_options import as_of_option
from crm.cli.output import option, verb
from crm.errors import NotFound, OutsideFailed
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.cli.app import App
    from crm.sales.collection import Collection
    from crm.store.query import QueryLike

_ENDINGS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx"}


@verb(
    "export",
    example="crm export deal -o deals.csv",
    help=N_("Write the records of NOUN to a file (CSV, XLSX, JSON lines), or to stdout."),
)
@click.argument("noun", metavar="NOUN")
@option("-o", "--output", metavar="FILE", default="-", help=N_("The file; its ending chooses the format."))
@option("--format", "form_", metavar="csv|jsonl|xlsx", help=N_("The format; by default CSV."))
@option("--as", "as_", metavar="FORMAT", help=N_("A format that a plugin writes."))
@option("--encoding", default="", metavar="NAME", help=N_("Of CSV: utf-8-sig (by default), utf-8, cp1251, utf-16."))
@option("--delimiter", default="", metavar="SIGN", help=N_("Of CSV: a comma by default."))
@option("--where", "texts", multiple=True, metavar="TEXT", help=N_("A condition, such as 'amount > 1000'; repeatable."))
@option("--owner", metavar="USER", help=N_("Only with this value."))
@option("--names", is_flag=True, help=N_("Names of linked records instead of references."))
@as_of_option
@click.pass_obj
def export(
    app: App, noun: str, output: str, form_: str | None, as_: str | None, encoding: str, delimiter: str,
    texts: tuple[str, ...], owner: str | None, names: bool,
) -> None:  # fmt: skip
    """Export records."""
    from crm.cli.filters import query_of
    from crm.sales.exporting import Export, write

    records = app.crm.collection(noun)
    query = query_of(app.crm, records.noun, texts, {"owner": owner})
    if as_:
        data = _written(app, as_, records, query)
        with _opened(output) as out:
            out.write(data)
        return
    ending = Path(output).suffix.casefold()
    job = Export(records, query, names=names)
    sign = {"tab": "\t", "\\t": "\t", "": "\t" if ending == ".tsv" else ","}.get(delimiter, delimiter)
    with _opened(output) as out:
        write(job, out, form_ or _ENDINGS.get(ending, "csv"), encoding=encoding or _usual(output), delimiter=sign)


def _usual(output: str) -> str:
    """Return the encoding of CSV: with a mark for spreadsheets in a file, without one in a pipe."""
    return "utf-8" if output == "-" else "utf-8-sig"


def _written(app: App, name: str, records: Collection[Any], query: QueryLike | None) -> bytes:
    records.crm.guard.check("export", records.noun.name, None)
    known: list[str] = []
    for plugin, (label, target, _options) in app.crm.plugins.brought("register_exporters"):
        if label == name:
            made = app.crm.plugins.contribution(plugin, "register_exporters", label, target)
            return bytes(made(records.noun, records.find(query)))
        known.append(label)
    raise NotFound(
        _("No plugin writes the format «{name}».").format(name=name),
        _("There are: {names}.").format(names=", ".join(known) or "—"),
    )


@contextmanager
def _opened(output: str) -> Iterator[IO[bytes]]:
    """Open the file beside its place, so that a failure half way leaves what was there before."""
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    place = Path(output)
    if not place.name or place.is_dir():
        raise OutsideFailed(
            _("{file} cannot be written: {why}.").format(file=output, why=_("it is a folder")),
            _("Name a file: -o {file}.").format(file=place / "crm.csv"),
        )
    beside = place.with_name(f".{place.name}.part")
    try:
        with beside.open("wb") as out:
            yield out
        beside.replace(place)
    except OSError as error:
        raise OutsideFailed(
            _("{file} cannot be written: {why}.").format(file=output, why=error.strerror or error),
            _("Check the folder, its rights and the free space."),
        ) from error
    finally:
        beside.unlink(missing_ok=True)
