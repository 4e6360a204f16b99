"""The filters of a noun: the language of `--where` with the noun's own fields and values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, InvalidValue, NotFound, WrongUsage
from crm.model.field_dates import Day, Moment, parse_day
from crm.model.field_lists import Choices, Emails, Phones, Refs
from crm.model.field_parts import Classifiers, Extras, Parts
from crm.model.fields import REF, Choice, MoneyField, Quantity, Ref
from crm.store.where import FieldKind, parse_where

if TYPE_CHECKING:
    from crm.model.fields import Field
    from crm.sales.desk import Desk
    from crm.sales.noun import Noun
    from crm.store.query import QueryLike

_KINDS = {
    "text": FieldKind.TEXT,
    "number": FieldKind.NUMBER,
    "money": FieldKind.MONEY,
    "date": FieldKind.DATE,
    "time": FieldKind.TIME,
    "bool": FieldKind.BOOL,
    "list": FieldKind.LIST,
    "ref": FieldKind.REF,
    "parts": FieldKind.TEXT,
    "items": FieldKind.LIST,
}
_ENDS = ("converted", "rejected")
"""Where a lead ends, which is no stage."""
_SYSTEM = {"id": FieldKind.NUMBER, "rev": FieldKind.NUMBER, "deleted": FieldKind.TIME}


def parse(crm: Desk, noun: Noun, text: str) -> QueryLike:
    """Return the TinyDB query of a condition on a noun; raise WrongUsage or InvalidValue.

    A field may be written by its label in the current language, whatever the case: «Ожидаем закрытие < today».
    """
    text = _with_parts_named(noun, text)
    try:
        return _parsed(crm, noun, text)
    except (InvalidValue, WrongUsage):
        named = _with_labels_named(noun, text)
        if named == text:
            raise
        return _parsed(crm, noun, named)


def _parsed(crm: Desk, noun: Noun, text: str) -> QueryLike:
    zone = crm.settings.time_zone
    return parse_where(
        text,
        lambda name: kind_of(noun, name),
        today=crm.today(),
        tzinfo=zone,
        names=list(noun.fields),
        stored=lambda name, value: stored(crm, noun, name, value),
        linked=lambda name, value: linked(crm, noun, name, value),
    )


def kind_of(noun: Noun, name: str) -> FieldKind | None:
    """Return how values of a field are compared, None for a field that the noun does not have."""
    if name in _SYSTEM:
        return _SYSTEM[name]
    try:
        field, part = noun.field(name)
    except InvalidValue:
        return None
    if part:
        return FieldKind.LOOSE if isinstance(field, Extras) else FieldKind.TEXT
    return FieldKind.DECIMAL if isinstance(field, Quantity) else _KINDS[field.sort]


def stored(crm: Desk, noun: Noun, name: str, text: str) -> str:
    """Return how a value that a person wrote stands in a record: a title as its id, a company's name as its reference.

    What the field does not know stays as it was written, with a warning: a stage that is not in the settings any more
    can be asked for.
    """
    if name == "owner":
        return crm.actor if text == "me" else _person(crm, text)
    try:
        field, part = noun.field(name)
    except InvalidValue:
        return text
    if part:
        return _part(crm, field, part, text)
    if isinstance(field, Ref | Refs):
        return text if REF.fullmatch(text) or not field.kind else crm.customs.find_ref(field.kind, text)
    if isinstance(field, Day | Moment):
        day = parse_day(text, crm.today())
        return day.isoformat() if day else text
    if isinstance(field, MoneyField):
        return _amount(crm, text)
    try:
        if isinstance(field, Choices | Emails | Phones):
            return field.one(text, crm.customs)
        if isinstance(field, Choice):
            return str(field.parse(text, crm.customs))
    except InvalidValue as unknown:
        if isinstance(field, Choice | Choices) and text not in _ENDS:
            crm.warnings.append(str(unknown))
    return text


def _part(crm: Desk, field: Field[Any], part: str, text: str) -> str:
    """Return how the value of a part stands: of a classifier the id of its entry."""
    if not isinstance(field, Classifiers):
        return text
    try:
        return field.clean(part, text, crm.customs)
    except CrmError as unknown:
        crm.warnings.append(str(unknown))
        return text


def _person(crm: Desk, text: str) -> str:
    """Return the login of who is named; who is none stays as written, with a warning."""
    try:
        return crm.person(text)
    except NotFound as unknown:
        crm.warnings.append(str(unknown))
        return text


def linked(crm: Desk, noun: Noun, name: str, text: str) -> list[str] | None:
    """Return the links to the records that have `text` in their names; None for a field that links to no one kind."""
    field = noun.fields.get(name)
    if not isinstance(field, Ref | Refs) or not field.kind or REF.fullmatch(text):
        return None
    from tinydb.queries import where

    from crm.store.query import contains

    records = crm.collection(field.kind)
    named = where(records.noun.entity.naming).test(contains, text)  # type: ignore[arg-type]
    return [one.ref for one in records.find(named)]


def _amount(crm: Desk, text: str) -> str:
    """Return an amount, with its currency only where it was written."""
    written = MoneyField().parse(text, crm.customs)
    return f"{written['amount']} {written['currency']}" if re.search(r"[^\d\s.,_+-]", text) else str(written["amount"])


_QUOTED = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", re.DOTALL)
_COMPARED = r"(?=\s*(?:[=!<>~]|(?:is|in|not|like|не)\b))"


def _with_labels_named(noun: Noun, text: str) -> str:
    """Write the names of fields for their labels, outside quotation marks; a label of two fields is left alone."""
    fields = [(field.label, name) for name, field in noun.fields.items()]
    labels = [label.casefold() for label, _name in fields]
    parts = _QUOTED.split(text)
    for label, name in sorted(fields, key=lambda one: -len(one[0])):
        if labels.count(label.casefold()) == 1 and label.casefold() not in noun.fields.keys() - {name}:
            pattern = re.compile(rf"(?<![\w.]){re.escape(label)}{_COMPARED}", re.IGNORECASE)
            parts[::2] = [pattern.sub(name, part) for part in parts[::2]]
    return "".join(parts)


def _with_parts_named(noun: Noun, text: str) -> str:
    """Write `inn` as `tax_ids.inn` where a condition names a part alone."""
    for field in noun.fields.values():
        if isinstance(field, Parts):
            for part in field.parts:
                if part not in noun.fields:
                    text = re.sub(
                        rf"(?<![\w.\"']){part}(?=\s*(=|!|<|>|~|\bis\b|\bin\b|\bnot\b))", f"{field.name}.{part}", text
                    )
    return text
