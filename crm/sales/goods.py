"""Lines of goods on deals and papers: made of what people type, with prices and rates from products and settings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm.model.items import ItemText, build_line, parse_item
from crm.model.money import Money, convert
from crm.sales.noun import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Doc
    from crm.model.product import Product
    from crm.sales.desk import Desk


def lines(crm: Desk, raw: object, *, included: bool | None = None, currency: str = "") -> list[Doc]:
    """Return lines of goods for `SKU*10@1750%22` texts or for mappings; what is a built line stays as it is.

    `included` says whether prices have the VAT within; by default as the own company's setting says.
    """
    values: Iterable[Any] = raw if isinstance(raw, list | tuple) else [raw]
    within = crm.settings.company.vat_included if included is None else included
    money = currency or crm.settings.currency
    return [_line(crm, value, included=within, currency=money) for value in values]


def _line(crm: Desk, value: Any, *, included: bool, currency: str) -> Doc:
    if isinstance(value, dict):
        if "sum" in value and "qty" in value:
            return value
        return _from_mapping(crm, value, included=included, currency=currency)
    text = parse_item(str(value))
    product = find_product(crm, text.name_or_sku)
    return _build(crm, text, product, included=included, currency=currency, discount=Decimal(0))


def _from_mapping(crm: Desk, value: Doc, *, included: bool, currency: str) -> Doc:
    text = ItemText(
        str(value.get("sku") or value["name"]),
        Decimal(str(value.get("qty") or 1)),
        None if value.get("price") in (None, "") else Decimal(str(value["price"])),
        value.get("vat") or None,
    )
    discount = Decimal(str(value.get("discount") or 0))
    product = find_product(crm, text.name_or_sku)
    return _build(crm, text, product, included=included, currency=currency, discount=discount)


def _build(
    crm: Desk, text: ItemText, product: Product | None, *, included: bool, currency: str, discount: Decimal
) -> Doc:
    return build_line(
        name=product.name if product else text.name_or_sku,
        qty=text.qty,
        price=text.price if text.price is not None else _price(crm, product, currency),
        vat=text.vat or _rate(crm, product),
        included=included,
        sku=product.sku if product else "",
        product=product.ref if product else "",
        unit=product.unit if product else "",
        discount=discount,
    )


def _price(crm: Desk, product: Product | None, currency: str) -> Decimal:
    if product is None or product.price is None:
        return Decimal(0)
    rates = {code: crm.settings.rate(code) for code in {product.price.currency, currency}}
    return convert(product.price, currency, rates).amount


def _rate(crm: Desk, product: Product | None) -> str:
    if not crm.settings.company.vat_payer:
        return "none"
    return (product.vat if product else "") or crm.settings.vat_default()


def find_product(crm: Desk, name_or_sku: str) -> Product | None:
    """Return the product with that SKU, else with that very name, else None."""
    products = crm.collection("product")
    for field, value in (("sku", name_or_sku), ("=", fold(name_or_sku))):
        for found in products.having(field, value):
            return found  # type: ignore[no-any-return]
    return None


def amount(crm: Desk, items: list[Doc]) -> Doc:
    """Return the sum of lines as money in the account's currency."""
    total = sum((Decimal(line["sum"]) for line in items), Decimal(0))
    return Money(total, crm.settings.currency).to_json()
