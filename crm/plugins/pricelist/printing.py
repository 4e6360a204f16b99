"""The price list on paper and as a spreadsheet."""

from __future__ import annotations

from contextvars import copy_context
from io import BytesIO
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _, use_language
from crm.model.vat import NO_VAT
from crm.plugins.paper import wording
from crm.plugins.paper.parties import seller_from
from crm.plugins.pricelist.settings import PriceSettings
from crm.plugins.quotes.printing import own_templates

if TYPE_CHECKING:
    from crm.plugins.pricelist.prices import Price, PriceList
    from crm.sales.desk import Desk


def html(crm: Desk, prices: PriceList) -> str:
    """Write a price list as one page of HTML in the workspace's language."""
    from crm.plugins.paper.render import page

    settings = crm.settings.section("pricelist", PriceSettings)
    facts = {
        "prices": prices,
        "settings": settings,
        "seller": seller_from(crm.settings.company.plain()),
        "date": crm.today(),
        "vat_note": copy_context().run(_vat_note, crm, prices),
        "lang": crm.settings.language,
        "currency": prices.currency,
        "has_sku": any(row.product.sku for row in prices.rows),
    }
    return page("price.html", facts, crm.settings.language, own=own_templates(crm))


def _vat_note(crm: Desk, prices: PriceList) -> str:
    use_language(crm.settings.language)
    rates = sorted({row.vat for row in prices.rows})
    if rates == [NO_VAT]:
        return _("Prices are not subject to VAT.")
    if crm.settings.company.vat_included:
        return _("Prices include VAT.")
    return _("Prices are without VAT.")


def xlsx(crm: Desk, prices: PriceList) -> bytes:
    """Write a price list as a workbook: one sheet, groups as bold rows, prices as numbers."""
    return copy_context().run(_xlsx, crm, prices)


def _xlsx(crm: Desk, prices: PriceList) -> bytes:
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise InvalidValue(
            _("Writing XLSX needs a library that is not installed."), "pip install XlsxWriter"
        ) from error
    use_language(crm.settings.language)
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    _fill(book, crm, prices)
    book.close()
    return out.getvalue()


def _fill(book: Any, crm: Desk, prices: PriceList) -> None:
    sheet = book.add_worksheet(_("Price list")[:31])
    bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    seller = crm.settings.company
    sheet.write_string(0, 0, f"{seller.legal_name or seller.name} — {_('Price list')}, {crm.today():%d.%m.%Y}", bold)
    titles = [_("SKU"), _("Name"), _("Unit"), f"{_('Price')}, {wording.currency_mark(prices.currency)}", _("VAT")]
    for column, (title, width) in enumerate(zip(titles, (14, 60, 9, 14, 10), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, title, head)
    sheet.freeze_panes(3, 0)
    formats = {"bold": bold, "money": book.add_format({"num_format": "#,##0.00##"}), "text": book.add_format()}
    line = 3
    for section in prices.sections:
        if section.group:
            sheet.write_string(line, 0, section.group, bold)
            line += 1
        for row in section.rows:
            _write_row(sheet, line, row, formats)
            line += 1


def _write_row(sheet: Any, line: int, row: Price, formats: dict[str, Any]) -> None:
    product = row.product
    for column, text in enumerate((product.sku, product.name, product.unit)):
        sheet.write_string(line, column, text or "", formats["text"])
    if row.amount is None:
        sheet.write_string(line, 3, _("on request"), formats["text"])
    else:
        sheet.write_number(line, 3, row.amount, formats["money"])
    sheet.write_string(line, 4, wording.rate(row.vat), formats["text"])
