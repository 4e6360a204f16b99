"""The purpose of a payment as text: what number of an invoice stands in it, which dates, which words forbid paying.

Nothing here knows invoices; `Purpose` is cleaned once and asked about many numbers.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from functools import cached_property

_PURPOSE_READ = 2000
_LETTERS = "0-9A-Za-zА-Яа-яЁёІіЇїЄєҐґ"

_NAMING = (
    r"(?:№|сч[её]т[а-яё]{0,3}(?:\s{1,3}на\s{1,3}оплату)?|\bсч\b|рахун[а-яіо]{0,4}|invoice|заказ[а-яё]{0,2})[\s.:№]{0,5}"
)

_DATE = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?!\d)")
_MONTHS = (
    "янв|січ", "фев|лют", "мар|бер", "апр|квіт", "ма[йя]|трав", "июн|черв",
    "июл|лип", "авг|серп", "сен|верес", "окт|жовт", "ноя|листоп", "дек|груд",
)  # fmt: skip
_WORDED_DATE = re.compile(
    r"(?<!\d)(\d{1,2})[\s-]{1,2}(?:"
    + "|".join(f"({month})" for month in _MONTHS)
    + r")[а-яіїє]{0,8}\.?[\s-]{1,2}(\d{4})(?!\d)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?<![\w№/-])(?<!№\s)\d{1,3}(?:[ \u00a0]?\d{3}){0,6}[-.,=]\d{2}(?!\d)")
_PERCENT = re.compile(r"(?<!\d)\d+(?:[.,]\d+)?\s{0,3}(?:%|процент\w*|відсотк\w*)", re.IGNORECASE)
_TAX_ID = re.compile(r"\bИНН[\s:]{0,3}\d+", re.IGNORECASE)
_OTHER_PAPER = re.compile(
    r"(?<!-)\b(?:договор|контракт|соглашени|спецификаци|накладн|дог\b|упд\b|акт(?:[ауе]|ом)?\b|с/ф\b"
    r"|сч[её]т\w{0,2}-фактур)\w{0,4}\.?(?:(?:\s{1,3}(?!сч[её]т|заказ|рахун)[а-яё]{1,15}){0,4}\s{0,3}№)?"
    r"\s{0,3}[\w/-]{0,30}\d[\w/-]{0,30}",
    re.IGNORECASE,
)
_RUN = re.compile(r"[0-9]+")
_RETURN = re.compile(r"\b(?:возврат|вернут|возвращ|повернен|refund)\w{0,10}", re.IGNORECASE)
_NUMBER_SIGN = re.compile(r"(?:\b[Nn]{1,2}|\bNo|#)\.?(?=\s{0,3}\d)")
_GLUED_WORD = re.compile(r"\b(сч|сч[её]т[а-яё]{0,3}|заказ[а-яё]{0,2}|рахун[а-яіо]{0,4})(?=\d)", re.IGNORECASE)
_TRIGGER = re.compile(r"сч[её]т|сч\.|\bсч\b|рахун|invoice|заказ|№|\bN{1,2}\b", re.IGNORECASE)
_NAMED_HERE = re.compile(
    _NAMING + r"(?:\d[\w/-]{0,20}(?:\s{0,3}[,;]\s{0,3}|\s{1,3}(?:и|та|and)\s{1,3})№?\s{0,3}){0,9}$", re.IGNORECASE
)
_NAMED_NUMBER = re.compile(_NAMING + r"\d", re.IGNORECASE)
_TAX_WORDS = re.compile(
    r"(?:без|облагается|в\s*т\.?\s*ч\.?|в\s+том\s+числе)\s+налог\w*|налог\w*\s+не\s+облаг\w*|налогообложени\w*"
    r"|налог\w*\s+на\s+добавленную\s+стоимость|налог\w*\s*\(?\s*ндс"
    r"|без\s+податк\w*|подат\w{2,4}\s+на\s+додану\s+вартість|не\s+оподатк\w*|податк\w*\s*\(?\s*пдв",
    re.IGNORECASE,
)
_NEVER_AUTO = re.compile(
    r"\b(?:возврат|повернення|за[йеё]м|позик|эквайринг|еквайринг|возмещени|відшкодуванн|комисси|комісі|процент"
    r"|відсотк|собственных\s+средств|власних\s+кошт|депозит|зарплат|заработн\w+\s+плат|заробітн\w+\s+плат"
    r"|налог|податк|податок)\w{0,10}",
    re.IGNORECASE,
)


class Purpose:
    """What a payment is for; of a text longer than 2,000 signs the beginning is read."""

    def __init__(self, text: str) -> None:
        self.text = text[:_PURPOSE_READ]

    @cached_property
    def clean(self) -> str:
        """Return the text without dates, amounts, percents, tax ids and numbers of other papers, number signs as №."""
        text = _GLUED_WORD.sub(r"\1 ", _NUMBER_SIGN.sub("№", self.text))
        for pattern in (_DATE, _WORDED_DATE, _AMOUNT, _PERCENT, _TAX_ID, _OTHER_PAPER):
            text = pattern.sub(" ", text)
        return text

    @cached_property
    def _folded(self) -> str:
        return self.clean.casefold()

    @cached_property
    def speaks_of_numbers(self) -> bool:
        """Tell whether there is a word like «счёт» or a number sign, without which no number is an invoice's."""
        return bool(_TRIGGER.search(self.clean))

    @cached_property
    def names_a_number(self) -> bool:
        """Tell whether some number is named as an invoice's, ours or not."""
        return bool(_NAMED_NUMBER.search(self.clean))

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """Return the runs of digits in the order of the text, without leading zeros."""
        return digit_runs(self.clean)

    @cached_property
    def dates(self) -> frozenset[dt.date]:
        """Return the dates in the text: dd.mm.yy, dd.mm.yyyy, or with the month as a word."""
        return frozenset(_dates(self.text))

    @cached_property
    def forbidding(self) -> str:
        """Return the word that forbids paying invoices with the money; what is said of VAT does not count."""
        found = _NEVER_AUTO.search(_TAX_WORDS.sub(" ", self.clean))
        return found[0] if found else ""

    @cached_property
    def returns(self) -> bool:
        """Tell whether money is given back."""
        return bool(_RETURN.search(self.clean))

    def names(self, number: str) -> bool:
        """Tell whether the number of an invoice stands in the text, in whatever case and with leading zeros or not."""
        form = number.strip().lstrip("0")
        if not form or not self.speaks_of_numbers or form.casefold() not in self._folded:
            return False
        pattern = rf"(?<![{_LETTERS}/-])0*{re.escape(form)}(?![0-9/-])"
        return any(_counts(self.clean, found, form) for found in re.finditer(pattern, self.clean, re.IGNORECASE))


def digit_runs(text: str) -> tuple[str, ...]:
    """Return the runs of digits of a text, without leading zeros."""
    return tuple(run.lstrip("0") for run in _RUN.findall(text))


def _counts(text: str, found: re.Match[str], form: str) -> bool:
    """Tell whether a number found is an invoice's: years only after №, one or two digits only where named."""
    before = text[max(0, found.start() - 120) : found.start()]
    if not form.isdecimal():
        return True
    if len(form) == 4 and 1990 <= int(form) <= 2099:
        return before.rstrip().endswith("№")
    return len(form) > 2 or bool(_NAMED_HERE.search(before))


def _dates(text: str) -> list[dt.date]:
    dates = []
    for day, *months, year in _WORDED_DATE.findall(text):
        month = next(number for number, found in enumerate(months, 1) if found)
        with contextlib.suppress(ValueError):
            dates.append(dt.date(int(year), month, int(day)))
    for day, month, year in _DATE.findall(text):
        century = 2000 if len(year) == 2 else 0
        with contextlib.suppress(ValueError):
            dates.append(dt.date(century + int(year), int(month), int(day)))
    return dates
