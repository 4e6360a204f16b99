"""VAT: rates by date and country, the sums of a line and of a paper, a discount spread over lines.

The rates themselves are data of the workspace; what a line of goods consists of is in `items.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.money import decimal_text, round_half_up

NO_VAT = "none"
_NAMES_OF_NONE = ("без ндс", "без пдв", "no vat")
_RATE = r"[0-9]{1,2}(?:[.,][0-9]{1,2})?"
_ZERO, _HUNDRED = Decimal(0), Decimal(100)


class RatePeriod(NamedTuple):
    """The rates lawful in `country` (ISO 3166, “RU”) from the day `start` on; `main` is the usual one."""

    start: date
    country: str
    rates: tuple[str, ...]
    main: str


RateTable = tuple[RatePeriod, ...]


class LineSums(NamedTuple):
    """Sums of a line: `net` without VAT, `sum` to pay with `vat` within it; `net + vat == sum`."""

    net: Decimal
    sum: Decimal
    vat: Decimal


class Totals(NamedTuple):
    """Sums of a paper: those of its rounded lines; `by_rate` is the VAT of each rate that occurs."""

    sum_without_vat: Decimal
    vat: Decimal
    total: Decimal
    by_rate: dict[str, Decimal]


def read_rates(data: Iterable[Mapping[str, Any]]) -> RateTable:
    """Read the table of the settings: rows of `from` (date or ISO text), `country`, `rates` and `main`.

    Returns the periods from the newest to the oldest. Raises InvalidValue for a row of another shape.
    """
    periods = [_read_period(row) for row in data]
    return tuple(sorted(periods, key=lambda period: period.start, reverse=True))


def default_rate(table: RateTable, country: str, day: date) -> str:
    """Return the main rate of `country` on `day` (of shipment); “none” where the table knows none."""
    period = _period(table, country, day)
    return period.main if period else NO_VAT


def allowed(table: RateTable, country: str, day: date) -> tuple[str, ...]:
    """Return the rates lawful in `country` on `day`; “none” (no tax, which is not 0 %) is always the last."""
    period = _period(table, country, day)
    rates = period.rates if period else ()
    return (*(rate for rate in rates if rate != NO_VAT), NO_VAT)


def rate_on(table: RateTable, country: str, rate: str, day: date) -> str:
    """Return what a rate that was written down once is on `day`: the main rate of another time is the main one now.

    18 and 20 % are 22 % from 2026 on, 22 % of a paper of 2025 are 20 %; reduced rates and “none” stay.
    """
    if rate in allowed(table, country, day):
        return rate
    mains = {period.main for period in table if period.country == country.upper()}
    return default_rate(table, country, day) if rate in mains else rate


def extracted_rate(rate: str) -> str:
    """Return a rate as it is taken out of a sum that holds it, the расчётная ставка: “22/122”; “none” and “0” stay."""
    known = check_rate(rate)
    if "/" in known or known in (NO_VAT, "0"):
        return known
    return f"{known}/{decimal_text(_HUNDRED + Decimal(known), 0)}"


def check_rate(text: str) -> str:
    """Return a rate in its stored form, “22”, “22/122”, “0” or “none”; raise InvalidValue for what is no rate."""
    rate = text.strip().removesuffix("%").strip().lower()
    if rate in (NO_VAT, *_NAMES_OF_NONE):
        return NO_VAT
    percent, _slash, whole = (part.strip().replace(",", ".") for part in rate.partition("/"))
    if re.fullmatch(_RATE, percent):
        known = decimal_text(Decimal(percent), 0)
        if not whole:
            return known
        if Decimal(percent) and whole == decimal_text(_HUNDRED + Decimal(percent), 0):
            return f"{known}/{whole}"
    raise InvalidValue(
        _("“{text}” is not a rate of VAT.").format(text=text),
        _("Write a number of percent, for example 22, or none."),
    )


def percent_of(rate: str) -> Decimal:
    """Return the percent of a rate: 22 for “22” and “22/122”, 0 for “none”."""
    known = check_rate(rate)
    return _ZERO if known == NO_VAT else Decimal(known.partition("/")[0])


def line_sums(
    qty: Decimal, price: Decimal, discount_percent: Decimal, rate: str, *, included: bool, less: Decimal = _ZERO
) -> LineSums:
    """Return the sums of a line, each rounded half-up to 0.01; `less` is its share of a discount on the whole paper.

    With VAT `included` in the price it is S·r/(100+r) of the line's sum S, else S·r/100 on top of it; a rate such as
    “22/122” is always taken out of the sum.
    Raises InvalidValue for a discount outside 0–100 percent or a rate that is none.
    """
    if not 0 <= discount_percent <= 100:
        raise InvalidValue(
            _("A discount of {percent} % is impossible.").format(percent=discount_percent),
            _("Write a number from 0 to 100."),
        )
    base = round_half_up(qty * price * (_HUNDRED - discount_percent) / _HUNDRED) - less
    return sums_of(base, rate, included=included)


def sums_of(base: Decimal, rate: str, *, included: bool) -> LineSums:
    """Return the sums of a line that comes to `base` in the terms of its prices."""
    percent = percent_of(rate)
    if included or "/" in rate:
        vat = round_half_up(base * percent / (_HUNDRED + percent))
        return LineSums(base - vat, base, vat)
    vat = round_half_up(base * percent / _HUNDRED)
    return LineSums(base, base + vat, vat)


def totals(lines: Iterable[Mapping[str, Any]]) -> Totals:
    """Add up the stored lines of goods (`sum`, `vat_sum`, `vat`); lines win over the VAT of the whole sum."""
    total, by_rate = Decimal("0.00"), dict[str, Decimal]()
    for line in lines:
        rate = str(line.get("vat", NO_VAT))
        total += Decimal(line["sum"])
        by_rate[rate] = by_rate.get(rate, Decimal("0.00")) + Decimal(line.get("vat_sum", "0"))
    vat = sum(by_rate.values(), Decimal("0.00"))
    return Totals(total - vat, vat, total, by_rate)


def spread(discount_total: Decimal, sums: Sequence[Decimal]) -> list[Decimal]:
    """Share a discount on a paper over its lines in proportion to their `sums`; the shares add up exactly.

    What rounding leaves goes to the largest line, and to the next one only when that line would become less
    than nothing. Raises InvalidValue for a discount below zero or above all the sums together.
    """
    whole, total = round_half_up(discount_total), sum(sums, _ZERO)
    if not 0 <= whole <= total:
        raise InvalidValue(
            _("A discount of {discount} does not fit into {total}.").format(discount=whole, total=total),
            _("Write a discount from 0 to the total."),
        )
    shares = [round_half_up(whole * part / total) if total else Decimal("0.00") for part in sums]
    return _settle(whole - sum(shares, _ZERO), shares, sums)


def _settle(rest: Decimal, shares: list[Decimal], sums: Sequence[Decimal]) -> list[Decimal]:
    for place in sorted(range(len(sums)), key=lambda place: -sums[place]):
        given = min(max(rest, -shares[place]), sums[place] - shares[place])
        shares[place] += given
        rest -= given
    return shares


def _read_period(row: Mapping[str, Any]) -> RatePeriod:
    try:
        start = row["from"] if isinstance(row["from"], date) else date.fromisoformat(str(row["from"]))
        rates = tuple(check_rate(str(rate)) for rate in row["rates"])
        period = RatePeriod(start, str(row["country"]).upper(), rates, check_rate(str(row["main"])))
    except (KeyError, TypeError, ValueError):
        raise _wrong_row(row) from None
    if period.main not in (*rates, NO_VAT):
        raise _wrong_row(row)
    return period


def _wrong_row(row: object) -> InvalidValue:
    return InvalidValue(
        _("The table of VAT rates has a row that cannot be read: {row}.").format(row=row),
        _("A row has from (a date), country, rates and main, which is one of the rates."),
    )


def _period(table: RateTable, country: str, day: date) -> RatePeriod | None:
    return next((period for period in table if period.country == country.upper() and period.start <= day), None)
