"""The price list in the console: by group and currency, and the same as PDF or spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from crm.errors import NotFound
from crm.html import NOTHING, form, link, links, section, table
from crm.locale import _
from crm.plugins.pricelist.prices import Asked, Price, PriceList, price_list
from crm.plugins.pricelist.telling import cells, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.sales.desk import Desk
    from crm.workspace import Workspace

_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the price list of a `group`, or of all, in a `currency`; with `as` the PDF or the spreadsheet of it."""
    asked = Asked((query["group"],) if query.get("group") else (), (), query.get("currency", ""))
    made: dict[str, Any] = {"title": _("Price list"), "filters": _filters(crm, asked)}
    try:
        prices = price_list(crm, asked)
    except NotFound as nothing:
        return {**made, "text": str(nothing), "rows": []}
    wanted = query.get("as", "")
    if wanted in ("catalogue", "offers"):
        return {"file": _for_1c(crm, wanted)}
    if wanted in _TYPES:
        return {"file": _file(crm, prices, wanted)}
    titles = (_("Name"), _("SKU"), _("Group"), _("Unit"), _("Price"), _("VAT"))
    shown = crm.remembered(
        ("price", asked),
        lambda: table(_("Price list"), titles, (_cells(row, prices.currency) for row in prices.rows), ends=(4, 5)),
    )
    return {
        **made,
        "html": _links(query) + shown + _letter(crm, query),
        "prices": [plain(row, prices.currency) for row in prices.rows],
    }


def _filters(crm: Desk, asked: Asked) -> list[dict[str, Any]]:
    """Return the choice of a group, those above it too, and of a currency."""
    products: list[Any] = list(crm.collection("product").find())
    groups = {product.group for product in products if product.group}
    above = {" / ".join(group.split(" / ")[:end]) for group in groups for end in range(1, group.count(" / ") + 2)}
    rated = [code for day in crm.settings.account.rates for code in day.prices]
    priced = [code for product in products for code in product.prices]
    codes = dict.fromkeys([crm.settings.currency, *sorted({*rated, *priced})])
    return [
        {
            "name": "group", "title": _("Group"), "type": "select", "value": "".join(asked.groups),
            "options": [("", _("All groups")), *((one, one) for one in sorted(above))],
        },
        {
            "name": "currency", "title": _("Currency"), "type": "select",
            "value": asked.currency or crm.settings.currency, "options": [(code, code) for code in codes],
        },
    ]  # fmt: skip


def _links(query: Mapping[str, str]) -> Markup:
    words = {name: query[name] for name in ("group", "currency") if query.get(name)}
    pairs = [(f"/p/price?{urlencode({**words, 'as': kind})}", kind.upper()) for kind in _TYPES]
    pairs += [("/p/price?as=catalogue", _("Catalogue for 1C")), ("/p/price?as=offers", _("Prices for 1C"))]
    return links(*pairs)


def _file(crm: Desk, prices: PriceList, kind: str) -> dict[str, Any]:
    from crm.plugins.paper.pdf import pdf
    from crm.plugins.pricelist import printing

    data = pdf(printing.html(crm, prices)) if kind == "pdf" else printing.xlsx(crm, prices)
    return {"name": f"{_('Price list')} {crm.today():%Y-%m-%d}.{kind}", "type": _TYPES[kind], "data": data}


def _for_1c(crm: Desk, kind: str) -> dict[str, Any]:
    """Return the file of all products for 1C."""
    from crm.plugins.pricelist import onec_writing

    crm.guard.check("export", "product", None)
    products = crm.collection("product")
    data = getattr(onec_writing, kind)(products.noun, products.find())
    return {"name": f"{'import' if kind == 'catalogue' else 'offers'}.xml", "type": "application/xml", "data": data}


def _cells(row: Price, currency: str) -> list[object]:
    """Return a row with the name first, as a link to the product."""
    group, sku, name, *rest = cells(row, currency)
    return [link(f"/{row.product.ref}", name), sku, group, *rest]


def _letter(crm: Desk, query: Mapping[str, str]) -> Markup:
    """Return the form that sends the list as it is shown; nothing where letters with papers are switched off."""
    if "parcel" not in crm.nouns or not crm.guard.may("export", "product", None):
        return NOTHING
    kept = {name: query[name] for name in ("group", "currency") if query.get(name)}
    fields = Markup(
        '<p class="field"><label for="price-to">{}</label><input id="price-to" name="to" required></p>'
        '<p class="field"><label for="price-text">{}</label>'
        '<textarea id="price-text" name="text" rows="3"></textarea></p><p><button class="button">{}</button></p>'
    ).format(_("To whom: an address, or a record such as company/3"), _("Text of the letter"), _("Send by e-mail"))
    return section(_("Send the price list"), form("price_send", fields, {**kept, "back": "/p/price"}, look="stacked"))
