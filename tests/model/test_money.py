from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import InvalidValue
from crm.model.money import Money, check_currency, convert, format_money, parse_amount, parse_money

AMOUNTS = st.decimals(min_value=-(10**14), max_value=10**14, places=4)


def rub(amount: str) -> Money:
    return Money(Decimal(amount), "RUB")


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1500", "1500", "RUB"),
        (" 1 500,50 ", "1500.50", "RUB"),
        ("1\u00a0500,50", "1500.50", "RUB"),
        ("1\u202f234\u202f567,89", "1234567.89", "RUB"),
        ("1500.00 USD", "1500", "USD"),
        ("usd 1500", "1500", "USD"),
        ("1500₽", "1500", "RUB"),
        ("1 500 руб.", "1500", "RUB"),
        ("5 р.", "5", "RUB"),
        ("1500 RUR", "1500", "RUB"),
        ("100 грн", "100", "UAH"),
        ("₴100,5", "100.5", "UAH"),
        ("$1,234.50", "1234.50", "USD"),
        ("€1.234,50", "1234.50", "EUR"),
        ("1,234,567", "1234567", "RUB"),
        ("0,125", "0.125", "RUB"),
        ("1500,1234", "1500.1234", "RUB"),
        ("-$5", "-5", "USD"),
        ("$-5", "-5", "USD"),
        ("\u22121 000 CNY", "-1000", "CNY"),
        ("100000000000000", "1e14", "RUB"),
    ],
)
def test_what_people_type_is_read(text: str, amount: str, currency: str) -> None:
    money = parse_money(text, "RUB")
    assert (money.amount, money.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "щебень",
        "NaN",
        "Infinity",
        "-inf",
        "1e5",
        "1,234.5,6",
        "1.234.5",
        "1 50",
        "1500 100",
        "--5",
        "+-5",
        "12%",
        "1500 pcs",
        "$5 EUR",
        "1500.",
        ".5",
        "1500 -",
        "٣",
        "1_000",
        "0x10",
        "5 RUB USD",
    ],
)
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not an amount of money"):
        parse_money(text, "RUB")


def test_a_comma_that_may_group_or_divide_is_refused_with_both_readings() -> None:
    with pytest.raises(InvalidValue) as refusal:
        parse_money("1,234 USD", "RUB")
    assert "thousands" in refusal.value.message
    assert refusal.value.remedy == "Write 1234 or 1.234."


@pytest.mark.parametrize("text", ["0.00001", "1,23456", "100000000000000.01", "-100000000000001", "9" * 400])
def test_what_the_index_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_money(text, "RUB")


@pytest.mark.parametrize("code", ["", "RU", "RUBL", "РУБ", "R1B"])
def test_a_currency_has_three_latin_letters(code: str) -> None:
    with pytest.raises(InvalidValue):
        check_currency(code)
    with pytest.raises(InvalidValue):
        parse_money("5", code)


@given(AMOUNTS)
def test_json_keeps_the_exact_amount_in_plain_digits(amount: Decimal) -> None:
    money = Money(amount, "UAH")
    stored = money.to_json()
    assert Money.from_json(stored) == money
    assert "E" not in stored["amount"].upper()
    assert len(stored["amount"].partition(".")[2]) >= 2
    assert money == stored


@given(AMOUNTS)
def test_stored_text_is_read_as_typed_text(amount: Decimal) -> None:
    money = Money(amount, "RUB")
    assert parse_money(str(money), "USD") == money
    assert parse_money(format_money(money, "ru"), "USD") == money


@given(AMOUNTS, AMOUNTS)
def test_minor_units_are_exact_and_keep_the_order(one: Decimal, other: Decimal) -> None:
    first, second = Money(one, "RUB"), Money(other, "RUB")
    assert Decimal(first.minor()) / 10_000 == one
    assert (first < second) == (first.minor() < second.minor())


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"amount": "5"},
        {"amount": "5 ", "currency": "RUB"},
        {"amount": "NaN", "currency": "RUB"},
        5,
        None,
        {"amount": "1e3", "currency": "RUB"},
        {"amount": "5", "currency": "R"},
        {"amount": None, "currency": "RUB"},
    ],
)
def test_json_of_another_shape_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        Money.from_json(value)


def test_parts_are_reached_by_key_as_in_json() -> None:
    money = rub("1500.5")
    assert (money["amount"], money["currency"]) == ("1500.50", "RUB")
    with pytest.raises(KeyError):
        money["sum"]


def test_tinydb_queries_reach_into_money() -> None:
    from tinydb import where

    deal = {"amount": rub("1500")}
    assert (where("amount")["currency"] == "RUB")(deal)
    assert (where("amount") > 1499.99)(deal)
    assert not (where("amount") > Money(Decimal(1), "USD"))(deal)


@pytest.mark.parametrize("equal", [1500, 1500.0, Decimal("1500.00"), "1500", "1500.0", rub("1500.00")])
def test_equals_numbers_and_their_text(equal: object) -> None:
    assert rub("1500") == equal
    assert (rub("1500") != equal) is False
    assert rub("1500") >= equal
    assert rub("1500") <= equal
    assert not rub("1500") < equal
    assert not rub("1500") > equal
    assert rub("1499.99") < equal
    assert rub("1500.01") > equal


def test_a_float_means_the_digits_it_shows() -> None:
    assert rub("1500.10") == 1500.1
    assert rub("5") < float("inf")


@pytest.mark.parametrize(
    "other",
    [
        Money(Decimal(5), "USD"),
        "five",
        "",
        None,
        float("nan"),
        Decimal("NaN"),
        [5],
        {"amount": "5"},
        {"amount": "5", "currency": "USD"},
        {"amount": "x", "currency": "RUB"},
    ],
)
def test_what_cannot_be_compared_is_neither_equal_nor_less_nor_more(other: object) -> None:
    money = rub("5")
    assert money != other
    assert [money < other, money <= other, money > other, money >= other] == [False] * 4


def test_hashes_with_the_numbers_it_equals() -> None:
    assert {rub("5"), rub("5.00"), Decimal(5)} == {5}


def test_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        rub("5").amount = Decimal(6)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_is_finite(amount: str) -> None:
    with pytest.raises(InvalidValue):
        rub(amount)


def test_nothing_has_no_sign() -> None:
    assert str(rub("-0.00")) == "0.00 RUB"


def test_adds_and_subtracts_within_a_currency() -> None:
    assert rub("0.1") + rub("0.2") == rub("0.3")
    assert rub("5") - rub("7.50") == rub("-2.5")
    with pytest.raises(InvalidValue, match="cannot be added"):
        rub("5") + Money(Decimal(5), "USD")
    with pytest.raises(InvalidValue, match="cannot be added"):
        rub("5") - Money(Decimal(5), "USD")


def test_converts_half_up_through_the_account_currency() -> None:
    rates = {"RUB": Decimal(1), "USD": Decimal("80.5"), "UAH": Decimal("1.9")}
    assert convert(Money(Decimal("10.01"), "USD"), "RUB", rates).to_json() == {"amount": "805.81", "currency": "RUB"}
    assert convert(rub("0.9975"), "UAH", rates).amount == Decimal("0.53")
    assert convert(rub("-0.0095"), "UAH", rates).amount == Decimal("-0.01")
    assert convert(rub("0.1234"), "RUB", {}) == rub("0.1234")


@pytest.mark.parametrize("rates", [{"RUB": Decimal(1)}, {"RUB": Decimal(1), "USD": Decimal(0)}])
def test_no_rate_is_said(rates: dict[str, Decimal]) -> None:
    with pytest.raises(InvalidValue, match="no exchange rate of USD"):
        convert(rub("5"), "USD", rates)


@pytest.mark.parametrize(
    ("amount", "currency", "lang", "shown"),
    [
        ("26905", "RUB", "ru", "26\u00a0905,00\u00a0₽"),
        ("26905", "UAH", "uk", "26\u00a0905,00\u00a0₴"),
        ("26905", "USD", "en", "$26,905.00"),
        ("-1234567.5", "RUB", "ru", "-1\u00a0234\u00a0567,50\u00a0₽"),
        ("-5", "EUR", "en", "-€5.00"),
        ("5.1234", "KZT", "ru", "5,1234\u00a0₸"),
        ("5.125", "RUB", "ru", "5,1250\u00a0₽"),
        ("5", "CNY", "ru", "5,00\u00a0CNY"),
        ("5000", "CNY", "en", "CNY\u00a05,000.00"),
    ],
)
def test_is_shown_as_the_language_writes_it(amount: str, currency: str, lang: str, shown: str) -> None:
    assert format_money(Money(Decimal(amount), currency), lang) == shown


@pytest.mark.parametrize(("currency", "lang"), [("RUB", "ru"), ("USD", "ru"), ("UAH", "uk"), ("USD", "en")])
@given(amount=st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_is_shown_as_the_common_locale_data_has_it(currency: str, lang: str, amount: Decimal) -> None:
    from babel.numbers import format_currency

    shown = format_money(Money(amount, currency), lang)
    assert shown == format_currency(amount or abs(amount), currency, locale=lang)


def test_a_bare_number_follows_the_same_rules() -> None:
    assert parse_amount("1 750,50") == Decimal("1750.50")
    with pytest.raises(InvalidValue):
        parse_amount("-5")
