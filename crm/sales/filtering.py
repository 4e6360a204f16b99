"""The filters of a noun: the language of `--where` with the noun's own fields and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.model.field_parts import Parts
from crm.model.fields import Quantity
from crm.store.where import FieldKind, parse_where

if TYPE_CHECKING:
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
_SYSTEM = {"id": FieldKind.NUMBER, "rev": FieldKind.NUMBER, "deleted": FieldKind.TIME}


def parse(crm: Desk, noun: Noun, text: str) -> QueryLike:
    """Return the TinyDB query of a condition on a noun; raise WrongUsage or InvalidValue."""
    text = _with_parts_named(noun, text)
    zone = crm.settings.time_zone
    return parse_where(text, lambda name: kind_of(noun, name), today=crm.today(), tzinfo=zone, names=list(noun.fields))


def kind_of(noun: Noun, name: str) -> FieldKind | None:
    """Return how values of a field are compared, None for a field that the noun does not have."""
    if name in _SYSTEM:
        return _SYSTEM[name]
    try:
        field, part = noun.field(name)
    except InvalidValue:
        return None
    if part:
        return FieldKind.TEXT
    return FieldKind.DECIMAL if isinstance(field, Quantity) else _KINDS[field.sort]


def _with_parts_named(noun: Noun, text: str) -> str:
    """Write `inn` as `tax_ids.inn` where a condition names a part alone."""
    import re

    for field in noun.fields.values():
        if isinstance(field, Parts):
            for part in field.parts:
                if part not in noun.fields:
                    text = re.sub(
                        rf"(?<![\w.\"']){part}(?=\s*(=|!|<|>|~|\bis\b|\bin\b|\bnot\b))", f"{field.name}.{part}", text
                    )
    return text
