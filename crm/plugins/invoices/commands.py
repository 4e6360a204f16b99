"""The verbs of invoices on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from crm.errors import WrongUsage
from crm.locale import N_, _
from crm.plugins.quotes.commands import FILE_HELP, write_file

if TYPE_CHECKING:
    from crm.plugins.invoices.invoices import Invoices
    from crm.plugins.invoices.payment import Payment


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
@option("--number", metavar="NUMBER", help=N_("The number, the next of its series by default."))
@option("--discount", metavar="5%|MONEY", help=N_("A discount on the whole, spread over the lines."))
@option("--date", metavar="DATE", help=N_("The day of the invoice, today by default."))
@option("--due", metavar="DATE", help=N_("The last day to pay."))
@option("--shipment", metavar="DATE", help=N_("The day of shipment: its rates of VAT hold."))
@option("--own", metavar="ID", help=N_("Which company of ours sells, of companies in config/crm.yaml."))
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
    if len(ids) > 1 and "number" in given:
        raise WrongUsage(_("One number is for one invoice."), _("Issue them one by one."))
    if not ids:
        issued = _invoices(app).issue(**given)
        print_done(app, [issued])
    else:
        change_each(app, "invoice", "issue", ids, lambda _records, key: _invoices(app).issue(key, **given))
    _post(app)


def _post(app: App) -> None:
    """Send the letters that wait where invoices go by themselves; what fails waits on, with a word about it."""
    from crm.errors import CrmError
    from crm.plugins.invoices.settings import InvoiceSettings

    if app.dry_run or not app.crm.settings.section("invoices", InvoiceSettings).send_automatically:
        return
    parcels: Any = app.crm.collection("parcel")
    try:
        parcels.send(parcels.waiting())
    except CrmError as error:
        app.crm.warnings.append(_("The letter waits in the outbox: {why}").format(why=error.message))
        app.crm.warnings.append(_("Send it later: crm parcel send"))


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
    _post(app)


@verb(
    "reject",
    example='crm invoice reject 12 --reason "нет договора"',
    help=N_("Give invoices back to be corrected, as the accountant."),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--reason", default="", metavar="TEXT", help=N_("What is to be corrected."))
@click.pass_obj
def reject(app: App, ids: tuple[str, ...], reason: str) -> None:
    """Give invoices back."""
    change_each(app, "invoice", "reject", ids, lambda _records, key: _invoices(app).reject(key, reason))


@verb(
    "asked",
    example="crm invoice asked --about deal/12",
    help=N_("Note that a client asks for an invoice: the most urgent activity, with a clock."),
)
@option("--about", required=True, metavar="REF", help=N_("The deal, company, contact or lead that asks."))
@option("--minutes", default=0, metavar="N", help=N_("How long it may take; by default as the settings say."))
@option("--comment", default="", metavar="TEXT", help=N_("What exactly is asked for."))
@option("--owner", default="", metavar="USER", help=N_("Who is to do it; by default whose client it is."))
@click.pass_obj
def asked(app: App, about: str, minutes: int, comment: str, owner: str) -> None:
    """Plan the urgent activity."""
    from crm.plugins.invoices.asking import asked as plan

    print_done(app, [plan(app.crm, about, minutes=minutes, comment=comment, owner=owner)])


@verb("send", example="crm invoice send 12", help=N_("Send invoices to the client, or mark them as sent."))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@option("--mail", is_flag=True, help=N_("Send the PDF by e-mail, to the accountant of the client where one is known."))
@option("--to", default="", metavar="REF", help=N_("Send it by e-mail to this contact, company or address."))
@option("--text", default="", metavar="TEXT", help=N_("The text of the letter."))
@click.pass_obj
def send(app: App, ids: tuple[str, ...], mail: bool, to: str, text: str) -> None:
    """Mark invoices as sent, or send them."""
    if mail or to:
        from crm.plugins.parcels.commands import send_now

        send_now(app, [_invoices(app).mail(key, to, text) for key in ids])
        return
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
    _print_paid(app, invoice_id, payment)


@verb(
    "refund",
    example="crm invoice refund 12 --amount 500",
    help=N_("Note money that was given back; by default what was paid above the total, else all."),
)
@click.argument("invoice_id", metavar="ID")
@option("--amount", metavar="MONEY", help=N_("How much went back."))
@option("--date", metavar="DATE", help=N_("The day it went, today by default."))
@option("--reference", default="", metavar="TEXT", help=N_("The number of the payment order."))
@option("--purpose", default="", metavar="TEXT", help=N_("The purpose of the payment."))
@click.pass_obj
def refund(app: App, /, invoice_id: str, amount: str | None, **values: str | None) -> None:
    """Note a refund; what is printed is the invoice."""
    _print_paid(app, invoice_id, _invoices(app).refund(invoice_id, amount, **values))


@verb(
    "use-advance",
    example="crm invoice use-advance 13 --from 12",
    help=N_("Pay an invoice from what was paid above the total of another."),
)
@click.argument("invoice_id", metavar="ID")
@option("--from", "source", required=True, metavar="ID", help=N_("The invoice that was overpaid."))
@option("--amount", metavar="MONEY", help=N_("How much of it; by default as much as fits."))
@click.pass_obj
def use_advance(app: App, invoice_id: str, source: str, amount: str | None) -> None:
    """Use an advance."""
    _print_paid(app, invoice_id, _invoices(app).use_advance(invoice_id, source, amount))


def _print_paid(app: App, invoice_id: str, payment: Payment) -> None:
    invoice = None if app.dry_run else _invoices(app).get(invoice_id)
    print_done(app, [invoice], f"{payment.ref} {payment.amount}")


@verb("overdue", example="crm invoice overdue", help=N_("List the invoices that were to be paid before today."))
@click.pass_obj
def overdue(app: App) -> None:
    """List overdue invoices."""
    invoices = _invoices(app)
    late = invoices.overdue()
    rows = [
        {
            "id": one.id,
            "number": one.number,
            "company": app.crm.record(one.company).label if one.company else "",
            "due": one.doc["due"],
            "days": invoices.days_late(one),
            "balance": str(one.balance),
        }
        for one in late
    ]
    print_rows(["id", "number", "company", "due", "days", "balance"], rows)


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


_WRITING = (issue, asked, submit, approve, reject, send, cancel, pay, refund, use_advance, deal)
VERBS = {
    **{command.name or "": write_command(command) for command in _WRITING},
    "overdue": read_command(overdue),
    "pdf": pdf,
    "html": html,
}
PAYMENT_VERBS: dict[str, click.Command] = {}
"""A payment has the verbs of every noun alone; the name stands in the list of commands through this table."""
