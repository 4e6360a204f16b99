"""A discount on a whole paper, in percent or in money, spread over its lines to the kopeck; optional lines apart."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.fields import Text
from crm.model.money import decimal_text, parse_amount, round_half_up
from crm.model.vat import NO_VAT, LineSums, line_sums, spread, sums_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Customs, Doc, Json

_SHARE = "discount_sum"
_HUNDRED = Decimal(100)


class DiscountField(Text):
    """A discount as it is typed, «5%» or «1 500,00» in the currency of the prices."""

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the discount as it is kept: «5%» or «1500.00»; zero is none."""
        text = str(super().parse(raw, customs))
        percent = text.endswith("%")
        try:
            value = parse_amount(text.removesuffix("%").strip())
        except InvalidValue:
            raise self.wrong(raw, _("write 5% or a sum of money")) from None
        if value < 0 or (percent and value > _HUNDRED):
            raise self.wrong(raw, _("write 5% or a sum of money"))
        return (decimal_text(value, 0) + "%" if percent else decimal_text(value)) if value else None


def counted(items: Iterable[Doc]) -> list[Doc]:
    """Return the lines that the total counts: all but the optional ones."""
    return [line for line in items if not line.get("optional")]


def spread_over(items: list[Doc], discount: str, *, included: bool) -> list[Doc]:
    """Return the lines with a discount on the whole shared among those that are counted; any before is taken back.

    Raise InvalidValue for one that is more than all of them cost.
    """
    items = [_whole(line, included=included) for line in items]
    if not discount:
        return items
    bases = [Decimal(0) if line.get("optional") else _base(line, included=included) for line in items]
    shares = spread(_amount(discount, sum(bases, Decimal(0))), bases)
    return [
        _with(line, base, share, included=included) if share else line
        for line, base, share in zip(items, bases, shares, strict=True)
    ]


def _amount(discount: str, total: Decimal) -> Decimal:
    if discount.endswith("%"):
        return round_half_up(total * Decimal(discount.removesuffix("%")) / _HUNDRED)
    return Decimal(discount)


def recounted(line: Doc, *, included: bool) -> Doc:
    """Return a built line with VAT counted the way wanted; one whose sums come from elsewhere stays as it is."""
    wanted = _counted(line, included=included)
    if _sums(line) == wanted or _sums(line) != _counted(line, included=not included):
        return line
    return _set(line, wanted)


def _whole(line: Doc, *, included: bool) -> Doc:
    """Return a line without its share of a discount on the whole."""
    if _SHARE not in line:
        return line
    bare = {name: value for name, value in line.items() if name != _SHARE}
    for way in (included, not included):
        if _sums(line) == _counted(line, included=way):
            return _set(bare, _counted(bare, included=way))
    base = _base(line, included=included) + Decimal(line[_SHARE])
    return _set(bare, sums_of(base, _rate(line), included=included))


def _with(line: Doc, base: Decimal, share: Decimal, *, included: bool) -> Doc:
    return _set({**line, _SHARE: decimal_text(share)}, sums_of(base - share, _rate(line), included=included))


def _base(line: Doc, *, included: bool) -> Decimal:
    """Return what a line comes to in the terms of its prices."""
    sums = _sums(line)
    return sums.sum if included or "/" in _rate(line) else sums.net


def _rate(line: Doc) -> str:
    return str(line.get("vat") or NO_VAT)


def _sums(line: Doc) -> LineSums:
    whole, vat = Decimal(line["sum"]), Decimal(line.get("vat_sum") or "0")
    return LineSums(whole - vat, whole, vat)


def _counted(line: Doc, *, included: bool) -> LineSums:
    price, less = Decimal(line.get("price") or line["sum"]), Decimal(line.get(_SHARE) or "0")
    discount = Decimal(line.get("discount") or "0")
    return line_sums(Decimal(line["qty"]), price, discount, _rate(line), included=included, less=less)


def _set(line: Doc, sums: LineSums) -> Doc:
    return {**line, "sum": decimal_text(sums.sum), "vat_sum": decimal_text(sums.vat)}
