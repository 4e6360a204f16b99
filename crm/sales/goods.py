"""Lines of goods on deals and papers: made of what people type, with prices and rates from products and settings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.items import ItemText, build_line, parse_item
from crm.model.money import Money, convert
from crm.model.vat import NO_VAT, default_rate, percent_of, rate_on
from crm.sales.noun import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm.model.fields import Doc
    from crm.model.product import Product
    from crm.sales.desk import Desk

_NOTHING = Decimal(0)


class Terms(NamedTuple):
    """What lines are built on: VAT within prices or on top, the currency, the day of the usual rate, if we pay VAT.

    `options` says whether lines may be offered without being counted, as in a quote.
    """

    included: bool
    currency: str
    day: date | None
    payer: bool
    options: bool


def lines(
    crm: Desk,
    raw: object,
    *,
    included: bool | None = None,
    currency: str = "",
    day: date | None = None,
    payer: bool | None = None,
    options: bool = False,
) -> list[Doc]:
    """Return lines of goods for `SKU*10@1750%22` texts or for mappings; what is a built line stays as it is.

    `included` says whether prices have the VAT within; by default as the own company's setting says. `day` is the day
    whose usual rate of VAT holds, today if None. `payer` says whether we pay VAT; None: as the main company.
    """
    values: Iterable[Any] = raw if isinstance(raw, list | tuple) else [raw]
    within = crm.settings.company.vat_included if included is None else included
    pays = crm.settings.company.vat_payer if payer is None else payer
    terms = Terms(within, currency or crm.settings.currency, day, pays, options)
    return [_line(crm, value, terms) for value in values]


def _line(crm: Desk, value: Any, terms: Terms) -> Doc:
    if isinstance(value, dict):
        return value if "sum" in value and "qty" in value else _from_mapping(crm, value, terms)
    text = parse_item(str(value))
    if text.optional and not terms.options:
        raise InvalidValue(
            _("“{text}”: only a quote has optional lines.").format(text=value),
            _("Leave the ? out, or leave out the line."),
        )
    product = find_product(crm, text.name_or_sku)
    _warn_of_inactive(crm, product)
    return _build(crm, text, product, terms)


def _from_mapping(crm: Desk, value: Doc, terms: Terms) -> Doc:
    text = ItemText(
        str(value.get("sku") or value["name"]),
        Decimal(str(value.get("qty") or 1)),
        None if value.get("price") in (None, "") else Decimal(str(value["price"])),
        value.get("vat") or None,
        Decimal(str(value.get("discount") or 0)),
        bool(value.get("optional")) and terms.options,
    )
    product = find_product(crm, text.name_or_sku)
    _warn_of_inactive(crm, product)
    line = _build(crm, text, product, terms)
    own = {name: str(value[name]) for name in ("name", "sku", "unit") if value.get(name) and not line.get(name)}
    if product is not None and not value.get("sku") and fold(str(value["name"])) == fold(product.sku):
        return line
    return {**line, **own, "name": str(value.get("name") or line["name"])}


def _warn_of_inactive(crm: Desk, product: Product | None) -> None:
    if product is not None and not product.active:
        crm.warnings.append(_("{ref} «{name}» is not sold any more.").format(ref=product.ref, name=product.name))


def _build(crm: Desk, text: ItemText, product: Product | None, terms: Terms) -> Doc:
    return build_line(
        name=product.name if product else text.name_or_sku,
        qty=text.qty,
        price=text.price if text.price is not None else _price(crm, product, terms.currency),
        vat=_known_rate(crm, text.vat) if text.vat else _rate(crm, product, terms),
        included=terms.included,
        sku=product.sku if product else "",
        product=product.ref if product else "",
        unit=product.unit if product else "",
        discount=text.discount,
        optional=text.optional,
    )


def _known_rate(crm: Desk, rate: str) -> str:
    """Return a rate that was written, checked: the country of the workspace has it, or had it once."""
    country = crm.settings.country.upper()
    known = [one for period in crm.settings.vat.table if period.country == country for one in period.rates]
    if known and percent_of(rate) not in map(percent_of, (*known, NO_VAT)):
        raise InvalidValue(
            _("There is no VAT rate of {rate} %.").format(rate=rate),
            _("There are: {names}.").format(names=", ".join(crm.settings.vat_allowed())),
        )
    return rate


def _price(crm: Desk, product: Product | None, currency: str) -> Decimal:
    if product is None:
        return _NOTHING
    if currency in product.prices:
        return Decimal(product.prices[currency])
    if product.price is None:
        return _NOTHING
    rates = {code: crm.settings.rate(code) for code in {product.price.currency, currency}}
    return convert(product.price, currency, rates).amount


def _rate(crm: Desk, product: Product | None, terms: Terms) -> str:
    if not terms.payer:
        return NO_VAT
    table, country, day = crm.settings.vat.table, crm.settings.country, terms.day or crm.today()
    if product is None or not product.vat:
        return default_rate(table, country, day)
    return rate_on(table, country, product.vat, day)


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
