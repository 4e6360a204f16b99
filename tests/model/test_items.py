from __future__ import annotations

from decimal import Decimal

import pytest

from crm.errors import InvalidValue
from crm.model.items import ItemText, build_line, check_qty, parse_item


@pytest.mark.parametrize(
    ("text", "name", "qty", "price", "vat"),
    [
        ("SCH520*10@1750%22", "SCH520", "10", "1750", "22"),
        ("SCH520*10", "SCH520", "10", None, None),
        ("Доставка*1@9405%none", "Доставка", "1", "9405", "none"),
        ("Доставка*1%22", "Доставка", "1", None, "22"),
        (" Песок мытый * 2,5 @ 1 750,50 % 7.5 ", "Песок мытый", "2.5", "1750.50", "7.5"),
        ("Щебень*0.125@1\u00a0750.5", "Щебень", "0.125", "1750.5", None),
        ("Болт M6*20*100@3", "Болт M6*20", "100", "3", None),
        ("Скидка 10%*3", "Скидка 10%", "3", None, None),
        ("Сок 100% манго@опт*3%10", "Сок 100% манго@опт", "3", None, "10"),
        ("A*10@17*50", "A*10@17", "50", None, None),
        ("***2", "**", "2", None, None),
        ("Акт\nработ*1", "Акт\nработ", "1", None, None),
    ],
)
def test_a_line_is_read_from_the_right(text: str, name: str, qty: str, price: str | None, vat: str | None) -> None:
    expected = ItemText(name, Decimal(qty), None if price is None else Decimal(price), vat)
    assert parse_item(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SCH520",
        "SCH520*",
        "*10",
        "SCH520*ten",
        "SCH520*-1",
        "SCH520*10@",
        "SCH520*10@abc",
        "SCH520*10%",
        "A*1%300",
        "SCH520*10%22@1750",
        "A*1e5",
        "A*1@-5",
        "A*1,2,3",
        "A*NaN",
    ],
)
def test_what_is_no_line_is_refused_with_the_grammar(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not a line of goods") as refusal:
        parse_item(text)
    assert "SCH520*10@1750%22" in refusal.value.remedy


@pytest.mark.parametrize("text", ["A*0", "A*0,000", "A*1000000001", "A*0.0000001"])
def test_a_quantity_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not a quantity"):
        parse_item(text)


@pytest.mark.parametrize("qty", ["NaN", "Infinity", "-1"])
def test_a_quantity_is_above_zero(qty: str) -> None:
    with pytest.raises(InvalidValue, match="is not a quantity"):
        check_qty(Decimal(qty))


@pytest.mark.parametrize("text", ["A*1@1,234", "A*1@1 50", "A*1@1.23456"])
def test_a_price_follows_the_rules_of_money(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_item(text)


def test_a_full_line_has_every_field_in_the_order_of_the_design() -> None:
    line = build_line(
        name="Щебень 5-20",
        sku="SCH520",
        product="product/3",
        qty=Decimal("10.50"),
        unit="т",
        price=Decimal(1750),
        discount=Decimal("10"),
        vat="22",
        included=True,
    )
    assert list(line.items()) == [
        ("name", "Щебень 5-20"),
        ("sku", "SCH520"),
        ("product", "product/3"),
        ("qty", "10.5"),
        ("unit", "т"),
        ("price", "1750.00"),
        ("discount", "10"),
        ("vat", "22"),
        ("sum", "16537.50"),
        ("vat_sum", "2982.17"),
    ]


def test_what_is_empty_is_left_out_and_zero_vat_is_kept() -> None:
    line = build_line(name="Доставка", qty=Decimal(1), price=Decimal(0), vat="none", included=False)
    assert line == {
        "name": "Доставка",
        "qty": "1",
        "price": "0.00",
        "vat": "none",
        "sum": "0.00",
        "vat_sum": "0.00",
    }


def test_vat_on_top_is_within_what_is_paid() -> None:
    line = build_line(name="A", qty=Decimal("1E+2"), price=Decimal("0.0125"), vat="20%", included=False)
    assert (line["qty"], line["price"], line["vat"]) == ("100", "0.0125", "20")
    assert (line["sum"], line["vat_sum"]) == ("1.50", "0.25")


def test_a_line_without_goods_cannot_be_built() -> None:
    with pytest.raises(InvalidValue):
        build_line(name="A", qty=Decimal(0), price=Decimal(5), vat="22", included=True)
