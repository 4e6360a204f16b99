from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crm.model.amount_words import amount_in_words, long_date
from crm.model.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "lang", "words"),
    [
        ("21002.01", "RUB", "ru", "Двадцать одна тысяча два рубля 01 копейка"),
        (
            "1234567.89",
            "RUB",
            "ru",
            "Один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь рублей 89 копеек",
        ),
        ("0.00", "RUB", "ru", "Ноль рублей 00 копеек"),
        ("1.10", "RUB", "ru", "Один рубль 10 копеек"),
        ("101.21", "USD", "ru", "Сто один доллар 21 цент"),
        ("22.02", "EUR", "ru", "Двадцать два евро 02 цента"),
        ("5.11", "UAH", "ru", "Пять гривен 11 копеек"),
        ("2.00", "KZT", "ru", "Два тенге 00 тиынов"),
        ("21002.01", "UAH", "uk", "Двадцять одна тисяча дві гривні 01 копійка"),
        ("21002.01", "USD", "en", "Twenty-one thousand and two dollars 01 cent"),
        ("21002", "RUB", "ru", "Двадцать одна тысяча два рубля 00 копеек"),
        ("2.005", "RUB", "ru", "Два рубля 01 копейка"),
        ("-5.10", "RUB", "ru", "Минус пять рублей 10 копеек"),
        ("5.00", "UAH", "uk", "П'ять гривень 00 копійок"),
        ("21002.01", "CNY", "ru", "Двадцать одна тысяча два CNY 01/100"),
        ("-0.50", "CNY", "ru", "Минус ноль CNY 50/100"),
        ("12.5", "UAH", "en", "Twelve UAH 50/100"),
        ("1.00", "USD", "kk", "One dollar 00 cents"),
    ],
)
def test_an_amount_is_written_in_words(amount: str, currency: str, lang: str, words: str) -> None:
    assert amount_in_words(Money(Decimal(amount), currency), lang) == words


@pytest.mark.parametrize(
    ("day", "lang", "text"),
    [
        (date(2026, 3, 16), "ru", "16 марта 2026 г."),
        (date(2026, 3, 16), "uk", "16 березня 2026 р."),
        (date(2026, 3, 16), "en", "March 16, 2026"),
        (date(2026, 12, 1), "ru", "1 декабря 2026 г."),
        (date(2026, 1, 31), "uk", "31 січня 2026 р."),
    ],
)
def test_a_day_is_written_in_full(day: date, lang: str, text: str) -> None:
    assert long_date(day, lang) == text


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
@pytest.mark.parametrize("month", range(1, 13))
def test_months_are_those_of_the_common_locale_data(lang: str, month: int) -> None:
    from babel.dates import format_date

    day = date(2026, month, 5)
    pattern = "MMMM d, y" if lang == "en" else "d MMMM y"
    assert long_date(day, lang).startswith(format_date(day, pattern, locale=lang))
