"""The price list in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import NotFound
from crm.locale import _, language
from crm.model.money import Money, format_money
from crm.plugins.pricelist.prices import Asked, PriceList, price_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.sales.desk import Desk


def page(crm: Desk, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the price list of a `group`, or of all, in a `currency`."""
    asked = Asked((query["group"],) if query.get("group") else (), (), query.get("currency", ""))
    try:
        rows = table(price_list(crm, asked))
    except NotFound as nothing:
        return {"title": _("Price list"), "text": str(nothing), "rows": []}
    return {"title": _("Price list"), "rows": rows}


def table(prices: PriceList) -> list[dict[str, str]]:
    """Return the rows as people read them."""
    return [
        {
            _("Group"): row.product.group,
            _("SKU"): row.product.sku,
            _("Name"): row.product.name,
            _("Unit"): row.product.unit,
            _("Price"): _money(row.amount, prices.currency),
            _("VAT"): _("no VAT") if row.vat == "none" else f"{row.vat}%",
        }
        for row in prices.rows
    ]


def _money(amount: Any, currency: str) -> str:
    return _("on request") if amount is None else format_money(Money(amount, currency), language())
