from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from crm.entrance import open_workspace
from crm.errors import InvalidValue, NotFound
from crm.plugins.pricelist.prices import Asked, price_list
from crm.plugins.pricelist.printing import html, xlsx
from crm.sales.import_map import Plan
from crm.sales.importing import Import
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.sales import invoices


def stock(crm: Workspace) -> None:
    crm.products.add(
        sku="SCH", name="Щебень 5-20", unit="168", price="1750", prices="usd=19,5", group="Нерудные/ Щебень"
    )
    crm.products.add(sku="PES", name="Песок", unit="м3", price="890", group="Нерудные / Песок", vat="20")
    crm.products.add(sku="DOST", name="Доставка", group="Услуги", service=True)
    crm.products.add(sku="OLD", name="Шлак", price="1", group="Нерудные", active=False)


def test_groups_have_those_below_them_and_what_is_not_sold_is_left_out(shop: Workspace) -> None:
    stock(shop)
    found = price_list(shop, Asked(groups=("нерудные",)))
    assert [(one.group, [row.product.sku for row in one.rows]) for one in found.sections] == [
        ("Нерудные / Песок", ["PES"]),
        ("Нерудные / Щебень", ["SCH"]),
    ]
    with pytest.raises(NotFound, match="Услуги"):
        price_list(shop, Asked(groups=("Бетон",)))


def test_a_price_has_its_own_amount_in_a_currency_else_the_rate_of_the_day(shop_folder: Path) -> None:
    change_setting(shop_folder / "config" / "crm.yaml", ("rates",), [{"date": "2020-01-01", "USD": 89}])
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        stock(crm)
        amounts = {row.product.sku: row.amount for row in price_list(crm, Asked(currency="USD")).rows}
    assert amounts == {"SCH": 19.5, "PES": 10, "DOST": None}


def test_a_currency_without_a_rate_is_told(shop: Workspace) -> None:
    stock(shop)
    amounts = {row.product.sku: row.amount for row in price_list(shop, Asked(currency="USD")).rows}
    assert amounts["PES"] is None
    assert any("rate of USD" in warning for warning in shop.warnings)


def test_the_usual_rate_of_another_year_is_that_of_today(shop: Workspace) -> None:
    stock(shop)
    assert {row.vat for row in price_list(shop, Asked()).rows} == {"22"}
    old = invoices(shop).add(company=shop.companies.add(name="А"), items=["SCH*1"], date="2025-03-01")
    assert old.items[0]["vat"] == "20"


def test_a_new_price_changes_no_issued_paper(shop: Workspace) -> None:
    stock(shop)
    issued = invoices(shop).issue(company=shop.companies.add(name="А"), items=["SCH*10"])
    before = invoices(shop).html(issued.id)
    shop.products.set(1, price="2000", name="Щебень дорогой", vat="10")
    assert invoices(shop).html(issued.id) == before
    assert invoices(shop).get(issued.id).total == 17500


def test_on_paper_and_as_a_spreadsheet(shop: Workspace) -> None:
    stock(shop)
    prices = price_list(shop, Asked())
    page = html(shop, prices)
    assert "Прайс-лист" in page
    assert "1\u00a0750,00" in page
    assert "по запросу" in page
    rows = CalamineWorkbook.from_filelike(BytesIO(xlsx(shop, prices))).get_sheet_by_index(0).to_python()
    assert ["SCH", "Щебень 5-20", "т", 1750.0, "22%"] in [row[:5] for row in rows]


def test_units_and_groups_have_one_form(shop: Workspace) -> None:
    stock(shop)
    product = shop.products.get(1)
    assert (product.unit, product.group, product.prices) == ("т", "Нерудные / Щебень", {"USD": "19.50"})
    assert shop.products.export(product)["okei"] == "168"
    with pytest.raises(InvalidValue, match="999"):
        shop.products.add(name="Х", unit="999")
    with pytest.raises(InvalidValue, match="impossible"):
        shop.products.add(name="Х", price="-5")


def test_what_is_not_sold_is_told_on_a_paper(shop: Workspace) -> None:
    stock(shop)
    invoices(shop).add(company=shop.companies.add(name="А"), items=["OLD*1"])
    assert "product/4 «Шлак» is not sold any more." in shop.warnings


CSV = (
    'Артикул,Название,Группа,Ед.,Цена,НДС\nA1,Цемент,Вяжущие,166,"450,50 RUB",Без НДС\nA2,Известь,Вяжущие,кг,10,33/1\n'
)


def test_a_catalogue_comes_in_from_a_table(shop: Workspace) -> None:
    bad: list[str] = []
    from crm.sales.importing import Watcher

    job = Import(shop, BytesIO(CSV.encode("cp1251")), "products.csv", Plan(into="product"))
    outcome = job.run(Watcher(on_bad=lambda one: bad.append(f"{one.line} {one.reason}")))
    assert (outcome.created, outcome.bad) == (1, 1)
    assert bad[0].startswith("3 “33/1” is not a rate")
    cement = shop.products.get(1)
    assert (cement.sku, cement.unit, str(cement.price), cement.vat) == ("A1", "кг", "450.50 RUB", "none")
