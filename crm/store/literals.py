"""What a written value means for each kind of field, and the comparison that TinyDB makes of it.

The language around the values is read in `where.py`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, cast

from tinydb.queries import Query, QueryInstance

from crm.errors import InvalidValue
from crm.locale import _
from crm.store.query import contains, decimal_is, is_like


class FieldKind(StrEnum):
    """What a field holds, as far as conditions care.

    number is a JSON number, decimal a number kept as text, date `2026-01-31`, time such a date or UTC with +00:00,
    ref `kind/id`; loose is whatever a card of its own holds: a text, a number, yes or no.
    """

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    BOOL = "bool"
    LIST = "list"
    REF = "ref"
    LOOSE = "loose"


_EQUALITY = ("==", "!=")
_LOOKING = (*_EQUALITY, "~", "!~", "like")
_ORDERING = (*_EQUALITY, "<", "<=", ">", ">=")
_ALLOWED = dict.fromkeys(FieldKind, _ORDERING) | {
    FieldKind.TEXT: (*_ORDERING, "~", "!~", "like"),
    FieldKind.LOOSE: (*_ORDERING, "~", "!~", "like"),
    FieldKind.BOOL: _EQUALITY,
    FieldKind.LIST: _LOOKING,
    FieldKind.REF: _LOOKING,
}
_OPPOSITES = {"!=": "==", "!~": "~"}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_SPACES = re.compile(r"[\s_]+")
_CURRENCY = re.compile("[A-Z]{3}")
_TRUE, _FALSE = {"true", "yes", "1", "да", "так"}, {"false", "no", "0", "нет", "ні"}
_DAYS = {
    "today": 0,
    "сегодня": 0,
    "сьогодні": 0,
    "yesterday": -1,
    "вчера": -1,
    "вчора": -1,
    "tomorrow": 1,
    "завтра": 1,
}
_RELATIVE = re.compile(r"(?P<word>[^\W\d]+)(?:(?P<shift>[+-][0-9]{1,6})(?P<unit>[dwднт]))?")
_WEEK_UNITS = "wнт"
_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_DOTTED = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?P<seconds>:[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Today's date and the time zone in which days begin."""

    today: date
    tz: tzinfo

    def day(self, text: str) -> date | None:
        """Read `2026-01-31`, `31.01.2026`, `today`, `yesterday`, `tomorrow`, `today-7d` or `today+2w`."""
        written = _DATE.fullmatch(text) or _DOTTED.fullmatch(text)
        if written:
            return date(int(written["year"]), int(written["month"]), int(written["day"]))
        relative = _RELATIVE.fullmatch(text.lower())
        if not relative or relative["word"] not in _DAYS:
            return None
        days = int(relative["shift"] or 0) * (7 if relative["unit"] and relative["unit"] in _WEEK_UNITS else 1)
        return self.today + timedelta(_DAYS[relative["word"]] + days)

    def span(self, text: str) -> tuple[Bound, Bound] | None:
        """Return the first moment meant and the first one after: of a day, of a minute or of a second."""
        day = self.day(text)
        if day:
            return self._beginning(day), self._beginning(day + timedelta(1))
        written = _TIME.fullmatch(text)
        if not written:
            return None
        start = datetime.fromisoformat(text)
        start = start if start.tzinfo else start.replace(tzinfo=self.tz)
        length = timedelta(seconds=1) if written["seconds"] else timedelta(minutes=1)
        return Bound(_utc(start)), Bound(_utc(start.astimezone(UTC) + length))

    def _beginning(self, day: date) -> Bound:
        moment = _utc(datetime.combine(day, time(), self.tz))
        if moment.endswith("T00:00:00+00:00"):
            return Bound(day.isoformat())
        return Bound(moment, day.isoformat() if moment > day.isoformat() else None)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


class Bound(NamedTuple):
    """A moment in UTC, and the day that begins with it where that day's text sorts before the moment.

    A time field may hold a day without a time, which is then the beginning of that day wherever the workspace is.
    """

    moment: str
    day: str | None = None

    def reached(self, field: Query) -> QueryInstance:
        """Build: at this moment or later."""
        later = _compare(field, ">=", self.moment)
        return later | _compare(field, "==", self.day) if self.day else later

    def ahead(self, field: Query) -> QueryInstance:
        """Build: before this moment."""
        sooner = _compare(field, "<", self.moment)
        return sooner & ~_compare(field, "==", self.day) if self.day else sooner


def balanced(
    join: Callable[[QueryInstance, QueryInstance], QueryInstance], parts: Sequence[QueryInstance]
) -> QueryInstance:
    """Join queries in pairs of pairs, so that a long list of them does not exhaust the stack."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return join(balanced(join, parts[:middle]), balanced(join, parts[middle:]))


def is_one_of(field: Query, name: str, kind: FieldKind, texts: list[str], calendar: Calendar) -> QueryInstance:
    """Build `in (…)`; a list field needs one of the values among its own."""
    if kind in (FieldKind.TEXT, FieldKind.REF, FieldKind.NUMBER):
        return field.one_of([_READERS[kind](name, text) for text in texts])
    if kind is FieldKind.LIST:
        return field.any([item for text in texts for item in _elements(text)])
    return balanced(operator.or_, [matches_order(field, name, kind, "==", text, calendar) for text in texts])


def matches_order(field: Query, name: str, kind: FieldKind, order: str, text: str, calendar: Calendar) -> QueryInstance:
    """Build a comparison of a field with a written value; raise InvalidValue where the kind of field has none such."""
    if order not in _ALLOWED[kind]:
        raise InvalidValue(
            _("“{order}” does not suit the field “{field}”.").format(order=order, field=name),
            _("Use one of: {list}.").format(list=" ".join(_ALLOWED[kind]).replace("==", "=")),
        )
    if order in _OPPOSITES:
        return ~matches_order(field, name, kind, _OPPOSITES[order], text, calendar)
    if order == "~":
        return _test(field, contains, text)
    if order == "like":
        return _like(field, text)
    if kind is FieldKind.LOOSE:
        return _loose(field, order, text, calendar)
    if kind is FieldKind.MONEY:
        return _money(field, name, order, text)
    return _compared(field, name, kind, order, text, calendar)


def _compared(field: Query, name: str, kind: FieldKind, order: str, text: str, calendar: Calendar) -> QueryInstance:
    if kind is FieldKind.BOOL:
        return _is_true(field) if _bool(name, text) else ~_is_true(field)
    if kind is FieldKind.LIST:
        return field.any(_elements(text))
    if kind is FieldKind.TIME:
        return _in_time(field, order, _span(name, text, calendar))
    if kind is FieldKind.DATE:
        return _compare(field, order, _day(name, text, calendar))
    if kind is FieldKind.DECIMAL:
        return _test(field, decimal_is, order, _decimal(name, text))
    return _compare(field, order, _READERS[kind](name, text))


def _like(field: Query, pattern: str) -> QueryInstance:
    """Build SQL's LIKE; the commonest form of it is a plain search for a part, which the index knows."""
    inner = pattern[1:-1]
    if len(pattern) > 2 and pattern[0] == pattern[-1] == "%" and not {"%", "_"} & set(inner):
        return _test(field, contains, inner)
    return _test(field, is_like, pattern)


def _money(field: Query, name: str, order: str, text: str) -> QueryInstance:
    """Build a comparison of amounts; of those in one currency where the value names it: `100 USD`."""
    amount, _space, currency = text.rpartition(" ")
    if not _CURRENCY.fullmatch(currency):
        return _compare(field, order, _decimal(name, text))
    return _compare(field, order, _decimal(name, amount)) & _compare(field["currency"], "==", currency)


def _loose(field: Query, order: str, text: str, calendar: Calendar) -> QueryInstance:
    """Build a comparison with a value whose type only the record knows."""
    day = _day_or_none(text, calendar)
    found = [_compare(field, order, day or text)]
    if _NUMBER.fullmatch(text):
        found = [_test(field, decimal_is, order, _decimal("", text))]
    elif order == "==" and text.lower() in _TRUE | _FALSE:
        found.append(_compare(field, "==", text.lower() in _TRUE))
    return balanced(operator.or_, found)


def _compare(field: Query, order: str, value: object) -> QueryInstance:
    return cast(QueryInstance, _COMPARISONS[order](field, value))


def _test(field: Query, function: Callable[..., bool], *given: object) -> QueryInstance:
    return field.test(function, *given)


def _is_true(field: Query) -> QueryInstance:
    return _compare(field, "==", True)


def _in_time(field: Query, order: str, span: tuple[Bound, Bound]) -> QueryInstance:
    start, after = span
    if order == "==":
        return start.reached(field) & after.ahead(field)
    if order in ("<", "<="):
        return (start if order == "<" else after).ahead(field)
    return (start if order == ">=" else after).reached(field)


def _elements(text: str) -> list[object]:
    return [text, _plain(Decimal(text))] if _NUMBER.fullmatch(text) and "," not in text else [text]


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _text(_name: str, text: str) -> str:
    return text


def _decimal(name: str, text: str) -> Decimal:
    digits = _SPACES.sub("", text)
    if _NUMBER.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    raise InvalidValue(
        _("“{value}” is not a number, as the field “{field}” needs.").format(value=text, field=name),
        _("Write digits, for example 1500.50."),
    )


def _number(name: str, text: str) -> int | float:
    return _plain(_decimal(name, text))


def _bool(name: str, text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise InvalidValue(
        _("“{value}” is neither yes nor no, as the field “{field}” needs.").format(value=text, field=name),
        _("Write true or false."),
    )


def _ref(name: str, text: str) -> str:
    if not text.isdecimal():
        return text
    raise InvalidValue(
        _("“{value}” does not say of what kind the record in “{field}” is.").format(value=text, field=name),
        _("Write the kind and the number, for example company/12."),
    )


def _day(name: str, text: str, calendar: Calendar) -> str:
    day = _day_or_none(text, calendar)
    if day is None:
        raise _not_a_date(name, text)
    return day


def _day_or_none(text: str, calendar: Calendar) -> str | None:
    try:
        day = calendar.day(text)
    except (ValueError, OverflowError):
        return None
    return day.isoformat() if day else None


def _span(name: str, text: str, calendar: Calendar) -> tuple[Bound, Bound]:
    try:
        span = calendar.span(text)
    except (ValueError, OverflowError):
        span = None
    if span is None:
        raise _not_a_date(name, text)
    return span


def _not_a_date(name: str, text: str) -> InvalidValue:
    return InvalidValue(
        _("“{value}” is not a date, as the field “{field}” needs.").format(value=text, field=name),
        _("Write it like 2026-01-31, today or today-7d."),
    )


_READERS: dict[FieldKind, Callable[[str, str], object]] = {
    FieldKind.TEXT: _text,
    FieldKind.REF: _ref,
    FieldKind.NUMBER: _number,
}
