"""`crm price`: the price list on the screen, in a file, by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, as_of_option, dry_run_option, form, option, print_json, print_rows, verb
from crm.errors import WrongUsage
from crm.locale import N_, _
from crm.plugins.quotes.commands import write_file

if TYPE_CHECKING:
    from crm.plugins.pricelist.prices import Asked, PriceList


@verb(
    "price", example="crm price --group Щебень --pdf", help=N_("Show the price list, write it to a file, or send it.")
)
@option("--group", "groups", multiple=True, metavar="GROUP", help=N_("A group with those below it; repeatable."))
@option("--item", "items", multiple=True, metavar="SKU", help=N_("A product by SKU or name; repeatable."))
@option("--currency", default="", metavar="CODE", help=N_("The currency of the prices, the workspace's by default."))
@option("--pdf", "as_pdf", is_flag=True, help=N_("Write a PDF."))
@option("--xlsx", "as_xlsx", is_flag=True, help=N_("Write a spreadsheet."))
@option("--html", "as_html", is_flag=True, help=N_("Write a page of HTML."))
@option("-o", "--output", default="", metavar="FILE", help=N_("The file; - writes to the output."))
@option("--send", "to", metavar="REF", help=N_("Send it to a contact, a company, a lead, a deal or an address."))
@option("--subject", default="", metavar="TEXT", help=N_("The subject of the letter."))
@option("--text", default="", metavar="TEXT", help=N_("The text of the letter."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@as_of_option
@dry_run_option
@click.pass_obj
def price(app: App, /, groups: tuple[str, ...], items: tuple[str, ...], currency: str, output: str, to: str | None,
          subject: str, text: str, **forms: bool) -> None:  # fmt: skip
    """Show, write or send the price list."""
    from crm.plugins.pricelist.prices import Asked, price_list

    asked = Asked(groups, items, currency)
    prices = price_list(app.crm, asked)
    wanted = [name.removeprefix("as_") for name, given in forms.items() if given]
    if len(wanted) > 1:
        raise WrongUsage(_("One format at a time."), "--pdf, --xlsx, --html, --json")
    if to:
        _send(app, asked, to, subject, text)
    elif wanted and wanted[0] != "json":
        _write(app, prices, wanted[0], output)
    else:
        _show(prices, as_json=bool(wanted) or form() == "json")


def _show(prices: PriceList, *, as_json: bool) -> None:
    from crm.plugins.pricelist.telling import TITLES, cells, plain

    if as_json:
        print_json([plain(row, prices.currency) for row in prices.rows])
        return
    titles = [_(title) for title in TITLES]
    print_rows(titles, [dict(zip(titles, cells(row, prices.currency), strict=True)) for row in prices.rows])


def _write(app: App, prices: PriceList, wanted: str, output: str) -> None:
    from crm.plugins.paper.pdf import pdf
    from crm.plugins.pricelist import printing

    content = {
        "pdf": lambda: pdf(printing.html(app.crm, prices)),
        "html": lambda: printing.html(app.crm, prices).encode(),
        "xlsx": lambda: printing.xlsx(app.crm, prices),
    }[wanted]()
    write_file(output, f"price-{app.crm.today():%Y-%m-%d}.{wanted}", content)


def _send(app: App, asked: Asked, to: str, subject: str, text: str) -> None:
    """Queue the letter and hand it to the mail server; it waits in the outbox where the server fails."""
    from crm.plugins.parcels.commands import send_now
    from crm.plugins.pricelist.sending import queue

    send_now(app, [queue(app.crm, asked, to, subject, text)])
