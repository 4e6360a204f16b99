"""The catalogue as 1C and shops read it: `import.xml` (goods and groups) and `offers.xml` (prices), CommerceML 2.08."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from crm.errors import WrongUsage
from crm.locale import _
from crm.model.units import find_unit
from crm.model.vat import NO_VAT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from crm.model.product import Product
    from crm.sales.noun import Noun

VERSION = "2.08"
_CATALOGUE, _CLASSIFIER, _OFFERS, _OWNER = (
    str(uuid5(NAMESPACE_URL, f"crm:{name}")) for name in ("goods", "groups", "prices", "owner")
)


def catalogue(noun: Noun, records: Iterable[Any]) -> bytes:
    """Write goods with their groups as `import.xml`."""
    products = _products(noun, records)
    root = _root(products)
    classifier = _add(root, "Классификатор", ("Ид", _CLASSIFIER), ("Наименование", "Классификатор"))
    _add_owner(classifier)
    ids = _write_groups(classifier, [one.group for one in products if one.group])
    node = _add(root, "Каталог", ("Ид", _CATALOGUE), ("ИдКлассификатора", _CLASSIFIER), ("Наименование", "Каталог"))
    _add_owner(node)
    goods = _add(node, "Товары")
    for product in products:
        _write_product(goods, product, ids)
    return _bytes(root)


def offers(noun: Noun, records: Iterable[Any]) -> bytes:
    """Write prices as `offers.xml`, one type of prices for each currency; goods without a price are no offer."""
    products = _products(noun, records)
    root = _root(products)
    package = _add(
        root, "ПакетПредложений",
        ("Ид", _OFFERS), ("Наименование", "Прайс-лист"), ("ИдКаталога", _CATALOGUE), ("ИдКлассификатора", _CLASSIFIER),
    )  # fmt: skip
    _add_owner(package)
    kinds = _add(package, "ТипыЦен")
    for code in dict.fromkeys(code for one in products for code in _prices(one)):
        _add(kinds, "ТипЦены", ("Ид", _price_id(code)), ("Наименование", f"Цена {code}"), ("Валюта", code))
    lines = _add(package, "Предложения")
    for product in products:
        if _prices(product):
            _write_offer(lines, product)
    return _bytes(root)


def _products(noun: Noun, records: Iterable[Any]) -> list[Product]:
    if noun.name != "product":
        raise WrongUsage(_("This format is for products."), "crm export product --as 1c-catalog -o import.xml")
    return list(records)


def _root(products: list[Product]) -> Element:
    """Return the root; the file is as old as the last change of what stands in it, so equal goods make equal files."""
    from lxml import etree

    made = max((str(one.doc.get("updated", "")) for one in products), default="")[:19] or "2000-01-01T00:00:00"
    return etree.Element("КоммерческаяИнформация", ВерсияСхемы=VERSION, ДатаФормирования=made)


def _add_owner(node: Element) -> None:
    _add(node, "Владелец", ("Ид", _OWNER), ("Наименование", "crm"), ("ОфициальноеНаименование", "crm"))


def _bytes(root: Element) -> bytes:
    from lxml import etree

    head = b'<?xml version="1.0" encoding="utf-8"?>\n'
    return head + etree.tostring(root, encoding="utf-8", xml_declaration=False, pretty_print=True)


def _add(parent: Element, name: str, *children: tuple[str, str]) -> Element:
    node = parent.makeelement(name)
    parent.append(node)
    for child, text in children:
        if text:
            _add(node, child).text = _legal(text)
    return node


def _legal(text: str) -> str:
    return "".join(sign for sign in text if sign in "\t\n" or sign >= " ")


def goods_id(product: Product) -> str:
    """Return what 1C knows a product by: its own id, else one that is always the same."""
    return product.onec_id or str(uuid5(NAMESPACE_URL, f"crm:product:{product.id}"))


def _write_groups(classifier: Element, paths: list[str]) -> dict[str, str]:
    """Write the tree of groups; return the id of each path."""
    holders: dict[str, Element] = {"": classifier}
    ids: dict[str, str] = {}
    for path in dict.fromkeys(paths):
        parts = path.split(" / ")
        for depth in range(1, len(parts) + 1):
            full, above = " / ".join(parts[:depth]), " / ".join(parts[: depth - 1])
            if full in holders:
                continue
            ids[full] = str(uuid5(NAMESPACE_URL, f"crm:group:{full}"))
            parent = holders[above].find("Группы")
            node = parent if parent is not None else _add(holders[above], "Группы")
            holders[full] = _add(node, "Группа", ("Ид", ids[full]), ("Наименование", parts[depth - 1]))
    return ids


def _write_product(goods: Element, product: Product, groups: dict[str, str]) -> None:
    node = _add(goods, "Товар", ("Ид", goods_id(product)), ("Артикул", product.sku), ("Наименование", product.name))
    if not product.active:
        node.set("Статус", "Удален")
    _write_unit(node, product.unit)
    if product.group:
        _add(_add(node, "Группы"), "Ид").text = groups[product.group]
    if product.comment:
        _add(node, "Описание").text = _legal(product.comment)
    if product.vat:
        rate = "Без НДС" if product.vat == NO_VAT else product.vat
        _add(_add(node, "СтавкиНалогов"), "СтавкаНалога", ("Наименование", "НДС"), ("Ставка", rate))
    kind = "Услуга" if product.service else "Товар"
    _add(_add(node, "ЗначенияРеквизитов"), "ЗначениеРеквизита", ("Наименование", "ТипНоменклатуры"), ("Значение", kind))


def _write_unit(node: Element, text: str) -> None:
    unit = find_unit(text or "шт")
    found = _add(node, "БазоваяЕдиница")
    found.text = unit.short if unit else text
    if unit:
        found.set("Код", unit.code)
        found.set("НаименованиеПолное", unit.full)
        if unit.international:
            found.set("МеждународноеСокращение", unit.international)


def _prices(product: Product) -> dict[str, str]:
    main = {product.price.currency: product.price["amount"]} if product.price is not None else {}
    return main | {code: amount for code, amount in product.prices.items() if code not in main}


def _price_id(code: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"crm:price:{code}"))


def _write_offer(lines: Element, product: Product) -> None:
    node = _add(
        lines, "Предложение", ("Ид", goods_id(product)), ("Артикул", product.sku), ("Наименование", product.name)
    )
    _write_unit(node, product.unit)
    holder = _add(node, "Цены")
    for code, amount in _prices(product).items():
        _add(
            holder, "Цена",
            ("ИдТипаЦены", _price_id(code)), ("ЦенаЗаЕдиницу", amount), ("Валюта", code),
        )  # fmt: skip
