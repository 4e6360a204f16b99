"""`crm bank`: statements taken in, movements applied by hand or left aside."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.cli.kit import (
    App,
    ListingGroup,
    form,
    option,
    print_done,
    print_rows,
    read_command,
    read_ids,
    verb,
    write_command,
)
from crm.errors import NotFound, OutsideFailed
from crm.locale import N_, _
from crm.plugins.bank.movement import IGNORED
from crm.plugins.bank.telling import summary, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.bank.movements import BankMovements

_LISTED = ["id", "date", "direction", "amount", "payer", "payee", "purpose", "status", "invoices"]
_WAITING = [
    "id",
    "date",
    "direction",
    "amount",
    "left",
    "payer",
    "payee",
    "purpose",
    "status",
    "points",
    "invoices",
    "why",
]
_STATEMENTS = ["id", "file", "account", "own", "since", "until", "opening", "came", "went", "closing", "fresh"]


def _movements(app: App) -> BankMovements:
    return app.crm.collection("bank_movement")  # type: ignore[return-value]


@verb("list", example="crm bank list --status manual", help=N_("List the movements of the account, newest first."))
@option("--status", default="", metavar="STATUS", help=N_("Only these: applied, partly, suggested, manual, ignored."))
@option("--limit", type=click.IntRange(min=1), metavar="N", help=N_("At most N of them."))
@click.pass_obj
def list_(app: App, status: str, limit: int | None) -> None:
    """List the movements."""
    movements = _movements(app)
    query = None
    if status:
        from tinydb.queries import where

        query = where("status") == movements.noun.fields["status"].parse(status, app.crm.customs)
    _print(app, _LISTED, movements.find(query, sort="-date", limit=limit))


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
            print(told(movement))
    print(summary(imported))


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except FileNotFoundError:
        raise NotFound(_("There is no file {name}.").format(name=name), _("Check the path.")) from None
    except OSError as error:
        raise OutsideFailed(_("{name} cannot be read: {why}.").format(name=name, why=error.strerror)) from error


@verb(
    "match",
    example="crm bank match 7 invoice/12",
    help=N_("List what waits with its suggestions; with ID and INVOICE, apply a movement to the invoice."),
)
@click.argument("movement", required=False, metavar="[ID")
@click.argument("invoice", required=False, metavar="INVOICE]")
@option("--amount", default=None, metavar="MONEY", help=N_("How much of it; by default as much as the invoice lacks."))
@click.pass_obj
def match(app: App, movement: str | None, invoice: str | None, amount: str | None) -> None:
    """Match by hand."""
    if movement is None:
        if sys.stdout.isatty() and not form():
            print_lines(_movements(app).unmatched())
        else:
            _print(app, _WAITING, _movements(app).unmatched())
        return
    if invoice is None:
        raise click.UsageError(_("Name the invoice: crm bank match {id} INVOICE").format(id=movement))
    _print_told(app, [_movements(app).match(movement, invoice, amount)])


def print_lines(movements: Iterable[BankMovement]) -> None:
    """Print what waits for a person at a terminal, who reads reasons in lines and not in columns."""
    none = True
    for movement in movements:
        none = False
        print(told(movement))
        if movement.purpose:
            print(f"    {movement.purpose}")
    print(
        _("Nothing waits.")
        if none
        else _("Yes: crm bank confirm ID; no: crm bank reject ID; another: crm bank match ID INVOICE.")
    )


def _each(name: str, example: str, told: str) -> Callable[[Callable[[BankMovements, str], BankMovement]], Any]:
    """Make a verb of what is done with each of several movements, as one change set."""

    def make(change: Callable[[BankMovements, str], BankMovement]) -> Any:
        @verb(name, example=example, help=told)
        @click.argument("ids", nargs=-1, required=True, metavar="ID…")
        @click.pass_obj
        def command(app: App, ids: tuple[str, ...]) -> None:
            keys = read_ids(ids)
            if not keys:
                print(_("No ids were given, so nothing was done."), file=sys.stderr)
                return
            with app.crm.transaction(f"bank {name}"):
                changed = [change(_movements(app), key) for key in keys]
            _print_told(app, changed)

        return command

    return make


@_each("confirm", "crm bank confirm 7 8", N_("Confirm what is suggested: apply movements to their suggested invoices."))
def confirm(movements: BankMovements, key: str) -> BankMovement:
    """Confirm a suggestion."""
    return movements.confirm(key)


@_each("reject", "crm bank reject 7", N_("Reject what is suggested: movements are not for those invoices."))
def reject(movements: BankMovements, key: str) -> BankMovement:
    """Reject a suggestion."""
    return movements.reject(key)


@_each("unmatch", "crm bank unmatch 7", N_("Take back what movements paid; they wait again and it is not repeated."))
def unmatch(movements: BankMovements, key: str) -> BankMovement:
    """Take a match back."""
    return movements.unmatch(key)


@_each("ignore", "crm bank ignore 7", N_("Leave movements aside: they pay no invoice."))
def ignore(movements: BankMovements, key: str) -> BankMovement:
    """Leave movements aside."""
    return movements.ignore(key)


@verb("rematch", example="crm bank rematch", help=N_("Look again at what waits, with the invoices as they are now."))
@click.pass_obj
def rematch(app: App) -> None:
    """Match again what waits."""
    changed = _movements(app).rematch()
    _print_told(app, changed)
    if not changed and not form() and not app.dry_run:
        print(_("Nothing new was found for what waits."))


def _print_told(app: App, movements: list[BankMovement]) -> None:
    """Print what became of movements: what each paid or may pay, and why."""
    if app.dry_run or form():
        print_done(app, movements)
        return
    for movement in movements:
        print(told(movement))


@verb("statements", example="crm bank statements", help=N_("List the statements that were taken in, the latest first."))
@click.pass_obj
def statements(app: App) -> None:
    """List the statements."""
    records = app.crm.collection("bank_statement")
    titles = ["id", *(records.noun.fields[name].label for name in _STATEMENTS[1:])]
    print_rows(_STATEMENTS, (records.export(one) for one in records.find(sort=("-until", "-id"))), titles)


def _print(app: App, columns: list[str], movements: Iterable[BankMovement]) -> None:
    records = _movements(app)
    titles = ["id", *(records.noun.fields[name].label for name in columns[1:])]
    print_rows(columns, (records.export(movement) for movement in movements), titles)


bank = ListingGroup("bank", help=N_("Bank statements and what they pay"))
for _command in (list_, statements):
    bank.add_command(read_command(_command))
for _command in (import_, match, confirm, reject, unmatch, ignore, rematch):
    bank.add_command(write_command(_command))
