"""Numbers of papers: a template such as `{year}-{n:04d}`, and the next free number of its series."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm.model.fields import Doc
    from crm.sales.desk import Desk

_SLOT = re.compile(r"\{(n|year|month)(?::0?(\d{1,2})d?)?\}")


class NumberTemplate:
    """How numbers look: text with `{n}`, which counts, and `{year}` and `{month}`, which begin the count anew.

    A width as in `{n:04d}` pads with zeros.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def from_plain(cls, data: object) -> NumberTemplate:
        """Read the template; raises ValueError for one without `{n}` or with other braces."""
        text = str(data).strip()
        names = [found[1] for found in _SLOT.finditer(text)]
        if names.count("n") != 1 or re.search("[{}]", _SLOT.sub("", text)):
            raise ValueError(
                _("{template} is no template of numbers; write for example {example}.").format(
                    template=text, example="{year}-{n:04d}"
                )
            )
        return cls(text)

    @property
    def counts_within_a_period(self) -> bool:
        """Tell whether the count begins anew with a year or a month."""
        return any(found[1] != "n" for found in _SLOT.finditer(self.text))

    def series(self, day: date) -> str:
        """Return the series that a paper of that day belongs to: the number with `{n}` left open."""
        return _SLOT.sub(lambda slot: "{n}" if slot[1] == "n" else _padded(slot, _part(slot[1], day)), self.text)

    def number(self, day: date, n: int) -> str:
        """Return the number of the `n`-th paper of its series."""
        return _SLOT.sub(lambda slot: _padded(slot, n if slot[1] == "n" else _part(slot[1], day)), self.text)

    def place(self, number: str, day: date) -> int | None:
        """Return which paper of its series bears a number, None for one that is made otherwise."""
        before, _slot, after = self.series(day).partition("{n}")
        digits = number[len(before) : len(number) - len(after)]
        if not (number.startswith(before) and number.endswith(after) and digits.isdecimal() and len(digits) <= 15):
            return None
        return int(digits) if self.number(day, int(digits)) == number else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NumberTemplate) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def _part(name: str, day: date) -> int:
    return day.year if name == "year" else day.month


def _padded(slot: re.Match[str], value: int) -> str:
    return str(value).zfill(int(slot[2] or 0))


class Numbered(NamedTuple):
    """A number with the series and the place in it that it was made of."""

    number: str
    series: str
    series_number: int


def next_number(crm: Desk, kind: str, template: NumberTemplate, day: date, first: int, own: str = "") -> Numbered:
    """Return the next free number of a series, within the draft at hand.

    The very first paper of a workspace gets `first`; later series begin at 1. `own` is the company of ours whose series
    it is.
    """
    series = series_of(template, day, own)
    highest = _highest(crm, kind, "series_number", series)
    if highest is None:
        highest = first - 1 if highest_of(crm, kind, "series_number") is None else 0
    return free_number(crm, kind, template, day, highest + 1, own)


def given_number(template: NumberTemplate, day: date, number: str, own: str = "") -> dict[str, object]:
    """Return the fields of a number given by hand: one of the series takes its place there, any other has none."""
    place = template.place(number, day)
    return {"number": number} if place is None else Numbered(number, series_of(template, day, own), place)._asdict()


def refuse_taken(crm: Desk, kind: str, number: str, year: int, own: str = "", but: int = 0) -> None:
    """Raise Refused where another paper of that company of ours and that year bears a number."""
    from crm.errors import Refused

    for one, doc in _bearing(crm, kind, number):
        if one != but and doc.get("own", "") == own and str(doc.get("date") or year)[:4] == str(year):
            raise Refused(
                _("{ref} has the number {number} already.").format(ref=f"{kind}/{one}", number=number),
                _("Give another number, or none: the next one is taken."),
            )


def series_of(template: NumberTemplate, day: date, own: str = "") -> str:
    """Return the series of a paper; a company of ours beside the main one has its own."""
    return f"{own}:{template.series(day)}" if own else template.series(day)


def free_number(crm: Desk, kind: str, template: NumberTemplate, day: date, n: int, own: str = "") -> Numbered:
    """Return the `n`-th number of a series, or the first after it that no paper of that company bears."""
    while _is_taken(crm, kind, template.number(day, n), own):
        n += 1
    return Numbered(template.number(day, n), series_of(template, day, own), n)


def _is_taken(crm: Desk, kind: str, number: str, own: str) -> bool:
    return any(doc.get("own", "") == own for _id, doc in _bearing(crm, kind, number))


def _bearing(crm: Desk, kind: str, number: str) -> Iterator[tuple[int, Doc]]:
    """Yield the papers that bear a number, drafted and deleted ones too."""
    for one in crm.store.index.lookup(kind, "number", number):
        yield one, crm.doc(kind, one) or {}
    for name, one, doc in crm.store.draft.docs() if crm.store.draft else ():
        if name == kind and doc and doc.get("number") == number:
            yield one, doc


def highest_of(crm: Desk, kind: str, field: str) -> int | None:
    """Return the highest value of a counting field over all records, drafted and deleted ones too; None without any."""
    return _highest(crm, kind, field)


def _highest(crm: Desk, kind: str, field: str, series: str | None = None) -> int | None:
    """Return the highest number whoever may read it: rights do not matter to a counter."""
    from tinydb.queries import where

    from crm.store.select import Selection, highest

    query = where("series") == series if series is not None else None
    stored = highest(crm.store.index, crm.store.kinds[kind], field, Selection(query, trashed=None))
    docs = crm.store.draft.docs() if crm.store.draft else ()
    drafted = [doc[field] for name, _id, doc in docs if name == kind and doc and field in doc and _within(doc, series)]
    return max([*drafted, *([stored] if stored is not None else [])], default=None)


def _within(doc: Doc, series: str | None) -> bool:
    return series is None or doc.get("series") == series
