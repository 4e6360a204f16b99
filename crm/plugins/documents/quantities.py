"""Quantities and counts in words, as forms ask for them («прописью»), in Russian and Ukrainian."""

from __future__ import annotations

from decimal import Decimal

_WHOLE = {"ru": ("целая", "целых"), "uk": ("ціла", "цілих")}
_PARTS = {
    "ru": ("десят", "сот", "тысячн", "десятитысячн", "стотысячн", "миллионн"),
    "uk": ("десят", "сот", "тисячн", "десятитисячн", "стотисячн", "мільйонн"),
}
_PART_ENDINGS = {"ru": ("ая", "ых"), "uk": ("а", "их")}
_KILOGRAMS = {"ru": ("килограмм", "килограмма", "килограммов"), "uk": ("кілограм", "кілограми", "кілограмів")}
_OF_A_KILOGRAM = {"ru": "килограмма", "uk": "кілограма"}
_FEMININE = frozenset(("796", "778", "168", "642", "876"))
_FEMININE_UK = _FEMININE | {"356", "359"}


def quantity_in_words(qty: Decimal, lang: str, *, feminine: bool = False) -> str:
    """Write a quantity: «десять», «две» where the unit is feminine, «десять целых пять десятых»."""
    digits = _decimals(qty)
    whole = int(qty)
    if not digits:
        return _number(whole, lang, feminine=feminine)
    part = int(digits)
    whole_name = _WHOLE[lang][0 if _ends_in_one(whole) else 1]
    part_name = _PARTS[lang][len(digits) - 1] + _PART_ENDINGS[lang][0 if _ends_in_one(part) else 1]
    return f"{_number(whole, lang, feminine=True)} {whole_name} {_number(part, lang, feminine=True)} {part_name}"


def mass_in_words(kilograms: Decimal, lang: str) -> str:
    """Write a mass: «десять тысяч килограммов», «одна целая пять десятых килограмма»."""
    words = quantity_in_words(kilograms, lang)
    if _decimals(kilograms):
        return f"{words} {_OF_A_KILOGRAM[lang]}"
    return f"{words} {_KILOGRAMS[lang][_plural(int(kilograms))]}"


def sheets_in_words(number: int) -> str:
    """Write on how many sheets, in the prepositional: «одном», «двух»."""
    from num2words import num2words

    return str(num2words(number, lang="ru", case="p", gender="m"))


def is_feminine(unit_code: str, lang: str) -> bool:
    """Tell whether the name of a unit (its code of ОКЕИ) is feminine: штука, тонна, упаковка."""
    return unit_code in (_FEMININE_UK if lang == "uk" else _FEMININE)


def _number(number: int, lang: str, *, feminine: bool) -> str:
    from num2words import num2words

    gender = {"ru": "f", "uk": "feminine"}[lang] if feminine else {"ru": "m", "uk": "masculine"}[lang]
    return str(num2words(number, lang=lang, gender=gender))


def _decimals(qty: Decimal) -> str:
    return f"{qty:f}".partition(".")[2].rstrip("0")


def _ends_in_one(number: int) -> bool:
    return number % 10 == 1 and number % 100 != 11


def _plural(number: int) -> int:
    if _ends_in_one(number):
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2
