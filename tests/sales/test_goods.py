from __future__ import annotations

from datetime import date

import pytest

from crm import open_workspace
from crm.errors import InvalidValue
from crm.sales import goods
from crm.settings_file import change_setting
from crm.workspace import Workspace


@pytest.fixture
def shop(sales: Workspace) -> Workspace:
    sales.products.add(name="Щебень 5-20", sku="SCH520", unit="т", price=1750, vat="22")
    sales.products.add(name="Песок", price="10 USD", vat="10")
    return sales


def test_a_line_takes_all_from_its_product(shop: Workspace) -> None:
    (line,) = goods.lines(shop, "SCH520*10")
    assert (line["name"], line["sku"], line["product"], line["unit"]) == ("Щебень 5-20", "SCH520", "product/1", "т")
    assert (line["price"], line["vat"], line["sum"]) == ("1750.00", "22", "17500.00")
    assert line["vat_sum"] == "3155.74", "17500 × 22 / 122"


def test_a_product_is_found_by_its_very_name(shop: Workspace) -> None:
    assert goods.lines(shop, "щебень 5-20*1")[0]["product"] == "product/1"
    assert goods.lines(shop, "Щебень*1@5")[0].get("product") is None


def test_what_is_typed_wins(shop: Workspace) -> None:
    (line,) = goods.lines(shop, "SCH520*2@1000%none")
    assert (line["price"], line["vat"], line["sum"], line["vat_sum"]) == ("1000.00", "none", "2000.00", "0.00")


def test_without_a_rate_it_is_the_usual_one_of_the_day(shop: Workspace) -> None:
    assert goods.lines(shop, "Доставка*1@100", day=date(2025, 6, 1))[0]["vat"] == "20"
    assert goods.lines(shop, "Доставка*1@100", day=date(2026, 6, 1))[0]["vat"] == "22"


def test_who_does_not_pay_vat_has_none(shop: Workspace) -> None:
    change_setting(shop.root / "config" / "crm.yaml", ["company", "vat_payer"], False)
    with open_workspace(shop.root, actor="olga") as crm:
        assert goods.lines(crm, "Доставка*1@100")[0]["vat"] == "none"


def test_vat_on_top(shop: Workspace) -> None:
    (line,) = goods.lines(shop, "Доставка*1@100%22", included=False)
    assert (line["sum"], line["vat_sum"]) == ("122.00", "22.00")


def test_a_price_in_another_currency_is_converted(shop: Workspace) -> None:
    change_setting(shop.root / "config" / "crm.yaml", ["rates"], [{"date": date(2026, 1, 1), "USD": 90}])
    with open_workspace(shop.root, actor="olga") as crm:
        assert goods.lines(crm, "Песок*1")[0]["price"] == "900.00"


@pytest.mark.parametrize("text", ["", "Доставка", "Доставка*много@5", "Доставка*1@пять", "Доставка*1@5%половина"])
def test_what_is_no_line_is_told(shop: Workspace, text: str) -> None:
    with pytest.raises(InvalidValue):
        goods.lines(shop, text)


@pytest.mark.parametrize("line", ["Щебень*1@5%23", {"name": "Щебень", "qty": "1", "vat": "23"}])
def test_a_rate_of_vat_that_no_law_knows_is_refused(shop: Workspace, line: object) -> None:
    with pytest.raises(InvalidValue, match="no VAT rate of 23"):
        goods.lines(shop, [line])


def test_a_rate_of_former_years_is_taken(shop: Workspace) -> None:
    assert goods.lines(shop, "Щебень*1@5%18")[0]["vat"] == "18"
