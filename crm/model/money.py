"""An amount with its currency: read from JSON and from what people type, compared, added, converted, shown.

VAT and lines of goods live in `vat.py` and `items.py`, amounts in words in `amount_words.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from operator import ge, gt, le, lt
from typing import Any

from crm.errors import InvalidValue
from crm.locale import _

CENT = Decimal("0.01")
DECIMALS = 4
LIMIT = Decimal(10) ** 14
SYMBOLS = {"RUB": "₽", "UAH": "₴", "USD": "$", "EUR": "€", "KZT": "₸", "BYN": "Br"}

_MARKS = {
    **{symbol.lower(): code for code, symbol in SYMBOLS.items()},
    **dict.fromkeys(("руб", "р", "rur"), "RUB"),
    "грн": "UAH",
    "тг": "KZT",
}
_CODE = r"[A-Z]{3}"
_DIGITS = r"([0-9]{1,12})(?:\.([0-9]{1,4}))?"
_PLAIN = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_TYPED = (
    r"(?!.*[+-].*[+-])(?P<sign>[+-]?)(?P<before>[^\d,+-]*)(?P<inner>[+-]?)"
    r"(?P<number>[0-9][0-9.,]*(?: [0-9.,]+)*)(?P<after>\D*)"
)
_SPACES = r"\s+"
_AMBIGUOUS = r"[1-9][0-9]{0,2},[0-9]{3}"
_WHOLE_AND_PART = (
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,](?P<part>[0-9]+))?",
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]+))?",
    r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+),(?P<part>[0-9]+)",
)


def round_half_up(amount: Decimal) -> Decimal:
    """Round `amount` to 0.01, halves away from zero; raise InvalidValue when it is too large to hold exactly."""
    try:
        return amount.quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        raise InvalidValue(_("The amount is too large."), _("Check the price and the quantity.")) from None


def decimal_text(amount: Decimal, decimals: int = 2) -> str:
    """Write `amount` in plain digits without an exponent, with at least `decimals` digits after the point."""
    whole, _point, part = f"{amount:f}".partition(".")
    part = part.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{part}" if part else whole


def check_currency(code: str) -> str:
    """Return `code` in capitals; raise InvalidValue unless it is three Latin letters (the form of ISO 4217)."""
    if re.fullmatch(_CODE, code):
        return code
    capital = code.strip().upper()
    if re.fullmatch(_CODE, capital):
        return capital
    raise InvalidValue(
        _("“{code}” is not a currency.").format(code=code), _("Write its three letters, for example RUB.")
    )


class Money:
    """An exact `amount` of `currency` (three letters).

    Compares by amount with numbers, with numeric text and with the JSON form; with other money only
    within one currency, else every comparison is False. Equal to an int or a Decimal, it hashes like it.
    """

    __slots__ = ("amount", "currency")
    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal, currency: str) -> None:
        if not amount.is_finite():
            raise _not_an_amount(str(amount))
        object.__setattr__(self, "amount", amount or abs(amount))
        object.__setattr__(self, "currency", currency)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} is read-only: money is immutable")

    def __repr__(self) -> str:
        return f"Money(amount={self.amount!r}, currency={self.currency!r})"

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Money:
        """Read `{"amount": "1500.00", "currency": "RUB"}`; raise InvalidValue for any other shape."""
        try:
            amount, currency = str(value["amount"]), str(value["currency"])
        except (KeyError, TypeError):
            raise InvalidValue(
                _("“{value}” is not an amount with a currency.").format(value=value),
                _("Write {example}.").format(example='{"amount": "1500.00", "currency": "RUB"}'),
            ) from None
        if not re.fullmatch(_PLAIN, amount):
            raise _not_an_amount(amount)
        return cls(_check_size(Decimal(amount), amount), check_currency(currency))

    def to_json(self) -> dict[str, str]:
        """Return the stored form: the amount a plain decimal string with at least two decimals."""
        return {"amount": decimal_text(self.amount), "currency": self.currency}

    def __getitem__(self, key: str) -> str:
        return self.to_json()[key]

    def minor(self) -> int:
        """Return the amount in ten-thousandths of the unit, the exact integer that the index holds."""
        return int(self.amount * 10**DECIMALS)

    def __eq__(self, other: object) -> bool:
        rival = self._rival(other)
        return rival is not None and self.amount == rival

    def __hash__(self) -> int:
        return hash(self.amount)

    def __lt__(self, other: object) -> bool:
        return self._compare(lt, other)

    def __le__(self, other: object) -> bool:
        return self._compare(le, other)

    def __gt__(self, other: object) -> bool:
        return self._compare(gt, other)

    def __ge__(self, other: object) -> bool:
        return self._compare(ge, other)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._of_same_currency(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._of_same_currency(other), self.currency)

    def __str__(self) -> str:
        return f"{decimal_text(self.amount)} {self.currency}"

    def _compare(self, order: Callable[[Decimal, Decimal], bool], other: object) -> bool:
        rival = self._rival(other)
        return rival is not None and order(self.amount, rival)

    def _rival(self, other: object) -> Decimal | None:
        if isinstance(other, Money):
            return other.amount if other.currency == self.currency else None
        if isinstance(other, Mapping):
            same = set(other) == {"amount", "currency"} and other["currency"] == self.currency
            return _number(other["amount"]) if same else None
        return _number(other)

    def _of_same_currency(self, other: Money) -> Decimal:
        if other.currency == self.currency:
            return other.amount
        raise InvalidValue(
            _("{one} and {other} cannot be added up.").format(one=self, other=other),
            _("Convert them to one currency first."),
        )


def parse_money(text: str, currency: str) -> Money:
    """Read an amount as people type it, in `currency` where the text names none.

    Spaces group thousands, a comma or a point starts the decimals; a currency may stand before or after as
    three letters (ISO 4217) or a sign. Raises InvalidValue for what is no amount, can be read in two ways,
    has more than four decimals or is above 10**14.
    """
    found = re.fullmatch(_TYPED, re.sub(_SPACES, " ", text.replace("\u2212", "-")).strip())
    if not found:
        raise _not_an_amount(text)
    marks = {_currency_of(mark, text) for mark in (found["before"], found["after"]) if mark.strip()}
    if len(marks) > 1:
        raise _not_an_amount(text)
    amount = parse_amount(found["number"])
    signed = -amount if "-" in (found["sign"], found["inner"]) else amount
    return Money(signed, marks.pop() if marks else check_currency(currency))


def plain_amount(text: str) -> str:
    """Return the stored form of a text that is nothing but digits and a point (`1500`, `1500.5`), empty for others.

    It says what `parse_money` would, without its cost: files have a hundred thousand of them.
    """
    found = re.fullmatch(_DIGITS, text)
    if not found:
        return ""
    return f"{found[1].lstrip('0') or '0'}.{(found[2] or '').rstrip('0'):0<2}"


def parse_amount(text: str) -> Decimal:
    """Read a number without sign or currency by the rules of `parse_money`; raise InvalidValue likewise."""
    digits = re.sub(_SPACES, " ", text).strip()
    if re.fullmatch(_AMBIGUOUS, digits):
        raise InvalidValue(
            _("“{text}” can be read as thousands and as a fraction.").format(text=text),
            _("Write {thousands} or {fraction}.").format(
                thousands=digits.replace(",", ""), fraction=digits.replace(",", ".")
            ),
        )
    found = next(filter(None, (re.fullmatch(shape, digits) for shape in _WHOLE_AND_PART)), None)
    if not found:
        raise _not_an_amount(text)
    whole = re.sub("[ .,]", "", found["whole"])
    return _check_size(Decimal(f"{whole}.{found['part'] or '0'}"), text)


def convert(money: Money, to: str, rates: Mapping[str, Decimal]) -> Money:
    """Return `money` in the currency `to`, rounded half-up to 0.01; money already in it comes back unchanged.

    `rates` gives the value of one unit of each currency in the account's currency, that one included.
    Raises InvalidValue where a rate is absent or not above zero.
    """
    if money.currency == to:
        return money
    return Money(round_half_up(money.amount * _rate(rates, money.currency) / _rate(rates, to)), to)


def format_money(money: Money, lang: str) -> str:
    """Write `money` for people: “26 905,00 ₽” in ru and uk (no-break spaces), “$26,905.00” in en.

    A currency without a sign of its own is written by its code. Parts of a cent make four decimals, never
    three: “5,125” could be read as thousands.
    """
    sign = "-" if money.amount < 0 else ""
    whole, _point, part = decimal_text(abs(money.amount), _shown_decimals(money.amount)).partition(".")
    symbol = SYMBOLS.get(money.currency, money.currency)
    grouped = f"{int(whole):,}"
    if lang == "en":
        gap = "\u00a0" if symbol.isalpha() else ""
        return f"{sign}{symbol}{gap}{grouped}.{part}"
    return f"{sign}{grouped.replace(',', chr(0xA0))},{part}\u00a0{symbol}"


def _shown_decimals(amount: Decimal) -> int:
    return 2 if amount == amount.quantize(CENT) else DECIMALS


def _number(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return None if value.is_nan() else value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return _number(Decimal(repr(value)))
    if isinstance(value, str) and re.fullmatch(_PLAIN, value.strip()):
        return Decimal(value.strip())
    return None


def _currency_of(mark: str, text: str) -> str:
    name = mark.strip().rstrip(".").lower()
    if name in _MARKS:
        return _MARKS[name]
    code = name.upper()
    if code in SYMBOLS or (re.fullmatch(_CODE, code) and _is_currency(code)):
        return code
    raise _not_an_amount(text)


def _is_currency(code: str) -> bool:
    from babel.numbers import list_currencies

    return code in list_currencies()


def _check_size(amount: Decimal, text: str) -> Decimal:
    if -int(amount.as_tuple().exponent) > DECIMALS:
        raise InvalidValue(
            _("“{text}” has more than four digits after the point.").format(text=text), _("Round the amount.")
        )
    if abs(amount) > LIMIT:
        raise InvalidValue(
            _("“{text}” is above a hundred trillion.").format(text=text), _("Check the number of digits.")
        )
    return amount


def _rate(rates: Mapping[str, Decimal], currency: str) -> Decimal:
    rate = rates.get(currency)
    if rate is not None and rate > 0:
        return rate
    raise InvalidValue(
        _("There is no exchange rate of {currency}.").format(currency=currency),
        _("Add the rate to the settings of the workspace."),
    )


def _not_an_amount(text: str) -> InvalidValue:
    return InvalidValue(
        _("“{text}” is not an amount of money.").format(text=text),
        _("Write digits with two decimals and the currency, for example 1500.00 RUB."),
    )
