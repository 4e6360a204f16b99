"""A line of goods: read from one word of the command line, and built with its sums as it is stored."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.money import decimal_text, parse_amount
from crm.model.vat import check_rate, line_sums

_ITEM = (
    r"(?is)(?P<optional>\?\s*)?(?P<name>\S(?:.*\S)?)\s*\*\s*(?P<qty>[0-9]+(?:[.,][0-9]+)?)"
    r"(?:\s*@\s*(?P<price>[0-9][0-9 .,\u00a0\u202f]*?))?"
    r"(?:\s*-\s*(?P<discount>[0-9]{1,3}(?:[.,][0-9]+)?)\s*(?:%(?=\s*%|\s*\Z)|(?=%)))?"
    r"(?:\s*%\s*(?P<vat>none|[0-9]{1,2}(?:[.,][0-9]{1,2})?(?:/[0-9]{3})?))?"
)
_QTY_DECIMALS = 6
_QTY_LIMIT = Decimal(10) ** 9


class ItemText(NamedTuple):
    """What a typed line of goods says; a price or a rate of VAT that it leaves out is None.

    `discount` is in percent; an `optional` line is offered beside what the client asked for and not counted.
    """

    name_or_sku: str
    qty: Decimal
    price: Decimal | None
    vat: str | None
    discount: Decimal = Decimal(0)
    optional: bool = False


def parse_item(text: str) -> ItemText:
    """Read `SKU_OR_NAME*QTY[@PRICE][-DISCOUNT%][%VAT]`, for example `Delivery*1@9405%22`; `?` before it is an option.

    Read from the right, so that a name may hold `*`, `@` and `%`; decimals have a point or a comma, the VAT
    `none` is no tax. Raises InvalidValue when no quantity can be found or a number is out of bounds.
    """
    found = re.fullmatch(_ITEM, text.strip())
    if not found:
        raise InvalidValue(
            _("“{text}” is not a line of goods.").format(text=text),
            _("Write NAME*QUANTITY@PRICE%VAT, for example {example}.").format(example="SCH520*10@1750%22"),
        )
    price, vat, discount = found["price"], found["vat"], found["discount"]
    return ItemText(
        found["name"].strip(),
        check_qty(Decimal(found["qty"].replace(",", "."))),
        None if price is None else parse_amount(price),
        None if vat is None else check_rate(vat),
        Decimal((discount or "0").replace(",", ".")),
        found["optional"] is not None,
    )


def check_qty(qty: Decimal) -> Decimal:
    """Return `qty`; raise InvalidValue unless above zero, at most 10**9 and of at most six decimals."""
    if qty.is_finite() and 0 < qty <= _QTY_LIMIT and -int(qty.as_tuple().exponent) <= _QTY_DECIMALS:
        return qty
    raise InvalidValue(
        _("{qty} is not a quantity of goods.").format(qty=qty),
        _("Write a number above zero with at most six digits after the point."),
    )


def build_line(
    *,
    name: str,
    qty: Decimal,
    price: Decimal,
    vat: str,
    included: bool,
    sku: str = "",
    product: str = "",
    unit: str = "",
    discount: Decimal = Decimal(0),
    optional: bool = False,
) -> dict[str, str]:
    """Return the stored form of a line of goods with `sum` (to pay, VAT within it) and `vat_sum`.

    `price` is per unit in the paper's currency, with VAT within it when `included`; `discount` is in percent,
    `product` a reference (“product/3”). What is empty is left out. Raises InvalidValue as `line_sums` does.
    """
    sums = line_sums(check_qty(qty), price, discount, vat, included=included)
    line = {
        "name": name,
        "sku": sku,
        "product": product,
        "qty": decimal_text(qty, 0),
        "unit": unit,
        "price": decimal_text(price),
        "discount": decimal_text(discount, 0) if discount else "",
        "vat": check_rate(vat),
        "sum": decimal_text(sums.sum),
        "vat_sum": decimal_text(sums.vat),
        "optional": "yes" if optional else "",
    }
    return {field: value for field, value in line.items() if value}
