"""What 1C tells of our orders: marks, payments and shipments, read from CommerceML 2.04-2.10 in any of its dialects.

Nothing is applied here. Files of 1C break the XSD in known ways, so names are all that is asked for.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.onec.outside_xml import elements, text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ORDER = "заказ товара"
PAYMENTS = ("выплата безналичных денег", "выплата наличных денег", "эквайринговая операция")
REFUNDS = ("возврат безналичных денег", "возврат наличных денег")
SHIPMENT = "отпуск товара"
_DATED = ("Дата по 1С", "Дата оплаты по 1С", "Дата оплаты", "Дата отгрузки по 1С")
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Paper:
    """A document of 1C: an order of ours, or a payment or a shipment under it; `parts` are those under it.

    `date` is None where 1C gives none; `amount` is None where it names none.
    """

    guid: str
    number: str
    date: dt.date | None
    operation: str
    amount: Decimal | None = None
    marks: dict[str, str] = field(default_factory=dict)
    parts: tuple[Paper, ...] = ()
    fault: str = ""

    def is_marked(self, *names: str) -> bool:
        """Tell whether one of the marks is true."""
        return any(self.marks.get(name, "").lower() in ("true", "да", "1") for name in names)


def papers_of(root: Element) -> list[Paper]:
    """Return the orders of a message; what cannot be read of one is its `fault`.

    In a container (protocol 3.1 of 1C-Bitrix) the other documents belong to its order.
    """
    found = [_paper(node) for node in elements(root, "Документ")]
    for container in elements(root, "Контейнер"):
        inside = [_paper(node) for node in elements(container, "Документ")]
        orders = [paper for paper in inside if paper.operation == ORDER]
        rest = tuple(paper for paper in inside if paper.operation != ORDER)
        found += [_with_parts(order, rest) for order in orders[:1]] + orders[1:] or list(rest)
    return found


def _with_parts(order: Paper, parts: tuple[Paper, ...]) -> Paper:
    fault = order.fault or next((part.fault for part in parts if part.fault), "")
    return Paper(
        order.guid, order.number, order.date, order.operation, order.amount, order.marks, order.parts + parts, fault
    )


def _paper(node: Element) -> Paper:
    parts = tuple(_paper(child) for one in elements(node, "ПодчиненныеДокументы") for child in elements(one))
    marks = _marks(node)
    fault = next((part.fault for part in parts if part.fault), "")
    date = amount = None
    try:
        date = read_day(text(node, "Дата"))
        amount = _read_amount(text(node, "Сумма"))
        for name in _DATED:
            read_day(marks.get(name, ""))
    except InvalidValue as error:
        fault = _("document {number}: {why}").format(number=text(node, "Номер")[:40] or "?", why=error.message)
    operation = " ".join(text(node, "ХозОперация").casefold().split())
    return Paper(text(node, "Ид"), text(node, "Номер"), date, operation, amount, marks, parts, fault)


def _marks(node: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for values in elements(node, "ЗначенияРеквизитов"):
        for value in elements(values, "ЗначениеРеквизита"):
            found.setdefault(text(value, "Наименование"), text(value, "Значение"))
    return {name: value for name, value in found.items() if name and value}


def read_day(written: str) -> dt.date | None:
    """Read `2026-03-18` or `2026-03-18T12:00:00`; None for nothing or 1C's empty date, InvalidValue for nonsense."""
    if not written or written.startswith("0001-"):
        return None
    try:
        day = dt.date.fromisoformat(written[:10])
    except ValueError:
        day = dt.date.min
    if not 1990 <= day.year <= 2099 or written[10:11] not in ("", "T", " "):
        raise InvalidValue(_("the date «{text}» cannot be right").format(text=written[:40]))
    return day


def _read_amount(written: str) -> Decimal | None:
    """Read `1234.56`, a comma and spaces tolerated, since some bases of 1C write numbers as people do."""
    plain = "".join(written.split()).replace(",", ".")
    if not plain:
        return None
    if not _AMOUNT.fullmatch(plain):
        raise InvalidValue(_("the amount «{text}» cannot be read").format(text=written[:40]))
    return Decimal(plain).quantize(Decimal("0.01"))
