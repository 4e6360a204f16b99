from __future__ import annotations

import pytest

from crm.model.units import UNITS, find_unit


@pytest.mark.parametrize(
    ("text", "code"),
    [("шт", "796"), ("Шт.", "796"), ("штука", "796"), ("м2", "055"), ("кв. м", "055"), ("усл.ед.", "876"), ("ч", "356"),
     ("час", "356"), ("chas", None), ("упак.", "778"), ("166", "166"), ("чел.-ч", "539"), ("год", "366"), ("", None)],
)  # fmt: skip
def test_a_unit_is_found_as_people_type_it(text: str, code: str | None) -> None:
    unit = find_unit(text)
    assert (unit.code if unit else None) == code


def test_codes_are_three_digits_each_once() -> None:
    codes = [unit.code for unit in UNITS]
    assert len(set(codes)) == len(codes) == 30
    assert all(len(code) == 3 and code.isdecimal() for code in codes)
    assert all(len(unit.international) in (0, 3) for unit in UNITS)


def test_every_unit_is_found_by_its_own_names() -> None:
    for unit in UNITS:
        assert find_unit(unit.code) is find_unit(unit.short) is find_unit(unit.full) is unit
