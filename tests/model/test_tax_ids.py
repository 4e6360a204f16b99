from __future__ import annotations

import pytest

from crm.model.tax_ids import check


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("inn", "7707083893"),
        ("inn", "7702070139"),
        ("inn", "7736050003"),
        ("inn", " 77 0708 3893 "),
        ("inn", "500100732259"),
        ("kpp", "770801001"),
        ("kpp", "7708AB001"),
        ("ogrn", "1027700132195"),
        ("ogrn", "1027739609391"),
        ("ogrn", "304500116000157"),
        ("bik", "044525225"),
        ("bik", "017003983"),
        ("edrpou", "14360570"),
        ("edrpou", "32855961"),
        ("edrpou", "00032129"),
        ("rntrc", "1759013776"),
        ("ipn", "1759013776"),
        ("ipn", "143605704021"),
        ("iban", "UA213223130000026007233566001"),
        ("iban", "ua21 3223 1300 0002 6007 2335 6600 1"),
        ("okpo", "anything"),
    ],
)
def test_a_number_that_adds_up_raises_no_warning(name: str, value: str) -> None:
    assert check(name, value) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("inn", "7707083894"),
        ("inn", "0000000000"),
        ("inn", "000000000000"),
        ("inn", "500100732258"),
        ("inn", "500100732269"),
        ("inn", "77070838"),
        ("inn", "٧٧٠٧٠٨٣٨٩٣"),
        ("inn", ""),
        ("kpp", "77080100"),
        ("kpp", "77080100Я"),
        ("ogrn", "1027700132196"),
        ("ogrn", "304500116000158"),
        ("ogrn", "0000000000000"),
        ("ogrn", "10277001321"),
        ("bik", "04452522"),
        ("bik", "944525225"),
        ("edrpou", "14360571"),
        ("edrpou", "00000000"),
        ("edrpou", "1436057"),
        ("rntrc", "1759013770"),
        ("rntrc", "175901377"),
        ("ipn", "1759013770"),
        ("ipn", "14360570402"),
        ("iban", "UA223223130000026007233566001"),
        ("iban", "UA21322313000002600723356600"),
        ("iban", ""),
    ],
)
def test_a_number_that_does_not_add_up_is_warned_of(name: str, value: str) -> None:
    warning = check(name, value)
    assert warning
    assert value in warning


def test_an_entrepreneur_whose_remainder_has_two_digits_is_right() -> None:
    """The remainder of 30450011600000 by 13 is 11: its last digit counts."""
    first = next(number for number in range(30450011600000, 30450011600013) if number % 13 == 11)
    assert check("ogrn", f"{first}1") is None
    assert check("ogrn", f"{first}2")


@pytest.mark.parametrize(
    ("name", "value", "bik"),
    [
        ("account", "40702810300000000011", "044525225"),
        ("account", "40702810400000000011", None),
        ("account", "03100643000000018500", "017003983"),
        ("corr_account", "30101810400000000225", "044525225"),
        ("corr_account", "30101810145250000974", "044525974"),
    ],
)
def test_an_account_that_fits_its_bank_raises_no_warning(name: str, value: str, bik: str | None) -> None:
    assert check(name, value, bik) is None


@pytest.mark.parametrize(
    ("name", "value", "bik"),
    [
        ("account", "40702810400000000011", "044525225"),
        ("account", "40702810300000000011", "044525226"),
        ("account", "4070281030000000001", None),
        ("account", "40702Z10300000000011", None),
        ("account", "40702810300000000011", "garbage"),
        ("corr_account", "30101810500000000225", "044525225"),
        ("corr_account", "40702810300000000011", "044525225"),
    ],
)
def test_an_account_of_another_bank_is_warned_of(name: str, value: str, bik: str | None) -> None:
    assert check(name, value, bik)


def test_an_account_at_the_central_bank_has_the_key_of_a_correspondent_account() -> None:
    digits = [digit for digit in range(10) if check("account", f"40101810{digit}45250000000", "044525000") is None]
    same = [digit for digit in range(10) if check("account", f"40101810{digit}45250000000", "044525025") is None]
    assert len(digits) == 1
    assert digits == same


def test_a_letter_in_an_account_counts_as_its_digit() -> None:
    with_digit = [key for key in range(10) if check("account", f"40702810{key}00000000011", "044525225") is None]
    with_letter = [key for key in range(10) if check("account", f"40702K10{key}00000000011", "044525225") is None]
    zero = [key for key in range(10) if check("account", f"40702A10{key}00000000011", "044525225") is None]
    assert with_digit == [3]
    assert len(with_letter) == len(zero) == 1
    assert with_letter != zero
