from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.locale import use_language
from crm.model import phone
from crm.model.phone import format_phone, normalize, region_of, search_key

DIGITS = st.text("0123456789", min_size=7, max_size=7)
GAPS = st.lists(st.sampled_from(["", "", "", " ", "-", "\u00a0", " - ", "(", ")"]), min_size=14, max_size=14)
RU_CODES = st.integers(900, 999).map(str)
UA_CODES = st.sampled_from(["39", "50", "63", "66", "67", "68", "73", "75", "77", *map(str, range(90, 100))])


def by_library(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


def spaced(digits: str, gaps: list[str]) -> str:
    return digits[0] + "".join(gap + digit for gap, digit in zip(gaps, digits[1:], strict=False))


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("8 (916) 123-45-67", "RU", "+79161234567"),
        ("9161234567", "RU", "+79161234567"),
        ("+7 916 123-45-67", "UA", "+79161234567"),
        ("84951234567 доб. 12", "RU", "+74951234567;ext=12"),
        ("8 495 123-45-67 вн 7", "RU", "+74951234567;ext=7"),
        ("8 495 123-45-67, добавочный 105", "RU", "+74951234567;ext=105"),
        ("044 123 45 67 дод. 5", "UA", "+380441234567;ext=5"),
        ("8 10 375 29 1234567", "RU", "+375291234567"),
        ("067 123 45 67", "UA", "+380671234567"),
        ("+38 (067) 123-45-67", "RU", "+380671234567"),
        ("0038 067 123 45 67", "UA", "+380671234567"),
        ("8 916 123-45-67", "UA", "+79161234567"),
        ("8 916 123-45-67 доб 3", "UA", "+79161234567;ext=3"),
        ("79161234567", "US", "+79161234567"),
        ("067 123-45-67", "RU", "+380671234567"),
        ("380671234567", "RU", "+380671234567"),
        ("84951234567", "ZZ", "+74951234567"),
        ("+7 707 123 45 67", "RU", "+77071234567"),
        ("+7 930 012-34-56", "RU", "+79300123456"),
        ("(202) 555-0143", "US", "+12025550143"),
    ],
)
def test_numbers_are_known_in_the_forms_people_type(text: str, region: str, number: str) -> None:
    assert normalize(f" {text} ", region) == phone.Phone(number, text, True)


@pytest.mark.parametrize("text", ["", "112", "просто Вася", "067", "12345678901234567890", "9161234567, 9161234568"])
def test_what_is_no_number_stays_as_typed(text: str) -> None:
    assert normalize(f"{text} ", "RU") == phone.Phone(text, text, False)


@given(prefix=st.sampled_from(["+7", "8", "7", ""]), code=RU_CODES, digits=DIGITS, gaps=GAPS)
def test_the_short_way_for_russia_says_what_the_library_says(
    prefix: str, code: str, digits: str, gaps: list[str]
) -> None:
    text = spaced(prefix + code + digits, gaps)
    for region in ("RU", "UA", "US"):
        short = phone._fast(text, region)
        assert short is None or short == by_library(text, region)
    assert normalize(text, "RU").number == (by_library(text, "RU") or text)


@given(prefix=st.sampled_from(["+380", "380", "0"]), code=UA_CODES, digits=DIGITS, gaps=GAPS)
def test_the_short_way_for_ukraine_says_what_the_library_says(
    prefix: str, code: str, digits: str, gaps: list[str]
) -> None:
    text = spaced(prefix + code + digits, gaps)
    for region in ("UA", "RU", "US"):
        short = phone._fast(text, region)
        assert short is None or short == by_library(text, region)
    assert normalize(text, "UA").number == (by_library(text, "UA") or text)


@pytest.mark.parametrize("text", ["+7 916 123-45-67", "8(916)1234567", "9161234567", "7 999 000 00 00"])
def test_the_short_way_is_taken_for_a_russian_mobile(text: str) -> None:
    assert phone._fast(text, "RU")


@pytest.mark.parametrize("text", ["+38 (067) 123-45-67", "067 123 45 67", "380501234567", "+380931234567"])
def test_the_short_way_is_taken_for_a_ukrainian_mobile(text: str) -> None:
    assert phone._fast(text, "UA")


@given(st.text("+0123456789 -()доб.x", max_size=25), st.sampled_from(["RU", "UA", "US", "ZZ"]))
def test_a_stored_number_stands_for_itself(text: str, region: str) -> None:
    first = normalize(text, region)
    if first.valid:
        again = normalize(first.number, region)
        assert (again.number, again.valid) == (first.number, True)
        assert normalize(format_phone(first.number), region).number == first.number


def test_the_search_key_has_the_last_digits_first_and_no_extension() -> None:
    assert search_key("+79161234567;ext=12") == "76543216197"
    assert search_key("8 (916) 123-45-67") == "76543216198"
    assert search_key("+79161234567").startswith(search_key("123-45-67"))
    assert search_key("Вася") == ""


@pytest.mark.parametrize(
    ("code", "region"), [("ru", "RU"), ("uk", "UA"), ("en", "US"), ("RUB", "RU"), ("UAH", "UA"), ("XXX", "ZZ")]
)
def test_the_region_follows_the_language_or_the_currency(code: str, region: str) -> None:
    assert region_of(code) == region


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+79161234567", "+7 916 123-45-67"),
        ("+74951234567;ext=12", "+7 495 123-45-67 ext. 12"),
        ("+380671234567", "+380 67 123 45 67"),
        ("+375291234567", "+375291234567"),
        ("просто Вася", "просто Вася"),
    ],
)
def test_numbers_are_shown_in_groups(number: str, shown: str) -> None:
    use_language("en")
    assert format_phone(number) == shown
