"""The verbs of invoices on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm.cli.kit import App, as_of_option, change_each, option, print_done, verb, write_command
from crm.errors import WrongUsage
from crm.locale import N_, _
from crm.plugins.quotes.commands import FILE_HELP, write_file

if TYPE_CHECKING:
    from crm.plugins.invoices.invoices import Invoices


def _invoices(app: App) -> Invoices:
    return app.crm.collection("invoice")  # type: ignore[return-value]


@verb(
    "issue",
    example="crm invoice issue --quote 3",
    help=N_("Issue invoices: drafts by their ids, or one made from --quote, --deal or --item."),
)
@click.argument("ids", nargs=-1, metavar="[ID…]")
@option("--quote", metavar="QUOTE", help=N_("The quote that it is made from."))
@option("--deal", metavar="DEAL", help=N_("The deal that it is made from, or belongs to."))
@option("--item", "items", multiple=True, metavar="ITEM", help=N_("A line of goods, SKU*QTY@PRICE%VAT; repeatable."))
@option("--company", metavar="COMPANY", help=N_("Who pays."))
@option("--contact", metavar="CONTACT", help=N_("The person at the client; who pays where there is no company."))
@option("--date", metavar="DATE", help=N_("The day of the invoice, today by default."))
@option("--due", metavar="DATE", help=N_("The last day to pay."))
@option("--currency", metavar="CODE", help=N_("The currency of the prices, the workspace's by default."))
@option("--vat-included", metavar="yes|no", help=N_("Whether prices have VAT within."))
@option("--comment", metavar="TEXT", help=N_("A remark under the totals."))
@option("--owner", metavar="USER", help=N_("Who answers for it."))
@click.pass_obj
def issue(app: App, /, ids: tuple[str, ...], items: tuple[str, ...], **values: Any) -> None:
    """Issue invoices."""
    given = {name: value for name, value in {**values, "items": list(items)}.items() if value}
    if not ids and not given.keys() & {"quote", "deal", "items"}:
        raise WrongUsage(_("There is nothing to issue."), _("Give the id of a draft, --quote, --deal or --item."))
    if not ids:
        print_done(app, [_invoices(app).issue(**given)])
        return
    change_each(app, "invoice", "issue", ids, lambda _records, key: _invoices(app).issue(key, **given))


@verb("submit", example="crm invoice submit 12", help=N_("Give invoices to the accountant to check."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def submit(app: App, ids: tuple[str, ...]) -> None:
    """Give invoices to the accountant."""
    change_each(app, "invoice", "submit", ids, lambda _records, key: _invoices(app).submit(key))


@verb("approve", example="crm invoice approve 12", help=N_("Approve invoices as the accountant."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def approve(app: App, ids: tuple[str, ...]) -> None:
    """Approve invoices."""
    change_each(app, "invoice", "approve", ids, lambda _records, key: _invoices(app).approve(key))


@verb("send", example="crm invoice send 12", help=N_("Mark invoices as sent to the client."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.pass_obj
def send(app: App, ids: tuple[str, ...]) -> None:
    """Mark invoices as sent."""
    change_each(app, "invoice", "send", ids, lambda _records, key: _invoices(app).send(key))


@verb(
    "cancel",
    example='crm invoice cancel 12 --reason "ошибка в сумме"',
    help=N_("Cancel invoices that nothing was paid of."),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--reason", default="", metavar="TEXT", help=N_("Why it is cancelled."))
@click.pass_obj
def cancel(app: App, ids: tuple[str, ...], reason: str) -> None:
    """Cancel invoices."""
    change_each(app, "invoice", "cancel", ids, lambda _records, key: _invoices(app).cancel(key, reason))


@verb(
    "pay",
    example="crm invoice pay 12 --amount 5000 --date 2026-11-20",
    help=N_("Take a payment for an invoice, of all that is left by default."),
)
@click.argument("invoice_id", metavar="ID")
@option("--amount", metavar="MONEY", help=N_("How much came in."))
@option("--date", metavar="DATE", help=N_("The day it came in, today by default."))
@option("--reference", default="", metavar="TEXT", help=N_("The number of the payment order."))
@option("--purpose", default="", metavar="TEXT", help=N_("The purpose of the payment."))
@click.pass_obj
def pay(app: App, invoice_id: str, amount: str | None, date: str | None, reference: str, purpose: str) -> None:
    """Take a payment; what is printed is the invoice."""
    payment = _invoices(app).pay(invoice_id, amount, date=date, reference=reference, purpose=purpose)
    invoice = None if app.dry_run else _invoices(app).get(invoice_id)
    print_done(app, [invoice], f"{payment.ref} {payment.amount}")


@verb("deal", example="crm invoice deal 12", help=N_("Make the deal that an invoice without one belongs to."))
@click.argument("invoice_id", metavar="ID")
@option("--title", default="", metavar="TEXT", help=N_("The deal's title; by default the first goods."))
@option("--pipeline", default="", metavar="PIPELINE", help=N_("The deal's pipeline."))
@click.pass_obj
def deal(app: App, invoice_id: str, title: str, pipeline: str) -> None:
    """Make a deal of an invoice."""
    print_done(app, [_invoices(app).make_deal(invoice_id, title=title, pipeline=pipeline)])


@verb("pdf", example="crm invoice pdf 12 -o invoice.pdf", help=N_("Write an invoice as PDF."))
@click.argument("invoice_id", metavar="ID")
@option("-o", "--output", default="", metavar="FILE", help=FILE_HELP)
@as_of_option
@click.pass_obj
def pdf(app: App, invoice_id: str, output: str) -> None:
    """Write an invoice as PDF."""
    content = _invoices(app).pdf(invoice_id)
    write_file(output, f"{_invoices(app).get(invoice_id).number}.pdf", content)


@verb(
    "html",
    example="crm invoice html 12 -o invoice.html",
    help=N_("Write an invoice as an HTML page, to the output by default."),
)
@click.argument("invoice_id", metavar="ID")
@option("-o", "--output", default="-", metavar="FILE", help=N_("The file; - writes to the output."))
@as_of_option
@click.pass_obj
def html(app: App, invoice_id: str, output: str) -> None:
    """Write an invoice as HTML."""
    write_file(output, "", _invoices(app).html(invoice_id).encode())


_WRITING = (issue, submit, approve, send, cancel, pay, deal)
VERBS = {**{command.name or "": write_command(command) for command in _WRITING}, "pdf": pdf, "html": html}
PAYMENT_VERBS: dict[str, click.Command] = {}
"""A payment has the verbs of every noun alone; the name stands in the list of commands through this table."""
