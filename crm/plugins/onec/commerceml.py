"""Invoices written as orders of CommerceML 2.08-2.10, the form that every stock 1C loads; reading is not done here.

Amounts are what the paper says: nothing is computed anew but the gross sum of a discounted line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.onec.units import UNITS, find_unit

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crm.plugins.onec.order import Buyer, Order, OrderLine

VERSIONS = ("2.08", "2.09", "2.10")
LARGEST_NUMBER = 999_999

_NAME, _COMMENT, _VALUE, _ID, _GOODS_ID = 255, 3000, 1000, 40, 80
_LARGEST_SUM = Decimal(10) ** 16
_KOPECK = Decimal("0.01")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ACCOUNT = re.compile(r"[0-9]{5}[0-9ABCEHKMPTX][0-9]{14}")
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_RATE = re.compile(r"([0-9]{1,2})(?:\.0+)?(?:/1[0-9]{2})?\s*%?")


def write_orders(orders: Iterable[Order], made_at: dt.datetime, version: str = "2.08") -> bytes:
    """Write orders as a CommerceML file: UTF-8, no byte order mark, no namespace; no orders make an empty root.

    `made_at` is written as the wall clock shows it, without a zone. Texts are cut to the lengths of the XSD and
    characters that XML 1.0 forbids are dropped. Raises InvalidValue for an order that 1C would refuse.
    """
    from lxml import etree

    if version not in VERSIONS:
        raise InvalidValue(
            _("CommerceML {version} is not written.").format(version=version),
            _("Choose one of {versions}.").format(versions=", ".join(VERSIONS)),
        )
    made = made_at.replace(tzinfo=None).isoformat(timespec="seconds")
    root = etree.Element("КоммерческаяИнформация", ВерсияСхемы=version, ДатаФормирования=made)
    for order in orders:
        _write_order(_child(root, "Документ"), order)
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    return head + etree.tostring(root, encoding="utf-8", xml_declaration=False, pretty_print=True)


def _child(parent: Element, name: str) -> Element:
    node = parent.makeelement(name)
    parent.append(node)
    return node


def _clean(text: str, longest: int = _NAME) -> str:
    legal = _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return legal.strip()[:longest].rstrip()


def _put(parent: Element, name: str, text: str, longest: int = _NAME) -> None:
    """Add an element with a text; an empty one is omitted, since 1C takes it for a value."""
    if clean := _clean(text, longest):
        _child(parent, name).text = clean


def _money(amount: Decimal) -> str:
    return f"{amount.quantize(_KOPECK, ROUND_HALF_UP):.2f}"


def _plain(number: Decimal) -> str:
    """Spell a number without an exponent and without zeros at the end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _write_order(paper: Element, order: Order) -> None:
    _check(order)
    _put(paper, "Ид", order.guid, _ID)
    _put(paper, "Номер", str(order.number))
    _put(paper, "Дата", order.date.isoformat())
    _put(paper, "ХозОперация", "Заказ товара")
    _put(paper, "Роль", "Продавец")
    _put(paper, "Валюта", order.currency)
    _put(paper, "Курс", _plain(order.rate))
    _put(paper, "Сумма", _money(order.total))
    _write_buyer(_child(_child(paper, "Контрагенты"), "Контрагент"), order.buyer)
    _put(paper, "Время", order.time.strftime("%H:%M:%S") if order.time else "")
    _put(paper, "СрокПлатежа", order.due.isoformat() if order.due else "")
    _put(paper, "Комментарий", order.comment, _COMMENT)
    _write_order_vat(paper, order)
    _write_lines(paper, order)
    _write_properties(paper, _order_properties(order))


def _check(order: Order) -> None:
    """Refuse what 1C would refuse, or take for another paper."""
    if not 1 <= order.number <= LARGEST_NUMBER:
        raise InvalidValue(
            _("Order number {number} does not fit 1C.").format(number=order.number),
            _("Give the invoice an exchange number of one to six digits."),
        )
    if not _clean(order.guid) or max(len(order.guid), len(order.buyer.guid)) > _ID:
        raise InvalidValue(
            _("Order {number} or its buyer has no identifier that 1C can hold.").format(number=order.number),
            _("Identifiers are GUIDs of at most 40 characters."),
        )
    if not _clean(order.buyer.name):
        raise InvalidValue(
            _("Order {number} has no buyer's name.").format(number=order.number),
            _("Fill in the client of the invoice."),
        )
    if not re.fullmatch(r"[A-Z]{3}", order.currency):
        raise InvalidValue(
            _("Order {number}: “{text}” is not a currency.").format(number=order.number, text=order.currency),
            _("Use a code of three letters, like RUB (ISO 4217)."),
        )
    amounts = [order.total, order.rate]
    for line in order.lines:
        amounts += (line.qty, line.price, line.sum, line.vat_sum, line.discount)
    if not all(map(_fits, amounts)) or not all(_fits(line.qty * line.price) for line in order.lines):
        raise InvalidValue(
            _("Order {number} has an amount that 1C cannot hold.").format(number=order.number),
            _("Correct the lines of the invoice."),
        )


def _fits(number: Decimal) -> bool:
    return number.is_finite() and abs(number) < _LARGEST_SUM


def _write_buyer(node: Element, buyer: Buyer) -> None:
    _put(node, "Ид", buyer.guid, _ID)
    _put(node, "Наименование", buyer.name)
    if buyer.kind == "person":
        _write_person(node, buyer)
    else:
        _write_business(node, buyer)
    _write_address(node, "Адрес", buyer.address)
    contacts = [(kind, v) for kind, v in (("Телефон рабочий", buyer.phone), ("Почта", buyer.email)) if _clean(v)]
    if contacts:
        parent = _child(node, "Контакты")
        for kind, value in contacts:
            contact = _child(parent, "Контакт")
            _put(contact, "Тип", kind)
            _put(contact, "Значение", value)
    _put(node, "Роль", "Покупатель")


def _write_person(node: Element, buyer: Buyer) -> None:
    _put(node, "ПолноеНаименование", buyer.full_name or buyer.name)
    _put(node, "Фамилия", buyer.family_name)
    _put(node, "Имя", buyer.given_name)
    _put(node, "Отчество", buyer.middle_name)
    _put(node, "ИНН", _digits(buyer.inn, 12))


def _write_business(node: Element, buyer: Buyer) -> None:
    _put(node, "ОфициальноеНаименование", buyer.full_name or buyer.name)
    _write_address(node, "ЮридическийАдрес", buyer.address)
    _put(node, "ИНН", _digits(buyer.inn, 10) or _digits(buyer.inn, 12))
    _put(node, "КПП", buyer.kpp if buyer.kind == "company" and _KPP.fullmatch(buyer.kpp) else "")
    bic = _digits(buyer.bic, 9)
    if bic and _ACCOUNT.fullmatch(buyer.account):
        account = _child(_child(node, "РасчетныеСчета"), "РасчетныйСчет")
        _put(account, "НомерСчета", buyer.account)
        _write_bank(_child(account, "Банк"), buyer, bic)


def _write_bank(node: Element, buyer: Buyer, bic: str) -> None:
    if _ACCOUNT.fullmatch(buyer.correspondent_account):
        _put(node, "СчетКорреспондентский", buyer.correspondent_account)
    _put(node, "Наименование", buyer.bank)
    _put(node, "БИК", bic)


def _digits(text: str, length: int) -> str:
    return text if re.fullmatch(rf"[0-9]{{{length}}}", text) else ""


def _write_address(node: Element, name: str, address: str) -> None:
    if _clean(address):
        _put(_child(node, name), "Представление", address)


def _write_order_vat(paper: Element, order: Order) -> None:
    """Write VAT of the whole paper; without it УНФ marks the order as not taxed, which is right when no line is."""
    if any(_vat_rate(line) != "Без НДС" for line in order.lines):
        total = sum((line.vat_sum for line in order.lines), Decimal(0))
        _write_vat(paper, total, included=order.included)


def _write_vat(node: Element, amount: Decimal, rate: str = "", *, included: bool) -> None:
    tax = _child(_child(node, "Налоги"), "Налог")
    _put(tax, "Наименование", "НДС")
    _put(tax, "УчтеноВСумме", "true" if included else "false")
    _put(tax, "Сумма", _money(amount))
    _put(tax, "Ставка", rate)


def _vat_rate(line: OrderLine) -> str:
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


def _write_lines(paper: Element, order: Order) -> None:
    if order.lines:
        goods = _child(paper, "Товары")
        for line in order.lines:
            _write_line(_child(goods, "Товар"), line, included=order.included)


def _write_line(node: Element, line: OrderLine, *, included: bool) -> None:
    rate, kind = _vat_rate(line), "Услуга" if line.service else "Товар"
    _put(node, "Ид", line.guid, _GOODS_ID)
    _put(node, "Артикул", line.sku)
    _put(node, "Наименование", _clean(line.name) or "-")
    code = _write_unit(node, line.unit)
    tax = _child(_child(node, "СтавкиНалогов"), "СтавкаНалога")
    _put(tax, "Наименование", "НДС")
    _put(tax, "Ставка", rate)
    _write_properties(node, [("ВидНоменклатуры", kind), ("ТипНоменклатуры", kind)])
    net = line.sum if included else line.sum - line.vat_sum
    gross = max(net, (line.qty * line.price).quantize(_KOPECK, ROUND_HALF_UP))
    _put(node, "ЦенаЗаЕдиницу", _money(line.price))
    _put(node, "Количество", _plain(line.qty))
    _put(node, "Сумма", _money(gross))
    _put(node, "Единица", code)
    _put(node, "Коэффициент", "1" if code else "")
    _write_vat(node, line.vat_sum, rate, included=included)
    _write_discount(node, gross - net, line.discount)


def _write_unit(node: Element, name: str) -> str:
    """Write the unit and return its code; one that ОКЕИ here does not list goes by its name alone."""
    text = _clean(name)
    unit = find_unit(text) if text else UNITS[0]
    base = _child(node, "БазоваяЕдиница")
    base.text = unit.short if unit else text
    if unit is None:
        return ""
    base.set("Код", unit.code)
    base.set("НаименованиеПолное", unit.full)
    if unit.international:
        base.set("МеждународноеСокращение", unit.international)
    return unit.code


def _write_discount(node: Element, amount: Decimal, percent: Decimal) -> None:
    """Write a discount that the sum of the line does not yet include: the only form whose column БП fills."""
    if amount > 0:
        discount = _child(_child(node, "Скидки"), "Скидка")
        _put(discount, "Наименование", "Скидка")
        _put(discount, "Сумма", _money(amount))
        _put(discount, "Процент", _plain(percent) if percent > 0 else "")
        _put(discount, "УчтеноВСумме", "false")


def _order_properties(order: Order) -> list[tuple[str, str]]:
    properties = [
        ("Статус заказа", order.status),
        ("Отменен", "true" if order.cancelled else "false"),
        ("Адрес доставки", order.delivery_address),
    ]
    if order.paid:
        properties += [
            ("Дата оплаты", order.paid.date.isoformat()),
            ("Метод оплаты", order.paid.method),
            ("Номер платежного документа", order.paid.number),
        ]
    return properties


def _write_properties(node: Element, properties: Iterable[tuple[str, str]]) -> None:
    filled = [(name, value) for name, value in properties if _clean(value)]
    if filled:
        parent = _child(node, "ЗначенияРеквизитов")
        for name, value in filled:
            item = _child(parent, "ЗначениеРеквизита")
            _put(item, "Наименование", name)
            _put(item, "Значение", value, _VALUE)
