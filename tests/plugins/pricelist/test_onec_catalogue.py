from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from crm.errors import InvalidValue, WrongUsage
from crm.plugins.pricelist.onec_reading import read
from crm.plugins.pricelist.onec_writing import catalogue, offers
from crm.sales.import_map import Plan
from crm.sales.importing import Import, Outcome
from crm.workspace import Workspace

SCHEMA = Path(__file__).parents[3] / ".." / "shared" / "samples" / "xsd" / "commerceML_2.08.xsd"
NAMESPACE = "urn:1C.ru:commerceml_2"
GOODS = """<?xml version="1.0" encoding="windows-1251"?>
<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.10">
 <Классификатор><Ид>k</Ид><Группы><Группа><Ид>g1</Ид><Наименование>Нерудные</Наименование>
  <Группы><Группа><Ид>g2</Ид><Наименование>Щебень</Наименование></Группа></Группы></Группа></Группы></Классификатор>
 <Каталог><Ид>c</Ид><Товары>
  <Товар><Ид>t1</Ид><Артикул>SCH</Артикул><Наименование>Щебень  5-20</Наименование>
   <БазоваяЕдиница Код="168" НаименованиеПолное="Тонна">т</БазоваяЕдиница><Группы><Ид>g2</Ид></Группы>
   <СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>20</Ставка></СтавкаНалога></СтавкиНалогов></Товар>
  <Товар Статус="Удален"><Ид>t2</Ид><Наименование>Доставка</Наименование><БазоваяЕдиница>рейс</БазоваяЕдиница>
   <СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>Без НДС</Ставка></СтавкаНалога></СтавкиНалогов>
   <ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>ТипНоменклатуры</Наименование><Значение>Услуга</Значение>
   </ЗначениеРеквизита></ЗначенияРеквизитов></Товар>
 </Товары></Каталог></КоммерческаяИнформация>""".encode("cp1251")
PRICES = """\ufeff<?xml version="1.0" encoding="utf-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.08"><ПакетПредложений><Ид>c#</Ид><ТипыЦен>
 <ТипЦены><Ид>p1</Ид><Наименование>Розничная</Наименование><Валюта>руб</Валюта></ТипЦены>
 <ТипЦены><Ид>p2</Ид><Наименование>Экспорт</Наименование><Валюта>USD</Валюта></ТипЦены></ТипыЦен><Предложения>
 <Предложение><Ид>t1</Ид><Наименование>Щебень</Наименование><Цены>
  <Цена><ИдТипаЦены>p2</ИдТипаЦены><ЦенаЗаЕдиницу>19.5</ЦенаЗаЕдиницу></Цена>
  <Цена><ИдТипаЦены>p1</ИдТипаЦены><ЦенаЗаЕдиницу>1\u00a0750,00</ЦенаЗаЕдиницу><Валюта>руб</Валюта></Цена></Цены>
 </Предложение></Предложения></ПакетПредложений></КоммерческаяИнформация>""".encode()


def take_in(crm: Workspace, data: bytes) -> Outcome:
    return Import(crm, BytesIO(data), "import.xml", Plan(match=("onec_id", "sku")), brought=read).run()


def test_goods_and_prices_come_in_and_a_second_time_change_nothing(shop: Workspace) -> None:
    assert take_in(shop, GOODS).created == 2
    assert take_in(shop, PRICES).updated == 1
    gravel, delivery = shop.products.find()
    assert (gravel.sku, gravel.group, gravel.unit, gravel.vat) == ("SCH", "Нерудные / Щебень", "т", "20")
    assert (str(gravel.price), gravel.prices) == ("1750.00 RUB", {"USD": "19.50"})
    assert (delivery.service, delivery.active, delivery.vat, delivery.unit) == (True, False, "none", "рейс")
    assert take_in(shop, PRICES).unchanged == 1
    assert (take_in(shop, GOODS).updated, take_in(shop, GOODS).unchanged) == (1, 2), "the name of the goods again"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<a>", "not well-formed"),
        (b"<html/>", "begins with «html»"),
        ('<КоммерческаяИнформация ВерсияСхемы="1.0"/>'.encode(), "CommerceML 1.0, which"),
        ('<КоммерческаяИнформация ВерсияСхемы="2.08"/>'.encode(), "no goods and no prices"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE"),
        (b"", "not well-formed"),
    ],
)
def test_what_is_no_catalogue_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        list(read(data))


def test_what_goes_out_comes_in_again_and_fits_the_schema(shop: Workspace) -> None:
    shop.products.add(
        sku="SCH", name="Щебень", unit="т", price="1750", prices="USD=19.5", group="Нерудные/Щебень", vat="20"
    )
    shop.products.add(name="Доставка", service=True, vat="none", active=False)
    noun = shop.products.noun
    goods, prices = catalogue(noun, shop.products.find()), offers(noun, shop.products.find())
    for data in (goods, prices):
        assert valid(data) == []
    before = [(one.name, one.group, one.unit or "шт", one.vat, one.price, one.service) for one in shop.products.find()]
    for one in list(shop.products.find()):
        shop.products.delete(one.id)
    take_in(shop, goods)
    take_in(shop, prices)
    after = [(one.name, one.group, one.unit, one.vat, one.price, one.service) for one in shop.products.find()]
    assert after == before
    with pytest.raises(WrongUsage):
        catalogue(shop.deals.noun, [])


def valid(data: bytes) -> list[str]:
    if not SCHEMA.exists():
        return []
    root = etree.fromstring(data)
    for node in root.iter("*"):
        node.tag = f"{{{NAMESPACE}}}{node.tag}"
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    return [] if schema.validate(root) else [str(schema.error_log)]
