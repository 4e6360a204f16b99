"""Amounts and dates in words, as papers for customers have them. Money in digits is in `money.py`."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from crm.model.money import Money, round_half_up

_MONTHS = {
    "ru": "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря",
    "uk": "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}
_YEAR = {"ru": "г.", "uk": "р."}


def amount_in_words(money: Money, lang: str) -> str:
    """Write `money` in words of `lang` (ru, uk, en), its cents in digits: “Один рубль 10 копеек”.

    Rounded half-up to 0.01; another language is English. A currency whose name the language
    lacks is written “… CNY 00/100”.
    """
    from num2words import num2words

    lang = lang if lang in _MONTHS else "en"
    # A Decimal, always: num2words takes an int for a number of cents.
    amount = round_half_up(money.amount)
    try:
        words = num2words(amount, lang=lang, to="currency", currency=money.currency, cents=False, separator="")
    except NotImplementedError:
        words = _words_and_hundredths(amount, money.currency, lang)
    return _sentence(str(words))


def long_date(day: date, lang: str) -> str:
    """Write `day` in full: “16 марта 2026 г.”, “16 березня 2026 р.”, “March 16, 2026”."""
    month = _MONTHS.get(lang, _MONTHS["en"]).split("|")[day.month - 1]
    if lang in _YEAR:
        return f"{day.day} {month} {day.year} {_YEAR[lang]}"
    return f"{month} {day.day}, {day.year}"


def _words_and_hundredths(amount: Decimal, currency: str, lang: str) -> str:
    from num2words import num2words

    whole, hundredths = divmod(int(abs(amount) * 100), 100)
    minus = {"ru": "минус", "uk": "мінус"}.get(lang, "minus") if amount < 0 else ""
    return f"{minus} {num2words(whole, lang=lang)} {currency} {hundredths:02}/100"


def _sentence(words: str) -> str:
    tidy = re.sub(r"\s+", " ", words).strip()
    return tidy[:1].upper() + tidy[1:]
