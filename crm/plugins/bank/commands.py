"""`crm bank`: statements taken in, movements applied by hand or left aside."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.kit import (
    App,
    ListingGroup,
    change_each,
    form,
    option,
    print_done,
    print_rows,
    read_command,
    verb,
    write_command,
)
from crm.errors import NotFound, OutsideFailed
from crm.locale import N_, _
from crm.plugins.bank.movement import APPLIED, IGNORED, MANUAL, SUGGESTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.bank.movements import BankMovements, Imported

_LISTED = ["id", "date", "direction", "amount", "payer", "payee", "purpose", "status", "invoices"]
_WAITING = ["id", "date", "amount", "payer", "purpose", "status", "invoices", "left", "why"]
_TITLES = {
    APPLIED: N_("applied"),
    SUGGESTED: N_("to be confirmed"),
    MANUAL: N_("to be sorted by hand"),
    IGNORED: N_("not for invoices"),
}


def _movements(app: App) -> BankMovements:
    return app.crm.collection("bank_movement")  # type: ignore[return-value]


@verb("list", example="crm bank list", help=N_("List the movements of the account, newest first."))
@click.pass_obj
def list_(app: App) -> None:
    """List the movements."""
    _print(app, _LISTED, _movements(app).find(sort="-date"))


@verb(
    "import",
    example="crm bank import kl_to_1c.txt",
    help=N_("Take in bank statements in the 1C format and pay the invoices that are beyond doubt."),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.pass_obj
def import_(app: App, files: tuple[str, ...]) -> None:
    """Import statements; one change set, so one undo."""
    imported = _movements(app).take_in({name: _read(name) for name in files})
    for warning in imported.warnings:
        print(f"crm: {warning}", file=sys.stderr)
    if app.dry_run or form():
        print_done(app, imported.fresh)
        return
    for movement in imported.fresh:
        if movement.status != IGNORED:
            print(_line(movement))
    print(_summary(imported))


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except FileNotFoundError:
        raise NotFound(_("There is no file {name}.").format(name=name), _("Check the path.")) from None
    except OSError as error:
        raise OutsideFailed(_("{name} cannot be read: {why}.").format(name=name, why=error.strerror)) from error


def _line(movement: BankMovement) -> str:
    title = _(_TITLES[movement.status])
    head = f"{movement.ref} {movement.date} {movement.amount} {movement.payer}".rstrip()
    refs = ", ".join(movement.invoices)
    return f"{head} — {title}{': ' + refs if refs else ''}. {movement.why}{_rest(movement)}"


def _rest(movement: BankMovement) -> str:
    if movement.status != APPLIED or movement.left is None:
        return ""
    return " " + _("Not applied: {left}.").format(left=movement.left)


def _summary(imported: Imported) -> str:
    count = {status: sum(one.status == status for one in imported.fresh) for status in _TITLES}
    paid: dict[str, Decimal] = {}
    for one in imported.fresh:
        if one.status == APPLIED and one.amount:
            part = one.amount.amount - (one.left.amount if one.left else 0)
            paid[one.amount.currency] = paid.get(one.amount.currency, Decimal(0)) + part
    sums = ", ".join(f"{amount} {currency}" for currency, amount in paid.items())
    parts = [f"{_(title)} {count[status]}" for status, title in _TITLES.items()]
    parts[0] += f" ({sums})" if sums else ""
    return _("Movements: {n}; {parts}; known before {known}.").format(
        n=len(imported.fresh) + imported.known, parts=", ".join(parts), known=imported.known
    )


@verb(
    "match",
    example="crm bank match 7 invoice/12",
    help=N_("List what waits for a person; with ID and INVOICE, pay the invoice with a movement."),
)
@click.argument("movement", required=False, metavar="[ID")
@click.argument("invoice", required=False, metavar="INVOICE]")
@option("--amount", default=None, metavar="MONEY", help=N_("How much of it; by default as much as the invoice lacks."))
@click.pass_obj
def match(app: App, movement: str | None, invoice: str | None, amount: str | None) -> None:
    """Match by hand."""
    if movement is None:
        _print(app, _WAITING, _movements(app).unmatched())
        return
    if invoice is None:
        raise click.UsageError(_("Name the invoice: crm bank match {id} INVOICE").format(id=movement))
    print_done(app, [_movements(app).match(movement, invoice, amount)])


def _print(app: App, columns: list[str], movements: Iterable[BankMovement]) -> None:
    records = _movements(app)
    titles = ["id", *(records.noun.fields[name].label for name in columns[1:])]
    print_rows(columns, (records.export(movement) for movement in movements), titles)


@verb("ignore", example="crm bank ignore 7", help=N_("Leave movements aside: they pay no invoice."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def ignore(app: App, ids: tuple[str, ...]) -> None:
    """Leave movements aside."""
    change_each(app, "bank_movement", "ignore", ids, lambda _all, key: _movements(app).ignore(key))


bank = ListingGroup("bank", help=N_("Bank statements and what they pay"))
bank.add_command(read_command(list_))
for _command in (import_, match, ignore):
    bank.add_command(write_command(_command))
