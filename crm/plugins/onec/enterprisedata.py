"""EnterpriseData 1.17: a message with `ЗаказКлиента` that БП and УНФ load by hand, the only file way into БП.

БП makes «Счет на оплату покупателю» of it. Goods and buyers stand before the orders, whole, so that 1C does not make
them of key properties alone. The order of elements is that of the XDTO package: 1C refuses any other.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from crm.model.units import UNITS, find_unit
from crm.plugins.onec.buyers_invoice import contract_of
from crm.plugins.onec.lines import vat_rate
from crm.plugins.onec.making import order_of, seller_of
from crm.plugins.onec.order import guid_for
from crm.plugins.onec.spelling import KOPECK, child, clean, money, plain, put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from lxml.etree import _Element as Element

    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.onec.order import Buyer, Order, OrderLine
    from crm.workspace import Workspace

FORMAT = "http://v8.1c.ru/edi/edi_stnd/EnterpriseData/1.17"
_MESSAGE = "http://www.1c.ru/SSL/Exchange/Message"
_CODES = {
    "RUB": "643",
    "USD": "840",
    "EUR": "978",
    "UAH": "980",
    "KZT": "398",
    "BYN": "933",
    "CNY": "156",
    "UZS": "860",
}
_REDUCED = {"5", "7", "10"}


def write_message(crm: Workspace, invoices: Iterable[Invoice], made_at: datetime) -> bytes:
    """Write invoices as a message of EnterpriseData 1.17, UTF-8."""
    from lxml import etree

    root = etree.Element("Message", nsmap={"msg": _MESSAGE})
    header = etree.SubElement(root, f"{{{_MESSAGE}}}Header")
    made = made_at.replace(tzinfo=None).isoformat(timespec="seconds")
    for name, value in (("Format", FORMAT), ("CreationDate", made), ("AvailableVersion", "1.17")):
        etree.SubElement(header, f"{{{_MESSAGE}}}{name}").text = value
    body = etree.SubElement(root, "Body", xmlns=FORMAT)
    papers = [_Paper(crm, invoice) for invoice in invoices]
    _write_directories(body, papers)
    for paper in papers:
        paper.write(child(body, "Документ.ЗаказКлиента"))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _write_directories(body: Element, papers: list[_Paper]) -> None:
    """Write every buyer, contract and product once, before the papers that name them."""
    seen: set[str] = set()
    for paper in papers:
        if _first(seen, paper.order.buyer.guid):
            _write_side(child(child(body, "Справочник.Контрагенты"), "КлючевыеСвойства"), paper.order.buyer)
    for paper in papers:
        if paper.contract and _first(seen, paper.contract_guid):
            paper.write_contract(child(child(body, "Справочник.Договоры"), "КлючевыеСвойства"))
    for paper in papers:
        for line in paper.order.lines:
            if _first(seen, paper.goods_guid(line)):
                paper.write_goods(child(body, "Справочник.Номенклатура"), line)


def _first(seen: set[str], guid: str) -> bool:
    if guid in seen:
        return False
    seen.add(guid)
    return True


class _Paper:
    """One invoice as `ЗаказКлиента`."""

    def __init__(self, crm: Workspace, invoice: Invoice) -> None:
        self.crm = crm
        self.invoice = invoice
        self.order: Order = order_of(crm, invoice)
        self.seller = seller_of(invoice)
        self.contract = contract_of(crm, invoice)
        self.contract_guid = guid_for(crm.identity, f"contract/{invoice.company}/{self.contract}")

    def goods_guid(self, line: OrderLine) -> str:
        """Return the lasting GUID of goods; a line without a product is goods of its own name."""
        return line.guid or guid_for(self.crm.identity, f"goods/{line.name}/{line.unit}")

    def write(self, node: Element) -> None:
        """Write the paper."""
        order = self.order
        keys = child(node, "КлючевыеСвойства")
        put(keys, "Ссылка", order.guid)
        put(keys, "Дата", f"{order.date.isoformat()}T{order.time.strftime('%H:%M:%S') if order.time else '00:00:00'}")
        put(keys, "Номер", str(order.number))
        _write_side(child(keys, "Организация"), self.seller, with_reference=False)
        _write_currency(child(node, "Валюта"), order.currency)
        put(node, "Сумма", money(order.total))
        _write_side(child(node, "Контрагент"), order.buyer)
        if self.contract:
            self._write_settlement(child(node, "ДанныеВзаиморасчетов"))
        put(node, "СуммаВключаетНДС", "true" if order.included else "false")
        self._write_lines(node)
        self._write_stage(child(child(node, "ЭтапыОплаты"), "Строка"))
        comment = "\n".join(filter(None, (f"Выгружено из CRM, счёт № {self.invoice.number}", self.invoice.comment)))
        put(child(node, "ОбщиеСвойстваОбъектовФормата"), "Комментарий", comment)

    def write_contract(self, node: Element) -> None:
        """Write the contract by its key properties."""
        number, day = self.contract or ("", "")
        put(node, "Ссылка", self.contract_guid)
        put(node, "ВидДоговора", "СПокупателем")
        _write_side(child(node, "Организация"), self.seller, with_reference=False)
        _write_side(child(node, "Контрагент"), self.order.buyer)
        _write_currency(child(node, "ВалютаВзаиморасчетов"), self.order.currency)
        put(node, "Наименование", f"Договор № {number} от {day[8:10]}.{day[5:7]}.{day[:4]}")
        put(node, "Дата", day)
        put(node, "Номер", number)

    def _write_settlement(self, node: Element) -> None:
        self.write_contract(child(node, "Договор"))
        _write_currency(child(node, "ВалютаВзаиморасчетов"), self.order.currency)
        put(node, "КурсВзаиморасчетов", plain(self.order.rate))
        put(node, "КратностьВзаиморасчетов", "1")

    def write_goods(self, node: Element, line: OrderLine) -> None:
        """Write goods or a service with its unit and rate."""
        self._write_goods_keys(child(node, "КлючевыеСвойства"), line)
        put(node, "ТипНоменклатуры", "Услуга" if line.service else "Товар")
        _write_unit(child(node, "ЕдиницаИзмерения"), line.unit)
        _write_rate(child(node, "СтавкаНДС"), line)

    def _write_goods_keys(self, node: Element, line: OrderLine) -> None:
        put(node, "Ссылка", self.goods_guid(line))
        put(node, "НаименованиеПолное", clean(line.name) or "-", 1000)
        put(node, "Артикул", line.sku)
        put(node, "Наименование", clean(line.name, 100) or "-")

    def _write_lines(self, node: Element) -> None:
        """Write goods, then services: the format keeps them in two tables."""
        for name, lines in (
            ("Товары", [line for line in self.order.lines if not line.service]),
            ("Услуги", [line for line in self.order.lines if line.service]),
        ):
            table = child(node, name) if lines else None
            for line in lines if table is not None else ():
                self._write_line(child(table, "Строка"), line)  # type: ignore[arg-type]

    def _write_line(self, node: Element, line: OrderLine) -> None:
        net = line.sum if self.order.included else line.sum - line.vat_sum
        less = line.qty and (line.qty * line.price).quantize(KOPECK, ROUND_HALF_UP) > net
        price = (net / line.qty).quantize(KOPECK, ROUND_HALF_UP) if less else line.price
        self._write_goods_keys(child(child(node, "ДанныеНоменклатуры"), "Номенклатура"), line)
        if not line.service:
            _write_unit(child(node, "ЕдиницаИзмерения"), line.unit)
        put(node, "Количество", plain(line.qty))
        put(node, "Сумма", money(net))
        put(node, "Цена", money(price))
        _write_rate(child(node, "СтавкаНДС"), line)
        put(node, "СуммаНДС", money(line.vat_sum))
        if line.service:
            put(node, "Содержание", clean(line.name) or "-", 1000)
        else:
            put(node, "ТипЗапасов", "СобственныеТовары")

    def _write_stage(self, node: Element) -> None:
        put(node, "ВариантОплаты", "Предоплата")
        put(node, "ФормаОплаты", "Безналичная")
        put(node, "ДатаПлатежа", (self.order.due or self.order.date).isoformat())
        put(node, "ПроцентПлатежа", "100")
        put(node, "СуммаПлатежа", money(self.order.total))


def _write_side(node: Element, side: Buyer, *, with_reference: bool = True) -> None:
    """Write a side by its key properties; our own goes without a reference, so that 1C finds it by ИНН and КПП."""
    if with_reference:
        put(node, "Ссылка", side.guid)
    put(node, "Наименование", side.name, 100)
    put(node, "НаименованиеПолное", side.full_name or side.name)
    put(node, "ИНН", side.inn)
    put(node, "КПП", side.kpp if side.kind == "company" else "")
    put(node, "ЮридическоеФизическоеЛицо", "ЮридическоеЛицо" if side.kind == "company" else "ФизическоеЛицо")


def _write_currency(node: Element, currency: str) -> None:
    data = child(node, "ДанныеКлассификатора")
    put(data, "Код", _CODES.get(currency, ""))
    put(data, "Наименование", currency)


def _write_unit(node: Element, name: str) -> None:
    unit = find_unit(name) if clean(name) else UNITS[0]
    data = child(node, "ДанныеКлассификатора")
    put(data, "Код", unit.code if unit else "")
    put(data, "Наименование", unit.short if unit else name)


def _write_rate(node: Element, line: OrderLine) -> None:
    """Write a rate as an object: since 1.17 it is one, before it had neither 22 nor 5 nor 7."""
    rate = vat_rate(line)
    none = rate == "Без НДС"
    kind = "БезНДС" if none else "Нулевая" if rate == "0" else "Пониженная" if rate in _REDUCED else "Общая"
    put(node, "Ставка", plain(Decimal(0 if none else int(rate))))
    put(node, "РасчетнаяСтавка", "false")
    put(node, "НеОблагается", "true" if none else "false")
    put(node, "ВидСтавки", kind)
