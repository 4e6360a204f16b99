"""Figures over the records of a noun: counts and sums by fields, linked fields and months; days between two times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.model.fields import Ref
from crm.store.terms import Days, Latest, Linked, Local, Logged, Term

if TYPE_CHECKING:
    from crm.sales.desk import Desk
    from crm.sales.noun import Noun

_ENTRY = re.compile(r"(\w+)\[(.+)\]")
_SIGNS = {"day": 10, "month": 7, "year": 4}


class Span(NamedTuple):
    """How many records took so many days: the values they are grouped by, the days (None: not known), the number."""

    by: tuple[Any, ...]
    days: int | None
    count: int  # type: ignore[assignment]


def term_of(crm: Desk, noun: Noun, text: str) -> Term:
    """Read what figures are grouped by; raise InvalidValue for a field that the noun does not have.

    A field (`owner`), a part of it (`tax_ids.inn`), a field of a linked record (`company.industry`), the local day,
    month or year of a time (`closed:month`), the time when a deal came to a stage (`stage_log[proposal]`), the last
    payment of a deal (`paid`).
    """
    name, _colon, unit = text.partition(":")
    if unit in _SIGNS:
        return Local(term_of(crm, noun, name), _SIGNS[unit])
    entry = _ENTRY.fullmatch(text)
    if entry:
        return Logged(entry[1], "stage", entry[2], "since")
    if text == "paid" and "payment" in crm.nouns:
        return Latest((("invoice", noun.name), ("payment", "invoice")), "date")
    link, dot, field = text.partition(".")
    linking = noun.fields.get(link)
    if dot and isinstance(linking, Ref) and linking.kind in crm.nouns:
        crm.collection(linking.kind).noun.field(field)
        return Linked(link, linking.kind, field)
    if text not in ("id", "rev"):
        found, part = noun.field(text)
        return f"{found.name}.{part}" if part else found.name
    return text


def days_of(crm: Desk, noun: Noun, starts: tuple[str, ...], ends: tuple[str, ...]) -> Days:
    """Return the days from the first start that is known to the first end."""
    return Days(tuple(term_of(crm, noun, start) for start in starts), tuple(term_of(crm, noun, end) for end in ends))
