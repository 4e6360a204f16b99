"""The lines of a paper in CommerceML 2: goods with unit, price, VAT and discount."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.units import UNITS, find_unit
from crm.plugins.onec.spelling import KOPECK, child, clean, money, plain, put, write_properties

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crm.plugins.onec.order import Order, OrderLine

_GOODS_ID = 80
_RATE = re.compile(r"([0-9]{1,2})(?:\.0+)?(?:/1[0-9]{2})?\s*%?")


def write_vat(node: Element, amount: Decimal, rate: str = "", *, included: bool) -> None:
    """Write the VAT of a line or of the whole paper."""
    tax = child(child(node, "Налоги"), "Налог")
    put(tax, "Наименование", "НДС")
    put(tax, "УчтеноВСумме", "true" if included else "false")
    put(tax, "Сумма", money(amount))
    put(tax, "Ставка", rate)


def vat_rate(line: OrderLine) -> str:
    """Spell a rate as 1C reads it: a bare whole number, since it silently takes `20.00` or `20%` for no VAT."""
    if line.vat.strip() in ("", "none"):
        return "Без НДС"
    found = _RATE.fullmatch(line.vat.strip())
    if not found:
        raise InvalidValue(
            _("Line “{name}”: “{text}” is not a VAT rate.").format(name=line.name[:40], text=line.vat[:40]),
            _("Use a whole number of percents, or none."),
        )
    return str(int(found[1]))


def write_lines(paper: Element, order: Order, *, net: bool = False) -> None:
    """Write the lines; with `net` their sums are after the discount, as the buyer's 1C wants them."""
    if order.lines:
        goods = child(paper, "Товары")
        for line in order.lines:
            _write_line(child(goods, "Товар"), line, included=order.included, as_net=net)


def _write_line(node: Element, line: OrderLine, *, included: bool, as_net: bool) -> None:
    rate, kind = vat_rate(line), "Услуга" if line.service else "Товар"
    put(node, "Ид", line.guid, _GOODS_ID)
    put(node, "Артикул", line.sku)
    put(node, "Наименование", clean(line.name) or "-")
    code = _write_unit(node, line.unit)
    tax = child(child(node, "СтавкиНалогов"), "СтавкаНалога")
    put(tax, "Наименование", "НДС")
    put(tax, "Ставка", rate)
    write_properties(node, [("ВидНоменклатуры", kind), ("ТипНоменклатуры", kind)])
    net = line.sum if included else line.sum - line.vat_sum
    gross = max(net, (line.qty * line.price).quantize(KOPECK, ROUND_HALF_UP))
    put(node, "ЦенаЗаЕдиницу", money(line.price))
    put(node, "Количество", plain(line.qty))
    put(node, "Сумма", money(net if as_net else gross))
    put(node, "Единица", code)
    put(node, "Коэффициент", "1" if code else "")
    write_vat(node, line.vat_sum, rate, included=included)
    _write_discount(node, gross - net, line.discount, counted=as_net)


def _write_unit(node: Element, name: str) -> str:
    """Write the unit and return its code; one that ОКЕИ here does not list goes by its name alone."""
    text = clean(name)
    unit = find_unit(text) if text else UNITS[0]
    base = child(node, "БазоваяЕдиница")
    base.text = unit.short if unit else text
    if unit is None:
        return ""
    base.set("Код", unit.code)
    base.set("НаименованиеПолное", unit.full)
    if unit.international:
        base.set("МеждународноеСокращение", unit.international)
    return unit.code


def _write_discount(node: Element, amount: Decimal, percent: Decimal, *, counted: bool) -> None:
    """Write a discount; in an order the sum does not yet include it: the only form whose column БП fills."""
    if amount > 0:
        discount = child(child(node, "Скидки"), "Скидка")
        put(discount, "Наименование", "Скидка")
        put(discount, "Сумма", money(amount))
        put(discount, "Процент", plain(percent) if percent > 0 else "")
        put(discount, "УчтеноВСумме", "true" if counted else "false")
