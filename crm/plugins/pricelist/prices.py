"""What stands on a price list: the products that are sold, by group, each with its price in one currency."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import InvalidValue, NotFound
from crm.locale import _
from crm.model.money import check_currency, convert
from crm.model.vat import NO_VAT, rate_on
from crm.plugins.pricelist.settings import PriceSettings
from crm.sales import goods

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.product import Product
    from crm.sales.desk import Desk
    from crm.sales.products import Products


class Asked(NamedTuple):
    """Which price list is wanted: groups with those below them, products by SKU or name, the currency."""

    groups: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    currency: str = ""


class Price(NamedTuple):
    """One row; `amount` is None where the price is on request, `vat` the rate of today."""

    product: Product
    amount: Decimal | None
    vat: str


class Section(NamedTuple):
    """The rows of one group."""

    group: str
    rows: list[Price]


class PriceList(NamedTuple):
    """A price list of one day."""

    sections: list[Section]
    currency: str

    @property
    def rows(self) -> list[Price]:
        """Return all rows in their order."""
        return [row for section in self.sections for row in section.rows]


def price_list(crm: Desk, asked: Asked) -> PriceList:
    """Return the price list of today; raise NotFound where it would be empty."""
    currency = check_currency(asked.currency or crm.settings.currency)
    settings = crm.settings.section("pricelist", PriceSettings)
    rows = [_price(crm, product, currency) for product in _products(crm, asked)]
    shown = [row for row in rows if settings.without_price or row.amount is not None]
    if not shown:
        raise NotFound(
            _("There is nothing to put on the price list."),
            _("Add products with prices: crm product add … --group … --price …"),
        )
    return PriceList(_by_group(shown, settings.groups), currency)


def _products(crm: Desk, asked: Asked) -> list[Product]:
    products: Products = crm.collection("product")  # type: ignore[assignment]
    named = [_named(crm, name) for name in asked.items]
    if named and not asked.groups:
        return named
    found = [one for group in asked.groups or ("",) for one in _of_group(products, group)]
    return list({one.id: one for one in [*named, *found]}.values())


def _named(crm: Desk, name: str) -> Product:
    found = goods.find_product(crm, name)
    if found is None:
        raise NotFound(_("There is no product «{name}».").format(name=name), _("See them: crm product list"))
    return found


def _of_group(products: Products, group: str) -> list[Product]:
    found = products.in_group(group)
    if group and not found:
        groups = sorted({one.group for one in products.in_group() if one.group})
        raise NotFound(
            _("There is no group «{group}».").format(group=group),
            _("Groups: {names}.").format(names=", ".join(groups) or "—"),
        )
    return found


def _price(crm: Desk, product: Product, currency: str) -> Price:
    table, country, today = crm.settings.vat.table, crm.settings.country, crm.today()
    usual = crm.settings.vat_default(today)
    payer = crm.settings.company.vat_payer
    vat = rate_on(table, country, product.vat, today) if payer and product.vat else usual
    return Price(product, _amount(crm, product, currency), vat if payer else NO_VAT)


def _amount(crm: Desk, product: Product, currency: str) -> Decimal | None:
    if currency in product.prices:
        return Decimal(product.prices[currency])
    if product.price is None:
        return None
    try:
        rates = {code: crm.settings.rate(code) for code in {product.price.currency, currency}}
    except InvalidValue as missing:
        if str(missing) not in crm.warnings:
            crm.warnings.append(str(missing))
        return None
    return convert(product.price, currency, rates).amount


def _by_group(rows: Iterable[Price], first: tuple[str, ...]) -> list[Section]:
    sections: dict[str, list[Price]] = {}
    for row in sorted(rows, key=lambda row: _place(row.product, first)):
        sections.setdefault(row.product.group, []).append(row)
    return [Section(group, rows) for group, rows in sections.items()]


def _place(product: Product, first: tuple[str, ...]) -> tuple[int, bool, str, str]:
    group = product.group
    order = next((n for n, name in enumerate(first) if group == name or group.startswith(f"{name} / ")), len(first))
    return order, not group, group.casefold(), product.name.casefold()
