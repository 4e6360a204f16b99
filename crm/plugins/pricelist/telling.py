"""Rows of a price list as people and as scripts read them, on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.locale import N_, _, language
from crm.model.money import Money, format_money

if TYPE_CHECKING:
    from crm.plugins.pricelist.prices import Price

TITLES = (N_("Group"), N_("SKU"), N_("Name"), N_("Unit"), N_("Price"), N_("VAT"))


def cells(row: Price, currency: str) -> list[str]:
    """Return a row as people read it, in the order of TITLES."""
    one = row.product
    price = _("on request") if row.amount is None else format_money(Money(row.amount, currency), language())
    return [one.group, one.sku, one.name, one.unit, price, _("no VAT") if row.vat == "none" else f"{row.vat}%"]


def plain(row: Price, currency: str) -> dict[str, Any]:
    """Return a row as scripts read it; a price on request is None."""
    one = row.product
    price = None if row.amount is None else {"amount": f"{row.amount:.2f}", "currency": currency}
    return {"ref": one.ref, "group": one.group, "sku": one.sku, "name": one.name, "unit": one.unit, "price": price,
            "vat": row.vat}  # fmt: skip
