"""Quantities, masses, names and posts in words, in the right case and gender."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.plugins.documents.countries import country_of
from crm.plugins.documents.declension import (
    DATIVE,
    GENITIVE,
    decline,
    decline_post,
    genitive_post_uk,
    genitive_uk,
)
from crm.plugins.documents.quantities import is_feminine, mass_in_words, quantity_in_words, sheets_in_words


@pytest.mark.parametrize(
    ("qty", "lang", "feminine", "words"),
    [
        ("1", "ru", False, "один"),
        ("1", "ru", True, "одна"),
        ("22", "ru", True, "двадцать две"),
        ("10.5", "ru", False, "десять целых пять десятых"),
        ("1.1", "ru", False, "одна целая одна десятая"),
        ("21.25", "ru", True, "двадцать одна целая двадцать пять сотых"),
        ("0.001", "ru", False, "ноль целых одна тысячная"),
        ("2", "uk", True, "дві"),
        ("2.5", "uk", True, "дві цілих п'ять десятих"),
    ],
)
def test_quantities(qty: str, lang: str, feminine: bool, words: str) -> None:
    assert quantity_in_words(Decimal(qty), lang, feminine=feminine) == words


@pytest.mark.parametrize(
    ("kilograms", "lang", "words"),
    [
        ("1", "ru", "один килограмм"),
        ("2", "ru", "два килограмма"),
        ("11", "ru", "одиннадцать килограммов"),
        ("10500", "ru", "десять тысяч пятьсот килограммов"),
        ("8.4", "ru", "восемь целых четыре десятых килограмма"),
        ("3", "uk", "три кілограми"),
        ("2.5", "uk", "дві цілих п'ять десятих кілограма"),
    ],
)
def test_masses(kilograms: str, lang: str, words: str) -> None:
    assert mass_in_words(Decimal(kilograms), lang) == words


def test_units_have_genders() -> None:
    assert [is_feminine(code, "ru") for code in ("796", "168", "006", "166")] == [True, True, False, False]
    assert (is_feminine("356", "ru"), is_feminine("356", "uk")) == (False, True)


def test_sheets() -> None:
    assert [sheets_in_words(n) for n in (1, 2, 21)] == ["одном", "двух", "двадцати одном"]


@pytest.mark.parametrize(
    ("name", "genitive", "dative"),
    [
        ("Иванов Иван Иванович", "Иванова Ивана Ивановича", "Иванову Ивану Ивановичу"),
        ("Петрова Мария Сергеевна", "Петровой Марии Сергеевны", "Петровой Марии Сергеевне"),
        ("Достоевский Лев Ильич", "Достоевского Льва Ильича", "Достоевскому Льву Ильичу"),
        ("Шевченко Анна Петровна", "Шевченко Анны Петровны", "Шевченко Анне Петровне"),
        ("Гоголь Николай Васильевич", "Гоголя Николая Васильевича", "Гоголю Николаю Васильевичу"),
        ("Сидорова Е. В.", "Сидоровой Е. В.", "Сидоровой Е. В."),
    ],
)
def test_russian_names(name: str, genitive: str, dative: str) -> None:
    assert (decline(name, GENITIVE), decline(name, DATIVE)) == (genitive, dative)


@pytest.mark.parametrize(
    ("post", "genitive", "dative"),
    [
        ("генеральный директор", "генерального директора", "генеральному директору"),
        ("заместитель директора", "заместителя директора", "заместителю директора"),
        ("управляющий", "управляющего", "управляющему"),
        ("снабженец", "снабженца", "снабженцу"),
        ("", "", ""),
    ],
)
def test_russian_posts(post: str, genitive: str, dative: str) -> None:
    assert (decline_post(post, GENITIVE), decline_post(post, DATIVE)) == (genitive, dative)


@pytest.mark.parametrize(
    ("name", "genitive"),
    [
        ("Шевченко Тарас Григорович", "Шевченка Тараса Григоровича"),
        ("Коваль Олена Іванівна", "Коваль Олени Іванівни"),
        ("Левицький Сергій Олегович", "Левицького Сергія Олеговича"),
        ("Грушевська Марія Миколаївна", "Грушевської Марії Миколаївни"),
    ],
)
def test_ukrainian_names(name: str, genitive: str) -> None:
    assert genitive_uk(name) == genitive
    assert genitive_post_uk("генеральний директор") == "генерального директора"


@pytest.mark.parametrize(
    ("text", "found"),
    [("Китай", ("Китай", "156")), ("392 Япония", ("Япония", "392")), ("россия", ("", "")),
     ("Лапландия", ("Лапландия", "")), ("", ("", ""))],
)  # fmt: skip
def test_countries(text: str, found: tuple[str, str]) -> None:
    assert country_of(text) == found
