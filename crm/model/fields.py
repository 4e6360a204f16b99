"""Fields: what a record can hold, how a value is read from what people type, and how it becomes a Python value.

Here are the single values; dates are in `field_dates`, lists and structured values in `field_lists` and `field_parts`.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, overload

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.money import Money, parse_money, plain_amount

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from crm.model.dictionaries import Dictionary
    from crm.model.record import Record

T = TypeVar("T")
Json = Any
Doc = dict[str, Any]

LONGEST = 100_000
"""Characters that one text value may have."""


class Customs(Protocol):
    """What a field must know of the workspace to read a value."""

    @property
    def currency(self) -> str: ...
    @property
    def phone_region(self) -> str: ...
    @property
    def time_zone(self) -> tzinfo: ...
    def today(self) -> date: ...
    def dictionary(self, name: str) -> Dictionary: ...
    def find_ref(self, kind: str, text: str) -> str: ...


class Field(Generic[T]):
    """A named value of a record; a descriptor that gives the Python value of a record's JSON value.

    `column` asks for a column in the index, `search` puts the value among the searched words, `key` makes records
    findable by the value, `listed` shows it in tables by default, `fixed` keeps people from writing it; a
    `technical` one is of use to the program alone: a card folds it away.
    """

    sort = "text"
    many = False

    def __init__(
        self,
        title: str = "",
        *,
        required: bool = False,
        column: bool = False,
        search: bool = False,
        key: bool = False,
        listed: bool = False,
        fixed: bool = False,
        default: Json = None,
        hint: str = "",
        technical: bool = False,
    ) -> None:
        self.name = ""
        self.title = title
        self.required = required
        self.column = column
        self.search = search
        self.key = key
        self.listed = listed
        self.fixed = fixed
        self.default = default
        self.hint = hint
        self.technical = technical

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, record: None, owner: type) -> Self: ...
    @overload
    def __get__(self, record: Record, owner: type) -> T: ...
    def __get__(self, record: Record | None, owner: type) -> T | Self:
        return self if record is None else self.value(record.doc.get(self.name))

    def __set__(self, record: Record, value: T) -> None:
        raise AttributeError(f"{self.name} is read-only: records are immutable")

    def value(self, stored: Json) -> T:
        """Return the Python value of a stored JSON value, None for an absent one."""
        return stored  # type: ignore[no-any-return]

    @property
    def absent(self) -> Json:
        """Return the JSON value that scripts get where the record has none."""
        return [] if self.many else self.default

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the JSON value of what was typed or given; raise InvalidValue."""
        raise NotImplementedError

    def read(self, raw: object, customs: Customs) -> Doc:
        """Return what to keep in the record for `raw`; an empty value clears the field."""
        if raw is None or raw == "" or raw == [] or raw == {}:
            return {self.name: None}
        return {self.name: self.parse(raw, customs)}

    def add(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Return the field with `raw` added (`field+=value`)."""
        raise self.wrong(raw, _("nothing can be added to it"))

    def subtract(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Return the field with `raw` taken away (`field-=value`)."""
        raise self.wrong(raw, _("nothing can be taken from it"))

    def words(self, stored: Json) -> str:
        """Return the text that search looks in."""
        return str(stored)

    def keys(self, stored: Json) -> Iterable[str]:
        """Yield the values that the record is found by."""
        yield str(stored)

    @property
    def label(self) -> str:
        """Return the field's title in the current language."""
        return _(self.title) if self.title else self.name

    def wrong(self, raw: object, why: str) -> InvalidValue:
        """Say that a value does not fit this field."""
        shown = str(raw) if len(str(raw)) <= 60 else str(raw)[:60] + "…"
        return InvalidValue(
            _("{field}: «{value}» does not fit: {why}.").format(field=self.name, value=shown, why=why), self.hint
        )


class Text(Field[str]):
    """A line of text."""

    def value(self, stored: Json) -> str:
        """Return the text, empty where there is none."""
        return stored or ""

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the text on one line, without spaces around it."""
        return " ".join(self._clean(raw).split())

    def _clean(self, raw: object) -> str:
        if isinstance(raw, dict | list | tuple):
            raise self.wrong(raw, _("a text is needed"))
        text = str(raw).strip()
        if not text.isprintable():
            text = text.translate(_UNPRINTED).strip()
            if not _is_unicode(text):
                raise self.wrong(ascii(raw), _("it holds bytes that are no text in UTF-8"))
        if len(text) > LONGEST:
            raise self.wrong(raw, _("it is longer than {n} characters").format(n=LONGEST))
        return text


_UNPRINTED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)])
"""Control characters but the tab and the ends of lines: a terminal obeys them, XML has no place for them."""


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class LongText(Text):
    """Text of several lines."""

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the text with its lines."""
        return self._clean(raw).replace("\r\n", "\n").replace("\r", "\n")

    def add(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Add a line."""
        text = self.parse(raw, customs)
        return {self.name: f"{stored}\n{text}" if stored else text}


class Number(Field[int | None]):
    """A whole number, from `least` to `most` where they are given."""

    sort = "number"

    def __init__(self, title: str = "", *, least: int = -(2**53), most: int = 2**53, **rest: Any) -> None:
        super().__init__(title, **rest)
        self.least = least
        self.most = most

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the number."""
        try:
            number = int(str(raw).strip().removesuffix("%").replace("\u00a0", "").replace(" ", ""))
        except ValueError:
            raise self.wrong(raw, _("a whole number is needed")) from None
        return self._within(number)

    def _within(self, number: int) -> int:
        if number > self.most:
            raise self.wrong(number, _("{most} is the most").format(most=self.most))
        if number < self.least:
            raise self.wrong(number, _("{least} is the least").format(least=self.least))
        return number

    def add(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Add to the number."""
        return {self.name: self._within((stored or 0) + self.parse(raw, customs))}

    def subtract(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Take from the number."""
        return {self.name: self._within((stored or 0) - self.parse(raw, customs))}


class Quantity(Field[Decimal | None]):
    """A decimal number, kept as text so that it stays exact."""

    sort = "number"

    def value(self, stored: Json) -> Decimal | None:
        """Return the number."""
        return None if stored is None else Decimal(stored)

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the number as text without an exponent; a comma is read as a point."""
        try:
            number = Decimal(re.sub(r"[\s\u00a0\u202f]", "", str(raw)).replace(",", "."))
        except InvalidOperation:
            raise self.wrong(raw, _("a number is needed")) from None
        if not number.is_finite() or abs(number) > Decimal(10) ** 15:
            raise self.wrong(raw, _("a number is needed"))
        return format(number, "f")


class MoneyField(Field[Money | None]):
    """An amount with its currency; without one, the currency of the workspace. A `signed` one may be below zero."""

    sort = "money"

    def __init__(self, title: str = "", *, signed: bool = True, **rest: Any) -> None:
        super().__init__(title, **rest)
        self.signed = signed

    def value(self, stored: Json) -> Money | None:
        """Return the amount as money."""
        return None if stored is None else Money.from_json(stored)

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the amount: `1500`, `1 500,50`, `1500 USD`, Money, or its JSON form."""
        if isinstance(raw, Money):
            return self._checked(raw)
        if isinstance(raw, dict):
            raw = f"{raw.get('amount')} {raw.get('currency') or customs.currency}"
        amount = plain_amount(raw) if isinstance(raw, str) else ""
        return {"amount": amount, "currency": customs.currency} if amount else self._typed(raw, customs)

    def _typed(self, raw: object, customs: Customs) -> Json:
        return self._checked(parse_money(str(raw), customs.currency))

    def _checked(self, money: Money) -> Json:
        if money.amount < 0 and not self.signed:
            raise self.wrong(money, _("it is below zero"))
        return money.to_json()

    def add(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Add an amount of the same currency."""
        return {self.name: self._sum(stored, raw, customs, 1)}

    def subtract(self, stored: Json, raw: object, customs: Customs) -> Doc:
        """Take an amount of the same currency away."""
        return {self.name: self._sum(stored, raw, customs, -1)}

    def _sum(self, stored: Json, raw: object, customs: Customs, sign: int) -> Json:
        amount = Money.from_json(self.parse(raw, customs))
        base = Money.from_json(stored) if stored else Money(Decimal(0), amount.currency)
        return self._checked(base + amount if sign > 0 else base - amount)


_YES = {"1", "true", "yes", "y", "on", "да", "так", "д"}
_NO = {"0", "false", "no", "n", "off", "нет", "ні", "н"}


class Flag(Field[bool]):
    """Yes or no."""

    sort = "bool"

    def value(self, stored: Json) -> bool:
        """Return the flag; an absent one is its default."""
        return bool(self.default) if stored is None else bool(stored)

    @property
    def absent(self) -> Json:
        """Return the default, no where there is none."""
        return bool(self.default)

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the flag: yes, no, да, нет, так, ні, true, false, 1, 0."""
        text = str(raw).strip().casefold()
        if text not in _YES | _NO:
            raise self.wrong(raw, _("yes or no is needed"))
        return text in _YES


class Choice(Field[str]):
    """One of a dictionary's entries, kept by id; read by id or by title in any language."""

    def __init__(self, title: str = "", dictionary: str = "", options: tuple[str, ...] = (), **rest: Any) -> None:
        super().__init__(title, **rest)
        self.dictionary = dictionary
        self.options = options

    def value(self, stored: Json) -> str:
        """Return the id, empty where there is none."""
        return stored or ""

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the entry's id."""
        text = str(raw).strip()
        if self.dictionary:
            return customs.dictionary(self.dictionary).resolve(text)
        for option in self.options:
            if option.casefold() == text.casefold():
                return option
        raise self.wrong(raw, _("one of: {options}").format(options=", ".join(self.options)))


F = TypeVar("F", bound=Field[Any])


def named(field: F, name: str) -> F:
    """Return a field that is no attribute of a class under the name it goes by."""
    field.name = name
    return field


REF = re.compile(r"([a-z][a-z0-9_]*)/([1-9]\d{0,15})")


class Ref(Field[str | None]):
    """A link to a record of one kind, or of any (`kind` empty), written `deal/12`."""

    sort = "ref"

    def __init__(self, title: str = "", kind: str = "", **rest: Any) -> None:
        super().__init__(title, **{"key": True, **rest})
        self.kind = kind

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the reference: `deal/12`, `12` where the kind is known, or the name of an existing record."""
        return read_ref(self, self.kind, raw, customs)


def read_ref(field: Field[Any], kind: str, raw: object, customs: Customs) -> str:
    """Return a reference of `kind` (any kind when empty); a name is looked up among existing records."""
    text = str(getattr(raw, "ref", raw)).strip()
    match = REF.fullmatch(text)
    if match:
        if kind and match[1] != kind:
            raise field.wrong(raw, _("a link such as {kind}/12 is needed").format(kind=kind))
        return customs.find_ref(match[1], match[2])
    if not kind:
        raise field.wrong(raw, _("a link such as {kind}/12 is needed").format(kind="deal"))
    return customs.find_ref(kind, text)
