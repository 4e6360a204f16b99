"""`crm onec`: invoices written out for 1C."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, ListingGroup, form, option, print_done, print_rows, read_command, verb, write_command
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.onec.exchanges import Exchange, OnecOrders

_COLUMNS = ["id", "number", "invoice", "status", "exchange", "exported"]


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
    help=N_("Write invoices that are new or have changed for 1C, as CommerceML 2.08."),
)
@option("-o", "--output", "output", metavar="FILE", default="", help=N_("Where to write it; - is the standard output."))
@option("--since", type=click.IntRange(0), default=None, metavar="N", help=N_("Also what went out after exchange N."))
@option("--all", "everything", is_flag=True, help=N_("All invoices ever issued."))
@click.pass_obj
def export(app: App, output: str, since: int | None, everything: bool) -> None:
    """Write a file for 1C."""
    out = Path(output) if output not in ("", "-") else None
    exchange = _orders(app).write_out(since=since, everything=everything, out=out)
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


onec = ListingGroup("onec", help=N_("Exchange with 1C"))
onec.add_command(read_command(list_))
onec.add_command(write_command(export))
