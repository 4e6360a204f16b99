from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import InvalidValue
from crm.model.vat import LineSums, allowed, check_rate, default_rate, line_sums, read_rates, spread, totals

TABLE = read_rates(
    [
        {"from": date(2004, 1, 1), "country": "RU", "rates": ["18", "10", "0"], "main": "18"},
        {"from": date(2026, 1, 1), "country": "RU", "rates": ["22", "10", "0", "5", "7"], "main": "22"},
        {"from": "2019-01-01", "country": "ru", "rates": [20, 10, 0], "main": 20},
        {"from": date(2025, 1, 1), "country": "RU", "rates": ["20", "10", "0", "5", "7"], "main": "20"},
        {"from": date(2014, 4, 1), "country": "UA", "rates": ["20", "14", "7", "0"], "main": "20"},
    ]
)
SUMS = st.decimals(min_value=0, max_value=10**6, places=2)


def sums(net: str, total: str, vat: str) -> LineSums:
    return LineSums(Decimal(net), Decimal(total), Decimal(vat))


def line(qty: str, price: str, discount: str, rate: str, *, included: bool) -> LineSums:
    return line_sums(Decimal(qty), Decimal(price), Decimal(discount), rate, included=included)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2018, 12, 31), "18"),
        (date(2019, 1, 1), "20"),
        (date(2025, 12, 31), "20"),
        (date(2026, 1, 1), "22"),
        (date(1990, 1, 1), "none"),
    ],
)
def test_the_main_rate_is_that_of_the_day(day: date, rate: str) -> None:
    assert default_rate(TABLE, "RU", day) == rate


def test_each_country_has_its_rates_and_no_vat_is_always_one() -> None:
    assert allowed(TABLE, "RU", date(2024, 5, 1)) == ("20", "10", "0", "none")
    assert allowed(TABLE, "RU", date(2026, 5, 1)) == ("22", "10", "0", "5", "7", "none")
    assert allowed(TABLE, "ua", date(2026, 5, 1)) == ("20", "14", "7", "0", "none")
    assert allowed(TABLE, "KZ", date(2026, 5, 1)) == ("none",)
    assert default_rate(TABLE, "KZ", date(2026, 5, 1)) == "none"


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"from": "soon", "country": "RU", "rates": ["22"], "main": "22"},
        {"from": date(2026, 1, 1), "country": "RU", "rates": ["22"], "main": "20"},
        {"from": date(2026, 1, 1), "country": "RU", "rates": ["much"], "main": "22"},
        {"from": date(2026, 1, 1), "country": "RU", "rates": 22, "main": "22"},
    ],
)
def test_a_row_of_another_shape_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        read_rates([row])


@pytest.mark.parametrize(
    ("text", "rate"),
    [("22", "22"), ("22%", "22"), (" 7.50 ", "7.5"), ("7,5", "7.5"), ("0", "0"), ("05", "5"), ("None", "none")],
)
def test_a_rate_has_one_form(text: str, rate: str) -> None:
    assert check_rate(text) == rate


@pytest.mark.parametrize("text", ["", "-5", "100", "many", "22/120", "NaN", "1e1"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not a rate"):
        check_rate(text)


def test_vat_is_taken_out_of_a_price_that_includes_it() -> None:
    assert line("10", "1750", "0", "22", included=True) == sums("14344.26", "17500.00", "3155.74")
    assert line("1", "9405", "0", "22", included=True) == sums("7709.02", "9405.00", "1695.98")


def test_vat_is_put_on_top_of_a_net_price() -> None:
    assert line("3", "33.33", "0", "20", included=False) == sums("99.99", "119.99", "20.00")


@pytest.mark.parametrize("rate", ["0", "none"])
@pytest.mark.parametrize("included", [True, False])
def test_no_vat_and_zero_vat_add_nothing(rate: str, *, included: bool) -> None:
    assert line("2", "50.005", "0", rate, included=included) == sums("100.01", "100.01", "0.00")


def test_halves_go_up_and_the_discount_is_rounded_once() -> None:
    assert line("1", "0.125", "0", "none", included=True).sum == Decimal("0.13")
    assert line("1.5", "0.01", "0", "none", included=True).sum == Decimal("0.02")
    assert line("1", "100", "33.3333", "none", included=True).sum == Decimal("66.67")
    assert line("1", "100", "100", "22", included=False) == sums("0.00", "0.00", "0.00")


@pytest.mark.parametrize("discount", ["-1", "100.01"])
def test_a_discount_is_from_nothing_to_all(discount: str) -> None:
    with pytest.raises(InvalidValue, match="discount"):
        line("1", "100", discount, "22", included=True)


def test_a_line_too_large_to_be_exact_is_refused() -> None:
    with pytest.raises(InvalidValue, match="too large"):
        line("1e20", "1e14", "0", "22", included=True)


@given(SUMS, SUMS, st.integers(0, 100), st.sampled_from(["22", "10", "7", "0", "none"]), st.booleans())
def test_net_and_vat_make_the_sum(
    qty: Decimal,
    price: Decimal,
    discount: int,
    rate: str,
    included: bool,
) -> None:
    found = line_sums(qty, price, Decimal(discount), rate, included=included)
    assert found.net + found.vat == found.sum
    assert found.sum == found.sum.quantize(Decimal("0.01"))
    assert 0 <= found.vat <= found.sum


def test_a_paper_is_the_sum_of_its_rounded_lines() -> None:
    lines = [
        {"sum": "17500.00", "vat_sum": "3155.74", "vat": "22"},
        {"sum": "9405.00", "vat_sum": "1695.98", "vat": "22"},
        {"sum": "110.00", "vat_sum": "10.00", "vat": "10"},
        {"sum": "5.00"},
    ]
    found = totals(lines)
    assert found.total == Decimal("27020.00")
    assert found.vat == Decimal("4861.72")
    assert found.sum_without_vat == Decimal("22158.28")
    assert found.by_rate == {"22": Decimal("4851.72"), "10": Decimal("10.00"), "none": Decimal(0)}


def test_lines_win_over_the_vat_of_the_whole_sum() -> None:
    one = line("1", "0.03", "0", "22", included=True)
    lines = [{"sum": str(one.sum), "vat_sum": str(one.vat), "vat": "22"}] * 10
    assert totals(lines).vat == Decimal("0.10")
    assert line("10", "0.03", "0", "22", included=True).vat == Decimal("0.05")


def test_an_empty_paper_costs_nothing() -> None:
    assert (totals([]).total, totals([]).by_rate) == (Decimal("0.00"), {})
    assert spread(Decimal(0), []) == []


def decimals(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_a_discount_is_spread_and_the_rest_goes_to_the_largest_line() -> None:
    assert spread(Decimal(100), decimals("100", "100", "100.03")) == decimals("33.33", "33.33", "33.34")
    assert spread(Decimal(2), decimals("10", "10", "10")) == decimals("0.66", "0.67", "0.67")
    assert spread(Decimal("0.01"), decimals("5", "95")) == decimals("0.00", "0.01")


@given(st.lists(SUMS, min_size=1, max_size=30), st.integers(0, 100))
def test_shares_add_up_and_never_turn_a_line_over(parts: list[Decimal], percent: int) -> None:
    discount = (sum(parts, Decimal(0)) * percent / 100).quantize(Decimal("0.01"), "ROUND_DOWN")
    shares = spread(discount, parts)
    assert sum(shares, Decimal(0)) == discount
    assert all(0 <= share <= part for share, part in zip(shares, parts, strict=True))


def test_many_small_lines_share_what_rounding_leaves() -> None:
    shares = spread(Decimal("0.50"), decimals(*["0.01"] * 100))
    assert sum(shares) == Decimal("0.50")
    assert set(shares) == {Decimal("0.00"), Decimal("0.01")}


@pytest.mark.parametrize("discount", ["-0.01", "100.01"])
def test_a_discount_larger_than_the_paper_is_refused(discount: str) -> None:
    with pytest.raises(InvalidValue, match="does not fit"):
        spread(Decimal(discount), decimals("40", "60"))
