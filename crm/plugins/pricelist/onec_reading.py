"""The catalogue of 1C read: `import.xml` (goods and groups) and `offers.xml` (prices), CommerceML 2, either or both.

`crm import import.xml --as 1c-catalog --match onec_id,sku` brings goods, the same with `offers.xml` their prices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.units import find_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

Row = tuple[str, int, dict[str, Any]]

LARGEST = 200_000_000
"""Bytes of a file that are read at most."""
_ROOT = "КоммерческаяИнформация"
_DELETED = ("удален", "удалён", "true")
_SERVICES = ("услуга", "работа")


def read(data: bytes) -> Iterator[Row]:
    """Yield the products of a file; raise InvalidValue for what is no catalogue of CommerceML 2."""
    root = _parse(data)
    groups = _groups(root)
    found = False
    for goods in root.iterfind("Каталог/Товары/Товар"):
        found = True
        yield "product", _line(goods), _product(goods, groups)
    currencies = _price_types(root)
    for package in _packages(root):
        for offer in package.iterfind("Предложения/Предложение"):
            found = True
            yield "product", _line(offer), _offer(offer, currencies)
    if not found:
        raise InvalidValue(
            _("There are no goods and no prices in this file."),
            _("Give the import.xml or the offers.xml of a 1C exchange."),
        )


def _line(node: Any) -> int:
    return int(node.sourceline or 0)


def _parse(data: bytes) -> Element:
    from lxml import etree

    if len(data) > LARGEST:
        raise InvalidValue(
            _("The file is larger than {n} MB.").format(n=LARGEST // 1_000_000), _("Split it in 1C by group.")
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data.lstrip(b"\r\n\t "), parser)
    except etree.XMLSyntaxError as error:
        raise InvalidValue(
            _("The file is not well-formed XML: {why}.").format(why=error.msg), _("Make the exchange file anew in 1C.")
        ) from error
    if b"<!DOCTYPE" in data[:4096]:
        raise InvalidValue(
            _("The file has a DOCTYPE, which no catalogue of 1C has."),
            _("Give the import.xml or the offers.xml of 1C."),
        )
    _strip_namespaces(root)
    if root.tag != _ROOT:
        raise InvalidValue(
            _("This is not CommerceML: the file begins with «{name}».").format(name=root.tag),
            _("Give the import.xml or the offers.xml of a 1C exchange."),
        )
    if not str(root.get("ВерсияСхемы", "")).startswith("2"):
        raise InvalidValue(
            _("The file is CommerceML {version}, which is not read.").format(version=root.get("ВерсияСхемы") or "1"),
            _("Choose CommerceML 2 in the settings of the exchange in 1C."),
        )
    return root


def _strip_namespaces(root: Element) -> None:
    for node in root.iter("*"):
        if "}" in str(node.tag):
            node.tag = str(node.tag).partition("}")[2]


def _text(node: Element, path: str) -> str:
    return " ".join((node.findtext(path) or "").split())


def _groups(root: Element) -> dict[str, str]:
    """Return the paths of groups by their ids."""
    found: dict[str, str] = {}

    def walk(node: Element, path: str) -> None:
        for group in node.iterfind("Группы/Группа"):
            name = _text(group, "Наименование").replace("/", "\u2215")
            full = f"{path} / {name}" if path else name
            found[_text(group, "Ид")] = full
            walk(group, full)

    for classifier in root.iter("Классификатор"):
        walk(classifier, "")
    return found


def _product(goods: Element, groups: dict[str, str]) -> dict[str, Any]:
    unit = goods.find("БазоваяЕдиница")
    deleted = (goods.get("Статус") or "").lower() in _DELETED or _text(goods, "ПометкаУдаления").lower() in _DELETED
    kinds = {
        _text(one, "Значение").lower()
        for one in goods.iterfind("ЗначенияРеквизитов/ЗначениеРеквизита")
        if _text(one, "Наименование") in ("ТипНоменклатуры", "ВидНоменклатуры")
    }
    values = {
        "onec_id": _text(goods, "Ид"),
        "sku": _text(goods, "Артикул"),
        "name": _text(goods, "Наименование"),
        "group": groups.get(_text(goods, "Группы/Ид"), ""),
        "unit": _unit(unit) if unit is not None else "",
        "vat": _rate(goods),
        "service": "yes" if kinds & set(_SERVICES) else "",
        "active": "no" if deleted else "yes",
        "comment": (goods.findtext("Описание") or "").strip(),
    }
    return {name: value for name, value in values.items() if value}


def _unit(node: Element) -> str:
    for text in (node.get("Код") or "", node.text or "", node.get("НаименованиеПолное") or ""):
        unit = find_unit(text.strip()) if text.strip() else None
        if unit is not None:
            return unit.short
    return " ".join((node.text or node.get("НаименованиеПолное") or "").split())


def _rate(goods: Element) -> str:
    for tax in goods.iterfind("СтавкиНалогов/СтавкаНалога"):
        if _text(tax, "Наименование").upper() in ("НДС", "ПДВ"):
            return _text(tax, "Ставка").removesuffix(".00").removesuffix(".0")
    return ""


def _packages(root: Element) -> Iterator[Element]:
    yield from root.iterfind("ПакетПредложений")
    yield from root.iterfind("ИзмененияПакетаПредложений")


def _price_types(root: Element) -> dict[str, str]:
    """Return the currency of each type of prices, in the order of the file."""
    return {
        _text(kind, "Ид"): currency(_text(kind, "Валюта"))
        for package in _packages(root)
        for kind in package.iterfind("ТипыЦен/ТипЦены")
    }


def currency(text: str) -> str:
    """Return the ISO code of what 1C writes for a currency."""
    known = {"руб": "RUB", "руб.": "RUB", "RUR": "RUB", "643": "RUB", "грн": "UAH", "980": "UAH", "840": "USD"}
    return known.get(text, text.upper() or "RUB")


def _offer(offer: Element, currencies: dict[str, str]) -> dict[str, Any]:
    unit = offer.find("БазоваяЕдиница")
    values: dict[str, Any] = {
        "onec_id": _text(offer, "Ид"),
        "sku": _text(offer, "Артикул"),
        "name": _text(offer, "Наименование"),
        "unit": _unit(unit) if unit is not None else "",
    }
    prices = _prices(offer, currencies)
    if prices:
        (code, amount), *others = prices.items()
        values["price"] = f"{amount} {code}"
        values["prices"] = "; ".join(f"{code}={amount}" for code, amount in others)
    return {name: value for name, value in values.items() if value}


def _prices(offer: Element, currencies: dict[str, str]) -> dict[str, str]:
    """Return the first price in each currency, in the order in which the file lists the types of prices."""
    order = list(currencies)
    nodes = sorted(
        offer.iterfind("Цены/Цена"),
        key=lambda one: order.index(kind) if (kind := _text(one, "ИдТипаЦены")) in order else 99,
    )
    found: dict[str, str] = {}
    for node in nodes:
        code = (
            currency(_text(node, "Валюта"))
            if _text(node, "Валюта")
            else currencies.get(_text(node, "ИдТипаЦены"), "RUB")
        )
        amount = _text(node, "ЦенаЗаЕдиницу").replace(",", ".").replace(" ", "").replace("\u00a0", "")
        found.setdefault(code, amount)
    return {code: amount for code, amount in found.items() if amount}
