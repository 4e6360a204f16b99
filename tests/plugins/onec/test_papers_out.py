"""What goes out beside the plain order: versions of CommerceML, the invoice for the buyer's 1C, EnterpriseData."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from crm.errors import Refused
from crm.plugins.onec.buyers_invoice import NAMESPACE
from crm.plugins.onec.enterprisedata import FORMAT

if TYPE_CHECKING:
    from crm.plugins.onec.exchanges import OnecOrders
    from crm.workspace import Workspace

SAMPLES = Path(__file__).parents[3] / ".." / "shared" / "samples"
ED = f"{{{FORMAT}}}"


@pytest.fixture
def orders(shop: Workspace) -> OnecOrders:
    client = shop.companies.add(
        name="Ромашка ₽", legal_name="ООО «Ромашка»", inn="7800000027", kpp="780001001", addresses=["Санкт-Петербург"],
        bank={"bik": "044525225", "account": "40702810700000000022", "name": "ПАО СБЕРБАНК"},
    )  # fmt: skip
    shop.products.add(name="Насос НЦ-25", sku="NC-25", unit="шт", price="8750", vat="22")
    invoices: Any = shop.collection("invoice")
    invoices.issue(company=client.ref, items=["NC-25*2", "Монтаж*5.5@1800%22"], date="2026-03-16", due="2026-03-23")
    person = shop.contacts.add(name="Петров Пётр", phones=["+79000000002"])
    invoices.issue(contact=person.ref, items=["NC-25*1%none"])
    trader = shop.companies.add(name="ИП Сидорова", inn="500100732259")
    invoices.issue(company=trader.ref, items=["NC-25*3%10"], vat_included="no")
    return shop.collection("onec_order")  # type: ignore[return-value]


def schema(version: str) -> etree.XMLSchema:
    path = SAMPLES / "xsd" / f"commerceML_{version}.xsd"
    if not path.is_file():
        pytest.skip("the schema is not here")
    return etree.XMLSchema(etree.parse(path))


@pytest.mark.parametrize("version", ["2.08", "2.09", "2.10"])
def test_orders_hold_to_the_schema_of_their_version(orders: OnecOrders, version: str) -> None:
    found = schema(version)
    data = orders.write_out(version=version).data.decode()
    named = data.replace("<КоммерческаяИнформация ", f'<КоммерческаяИнформация xmlns="{NAMESPACE}" ')
    found.assertValid(etree.fromstring(named.encode()))
    assert f'ВерсияСхемы="{version}"' in data


def test_the_invoice_for_the_buyer_holds_to_the_schema(orders: OnecOrders) -> None:
    found = schema("2.08")
    for number in (1, 2, 3):
        found.assertValid(etree.fromstring(orders.buyers_file(number).data))


def test_the_invoice_for_the_buyer_is_as_edo_writes_it(orders: OnecOrders) -> None:
    made = orders.buyers_file(1)
    assert made.name == "Счет на оплату 1 16.03.2026.xml"
    assert b"windows-1251" in made.data.splitlines()[0]
    text = made.data.decode("cp1251")
    assert "Ромашка &#8381;" in text, "what cp1251 lacks is a character reference"
    document = etree.fromstring(made.data)[0]

    def texts(path: str) -> list[str]:
        steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
        return [node.text or "" for node in document.iterfind(steps)]

    assert texts("ХозОперация") == ["Счет на оплату"]
    assert texts("Контрагенты/Контрагент/Роль") == ["Продавец", "Покупатель"]
    assert texts("Контрагенты/Контрагент/Ид") == ["7700000016_770001001", "7800000027_780001001"]
    assert texts("Контрагенты/Контрагент/РасчетныйСчет/НомерСчета") == ["40702810300000000011", "40702810700000000022"]
    assert texts("Комментарий") == ["Оплата по счету № 1 от 16.03.2026"]
    assert texts("Подписанты/Подписант/Фамилия") == ["-"]


def test_a_draft_is_not_for_the_buyer(shop: Workspace, orders: OnecOrders) -> None:
    draft = shop.collection("invoice").add(company="company/1", items=["NC-25*1"])
    with pytest.raises(Refused, match="no number"):
        orders.buyers_file(draft.id)


def shape(node: Any) -> Any:
    """Return the names of a tree without values and repeated children: what XDTO is strict about."""
    seen: dict[str, Any] = {}
    for child in node:
        seen.setdefault(etree.QName(child).localname, shape(child))
    return seen


def follows(made: Any, sample: Any, path: str = "") -> None:
    """Assert that every element of `made` is known to the sample, in the order of the sample."""
    order = list(sample)
    assert [name for name in made if name not in sample] == [], path
    places = [order.index(name) for name in made]
    assert places == sorted(places), (path, list(made))
    for name, inside in made.items():
        follows(inside, sample[name], f"{path}/{name}")


def test_enterprisedata_has_the_elements_of_the_package_in_its_order(orders: OnecOrders) -> None:
    path = SAMPLES / "commerceml" / "enterprisedata_1.17_zakaz_klienta.xml"
    if not path.is_file():
        pytest.skip("the sample is not here")
    made = etree.fromstring(orders.write_out(form="enterprisedata").data)
    follows(shape(made), shape(etree.parse(path).getroot()))


def test_enterprisedata_says_what_the_invoices_say(orders: OnecOrders) -> None:
    exchange = orders.write_out(form="enterprisedata")
    root = etree.fromstring(exchange.data)
    papers = list(root.iter(f"{ED}Документ.ЗаказКлиента"))
    assert [paper.findtext(f"{ED}КлючевыеСвойства/{ED}Номер") for paper in papers] == ["1", "2", "3"]
    assert [paper.findtext(f"{ED}Сумма") for paper in papers] == ["27400.00", "8750.00", "28875.00"]
    own = papers[0].find(f"{ED}КлючевыеСвойства/{ED}Организация")
    assert own is not None
    assert own.find(f"{ED}Ссылка") is None, "found by ИНН and КПП"
    kinds = [node.text for node in root.iterfind(f".//{ED}Справочник.Контрагенты//{ED}ЮридическоеФизическоеЛицо")]
    assert kinds == ["ЮридическоеЛицо", "ФизическоеЛицо", "ФизическоеЛицо"]
    rates = [node.text for node in root.iterfind(f".//{ED}Товары//{ED}ВидСтавки")]
    assert rates == ["Общая", "Общая", "БезНДС", "Пониженная"]
    lines = papers[2].findall(f".//{ED}Строка")
    assert (lines[0].findtext(f"{ED}Сумма"), lines[0].findtext(f"{ED}СуммаНДС")) == ("26250.00", "2625.00")
    goods = [node.text for node in root.iterfind(f".//{ED}Справочник.Номенклатура/{ED}КлючевыеСвойства/{ED}Ссылка")]
    assert len(goods) == len(set(goods)) == 2, "each once, before the papers"
    assert orders.write_out(form="enterprisedata").number is None
