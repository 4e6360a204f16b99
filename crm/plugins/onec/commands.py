"""`crm onec`: invoices written out for 1C, what 1C answers taken in, the bases that call, and what was exchanged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, ListingGroup, form, option, print_done, print_rows, read_command, verb, write_command
from crm.errors import NotFound, OutsideFailed
from crm.locale import N_, _
from crm.plugins.onec.commands_log import diff, log, show
from crm.plugins.onec.commands_serve import connect, disconnect, serve_info

if TYPE_CHECKING:
    from crm.plugins.onec.exchanges import Exchange, OnecOrders, TakenIn

_COLUMNS = ["id", "number", "invoice", "status", "exchange", "exported", "onec_number", "onec_status"]
FORMS = ("commerceml", "enterprisedata")


def _orders(app: App) -> OnecOrders:
    return app.crm.collection("onec_order")  # type: ignore[return-value]


@verb(
    "list",
    example="crm onec list",
    help=N_("List the invoices in the exchange: their numbers in 1C, and when they went out."),
)
@click.pass_obj
def list_(app: App) -> None:
    """List the invoices in the exchange."""
    orders = _orders(app)
    titles = ["id", *(orders.noun.fields[name].label for name in _COLUMNS[1:])]
    print_rows(_COLUMNS, (orders.export(order) for order in orders.find(sort="number")), titles)


@verb(
    "export",
    example="crm onec export -o orders.xml",
    help=N_("Write invoices that are new or have changed for 1C, as CommerceML 2 or EnterpriseData."),
)
@option("-o", "--output", "output", metavar="FILE", default="", help=N_("Where to write it; - is the standard output."))
@option("--since", type=click.IntRange(0), default=None, metavar="N", help=N_("Also what went out after exchange N."))
@option("--all", "everything", is_flag=True, help=N_("All invoices ever issued."))
@option("--format", "form_", type=click.Choice(FORMS), default=FORMS[0], help=N_("EnterpriseData 1.17 is for БП."))
@option("--cml", "version", type=click.Choice(["2.08", "2.09", "2.10"]), default=None, help=N_("Its version."))
@click.pass_obj
def export(app: App, output: str, since: int | None, everything: bool, form_: str, version: str | None) -> None:
    """Write a file for 1C."""
    out = Path(output) if output not in ("", "-") else None
    exchange = _orders(app).write_out(since=since, everything=everything, out=out, form=form_, version=version or "")
    if output == "-":
        sys.stdout.buffer.write(exchange.data)
        return
    if app.dry_run or form():
        print_done(app, list(exchange.orders))
        return
    print(_report(app, exchange, output))


def _report(app: App, exchange: Exchange, output: str) -> str:
    if exchange.kept is None:
        return _("1C knows everything already; an exchange of all: crm onec export --all.")
    kept = exchange.kept.relative_to(app.root).as_posix()
    return _("Exchange {n}: {count} invoices → {place}.").format(
        n=exchange.number, count=len(exchange.orders), place=f"{output} ({kept})" if output else kept
    )


@verb(
    "import",
    example="crm onec import reply.xml",
    help=N_("Take in what 1C tells of our orders: payments, shipments, statuses (CommerceML 2, XML or zip)."),
)
@click.argument("file", metavar="FILE")
@click.pass_obj
def import_(app: App, file: str) -> None:
    """Take in a file of 1C."""
    taken = _orders(app).take_in(_read(file))
    if app.dry_run or form():
        print_done(app, [one.order for one in taken.outcomes if one.order is not None and one.state == "changed"])
        return
    _print_taken(taken)


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except FileNotFoundError:
        raise NotFound(_("There is no file {name}.").format(name=name), _("Check the path.")) from None
    except OSError as error:
        raise OutsideFailed(_("{name} cannot be read: {why}.").format(name=name, why=error.strerror)) from error


def _print_taken(taken: TakenIn) -> None:
    """Print each document that brought something, on stderr those that were left out, and a count."""
    titles = {
        "changed": N_("taken"), "unchanged": N_("known before"), "ignored": N_("not ours"), "failed": N_("left out"),
    }  # fmt: skip
    for one in taken.outcomes:
        line = f"№ {one.number}: {_(titles[one.state])}" + (f" — {'; '.join(one.said)}" if one.said else "")
        if one.state in ("ignored", "failed"):
            print(f"crm: {line}", file=sys.stderr)
        elif one.said:
            print(line)
    counts = ", ".join(
        f"{_(title)} {sum(one.state == state for one in taken.outcomes)}" for state, title in titles.items()
    )
    print(_("Exchange {n}: {counts}.").format(n=taken.number, counts=counts))


@verb(
    "invoice",
    example="crm onec invoice 12 -o .",
    help=N_("Write «Счет на оплату» for the buyer's 1C: CommerceML 2.08 in windows-1251."),
)
@click.argument("invoice", metavar="INVOICE")
@option("-o", "--output", "output", metavar="FILE", default=".", help=N_("A file or a folder; - for stdout."))
@click.pass_obj
def invoice_(app: App, invoice: str, output: str) -> None:
    """Write an invoice for the buyer."""
    from crm.plugins.onec.archive import write_whole

    made = _orders(app).buyers_file(invoice)
    if output == "-":
        sys.stdout.buffer.write(made.data)
        return
    path = Path(output) / made.name if Path(output).is_dir() else Path(output)
    write_whole(path, made.data)
    print(path)


onec = ListingGroup("onec", help=N_("Exchange with 1C"))
for _command in (list_, invoice_, log, show, diff, serve_info):
    onec.add_command(read_command(_command))
for _command in (export, import_, connect, disconnect):
    onec.add_command(write_command(_command))
