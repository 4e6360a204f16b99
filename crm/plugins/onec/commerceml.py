"""Invoices written as orders of CommerceML 2.08-2.10, the form that every stock 1C loads; reading is not done here.

Amounts are what the paper says: nothing is computed anew but the gross sum of a discounted line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.onec.lines import vat_rate, write_lines, write_vat
from crm.plugins.onec.sides import write_side
from crm.plugins.onec.spelling import COMMENT, child, clean, money, plain, put, write_properties

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from crm.plugins.onec.order import Order

VERSIONS = ("2.08", "2.09", "2.10")
LARGEST_NUMBER = 999_999

_ID = 40
_LARGEST_SUM = Decimal(10) ** 16


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
        _write_order(child(root, "Документ"), order)
    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    return head + etree.tostring(root, encoding="utf-8", xml_declaration=False, pretty_print=True)


def _write_order(paper: Element, order: Order) -> None:
    _check(order)
    put(paper, "Ид", order.guid, _ID)
    put(paper, "Номер", str(order.number))
    put(paper, "Дата", order.date.isoformat())
    put(paper, "ХозОперация", "Заказ товара")
    put(paper, "Роль", "Продавец")
    put(paper, "Валюта", order.currency)
    put(paper, "Курс", plain(order.rate))
    put(paper, "Сумма", money(order.total))
    write_side(child(child(paper, "Контрагенты"), "Контрагент"), order.buyer, "Покупатель")
    put(paper, "Время", order.time.strftime("%H:%M:%S") if order.time else "")
    put(paper, "СрокПлатежа", order.due.isoformat() if order.due else "")
    put(paper, "Комментарий", order.comment, COMMENT)
    _write_order_vat(paper, order)
    write_lines(paper, order)
    write_properties(paper, _order_properties(order))


def _check(order: Order) -> None:
    """Refuse what 1C would refuse, or take for another paper."""
    if not 1 <= order.number <= LARGEST_NUMBER:
        raise InvalidValue(
            _("Order number {number} does not fit 1C.").format(number=order.number),
            _("Give the invoice an exchange number of one to six digits."),
        )
    if not clean(order.guid) or max(len(order.guid), len(order.buyer.guid)) > _ID:
        raise InvalidValue(
            _("Order {number} or its buyer has no identifier that 1C can hold.").format(number=order.number),
            _("Identifiers are GUIDs of at most 40 characters."),
        )
    if not clean(order.buyer.name):
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


def _write_order_vat(paper: Element, order: Order) -> None:
    """Write VAT of the whole paper; without it УНФ marks the order as not taxed, which is right when no line is."""
    if any(vat_rate(line) != "Без НДС" for line in order.lines):
        total = sum((line.vat_sum for line in order.lines), Decimal(0))
        write_vat(paper, total, included=order.included)


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
