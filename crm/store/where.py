"""The language of `--where`: `amount > 1000 and stage = "new"`, read into a TinyDB query.

What a value means for each kind of field is in `literals.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, tzinfo
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from tinydb.queries import Query, QueryInstance

from crm.errors import InvalidValue, WrongUsage
from crm.locale import _
from crm.store.literals import Calendar, FieldKind, balanced, is_one_of, matches_order
from crm.store.query import is_empty

__all__ = ["FieldKind", "parse_where"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?P<sign><>|!=|!~|==|<=|>=|[=<>~(),])"""
    r"""|(?P<word>[^\s"'=<>~(),!]+)|(?P<stray>\S))""",
    re.DOTALL,
)
_AND, _OR, _NOT = {"and", "и", "та", "і", "й"}, {"or", "или", "або"}, {"not", "не"}
_KEYWORDS = _AND | _OR | _NOT | {"in", "is", "like"}
_CURRENCY = re.compile("[A-Z]{3}")
_ORDERS = {
    "=": "==",
    "==": "==",
    "!=": "!=",
    "<>": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "~": "~",
    "!~": "!~",
}
_DEPTH = 40
_EXAMPLE = 'amount > 1000 and stage = "new"'


class _Token(NamedTuple):
    kind: str
    text: str
    position: int

    def is_word(self, words: set[str]) -> bool:
        return self.kind == "word" and self.text.lower() in words


def parse_where(
    text: str,
    field_type: Callable[[str], FieldKind | None],
    *,
    today: date,
    tzinfo: tzinfo,
    names: Iterable[str] = (),
    stored: Callable[[str, str], str] = lambda _name, text: text,
    linked: Callable[[str, str], list[str] | None] = lambda _name, _text: None,
) -> QueryInstance:
    """Read a condition; `today` is the day of the words today, tomorrow, today-7d, `tzinfo` says when days begin.

    Operators: `= == != <> < <= > >=`, `~` and `!~` (contains, whatever the case), `like` and `not like` (with % and _),
    `in (…)`, `not in (…)`, `is empty`, `is not empty` (or `null`); and, or, not, parentheses. `!=`, `!~`, `not in`,
    `not like` and `= false` hold for a record without the field.
    `field_type` tells the kind of a field (dotted paths too), `names` are all fields, for hints; `stored(name, text)`
    says how the value that a person wrote stands in a record, `linked(name, text)` which links have the text in their
    names, None where the field holds no links. `= ""` is `is empty`.
    Raises WrongUsage where the text cannot be read, InvalidValue for an unknown field or a value it cannot hold.
    """
    return _Parser(text, field_type, Calendar(today, tzinfo), names, stored, linked).condition()


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text.rstrip()):
        kind = match.lastgroup or "stray"
        raw = match[kind]
        found.append(_Token(kind, _unquoted(raw) if kind == "quoted" else raw, match.start(kind) + 1))
    return [*found, _Token("end", "", len(text.rstrip()) + 1)]


def _unquoted(raw: str) -> str:
    return re.sub(r"\\(.)", r"\1", raw[1:-1], flags=re.DOTALL)


class _Parser:
    """Recursive descent: each method reads one rule of the grammar from the tokens at hand."""

    def __init__(
        self,
        text: str,
        field_type: Callable[[str], FieldKind | None],
        calendar: Calendar,
        names: Iterable[str],
        stored: Callable[[str, str], str],
        linked: Callable[[str, str], list[str] | None],
    ) -> None:
        self.tokens = _tokens(text)
        self.next = 0
        self.depth = 0
        self.field_type = field_type
        self.calendar = calendar
        self.names = names
        self.stored = stored
        self.linked = linked

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def condition(self) -> QueryInstance:
        query = self.either()
        if self.token.kind != "end":
            raise self.wrong(_("“and”, “or” or the end"))
        return query

    def either(self) -> QueryInstance:
        parts = [self.both()]
        while self.took_word(_OR):
            parts.append(self.both())
        return balanced(or_, parts)

    def both(self) -> QueryInstance:
        parts = [self.one()]
        while self.took_word(_AND):
            parts.append(self.one())
        return balanced(and_, parts)

    def one(self) -> QueryInstance:
        self.depth += 1
        if self.depth > _DEPTH:
            raise WrongUsage(_("The condition has too many levels."), _("Write it with fewer parentheses."))
        query = self.negated_or_grouped()
        self.depth -= 1
        return query

    def negated_or_grouped(self) -> QueryInstance:
        if self.took_word(_NOT):
            return ~self.one()
        if not self.took_sign("("):
            return self.comparison()
        query = self.either()
        self.expect_sign(")", _("“and”, “or” or a closing parenthesis"))
        return query

    def comparison(self) -> QueryInstance:
        name = self.field_name()
        kind = self.kind_of(name)
        field = reduce(lambda query, key: query[key], name.split("."), Query())
        if self.took_word({"is"}):
            return self.emptiness(field)
        negated = self.took_word(_NOT)
        if self.took_word({"in"}):
            texts = [self.stored(name, text) for text in self.values(kind)]
            within = is_one_of(field, name, kind, texts, self.calendar)
            return ~within if negated else within
        if self.took_word({"like"}):
            order = "like"
        elif negated or self.token.kind != "sign" or self.token.text not in _ORDERS:
            raise self.wrong(_("“in” or “like”") if negated else _("one of: {list}").format(list=_operators()))
        else:
            order = _ORDERS[self.take().text]
        matching = self.compared(field, name, kind, order, self.value(kind))
        return ~matching if negated else matching

    def compared(self, field: Query, name: str, kind: FieldKind, order: str, text: str) -> QueryInstance:
        if not text and order in ("==", "!="):
            return _is_filled(field) if order == "!=" else ~_is_filled(field)
        if order not in ("~", "!~"):
            read = text if order == "like" else self.stored(name, text)
            return matches_order(field, name, kind, order, read, self.calendar)
        refs = self.linked(name, text)
        if refs is None:
            return matches_order(field, name, kind, order, text, self.calendar)
        named = field.any(refs) if kind is FieldKind.LIST else field.one_of(refs)
        return named if order == "~" else ~named

    def emptiness(self, field: Query) -> QueryInstance:
        negated = self.took_word(_NOT)
        if not self.took_word({"empty", "null"}):
            raise self.wrong(_("“empty”") if negated else _("“empty” or “not empty”"))
        return _is_filled(field) if negated else ~_is_filled(field)

    def field_name(self) -> str:
        if self.token.kind != "word" or self.token.is_word(_KEYWORDS):
            raise self.wrong(_("a field name"))
        return self.take().text

    def kind_of(self, name: str) -> FieldKind:
        kind = self.field_type(name)
        head, _dot, tail = name.rpartition(".")
        if kind is None and tail == "currency" and self.field_type(head) is FieldKind.MONEY:
            return FieldKind.TEXT
        if kind is None:
            raise _unknown_field(name, sorted(self.names))
        return kind

    def values(self, kind: FieldKind) -> list[str]:
        self.expect_sign("(", _("an opening parenthesis"))
        values = [self.value(kind)]
        while self.took_sign(","):
            values.append(self.value(kind))
        self.expect_sign(")", _("a comma or a closing parenthesis"))
        return values

    def value(self, kind: FieldKind) -> str:
        if self.token.kind not in ("word", "quoted"):
            raise self.wrong(_("a value"))
        text = self.take().text
        follows = self.token
        if kind is FieldKind.MONEY and follows.kind == "word" and _CURRENCY.fullmatch(follows.text):
            return f"{text} {self.take().text}" if not follows.is_word(_KEYWORDS) else text
        return text

    def take(self) -> _Token:
        self.next += 1
        return self.tokens[self.next - 1]

    def took_word(self, words: set[str]) -> bool:
        found = self.token.is_word(words)
        self.next += found
        return found

    def took_sign(self, sign: str) -> bool:
        found = self.token.kind == "sign" and self.token.text == sign
        self.next += found
        return found

    def expect_sign(self, sign: str, expected: str) -> None:
        if not self.took_sign(sign):
            raise self.wrong(expected)

    def wrong(self, expected: str) -> WrongUsage:
        token = self.token
        if token.kind == "stray" and token.text in "\"'":
            message = _("The quotation mark at position {position} of the condition is never closed.")
        elif token.kind == "end":
            message = _("The condition ends at position {position}, where this is expected: {expected}.")
        else:
            message = _("Position {position} of the condition has “{found}”, expected is {expected}.")
        return WrongUsage(
            message.format(position=token.position, found=token.text, expected=expected),
            _("Write it like this: {example}").format(example=_EXAMPLE),
        )


def _is_filled(field: Query) -> QueryInstance:
    return field.exists() & ~field.test(is_empty)


def _operators() -> str:
    return "= != < <= > >= ~ !~, like, in (…), not in (…), is empty, is not empty"


def _unknown_field(name: str, names: list[str]) -> InvalidValue:
    from difflib import get_close_matches

    near = get_close_matches(name, names, cutoff=0.5)
    remedy = _("Did you mean: {names}?") if near else _("There are: {names}.") if names else _("Check the name.")
    return InvalidValue(
        _("There is no field “{name}”.").format(name=name), remedy.format(names=", ".join(near or names))
    )
