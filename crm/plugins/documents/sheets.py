"""How the rows of a form with a total on each page are laid out: how tall a row is, which rows share a page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NARROW, _WIDE = frozenset("ilj.,:;'!|()[]/\\- I«»\"1"), frozenset("mwMWШЩЖЮФМЫДЪшщжюфмы@%№")
_MM_PER_POINT = 0.3528
SUMMED = ("places", "gross", "qty", "net", "vat", "sum")


def text_lines(text: str, width: float, points: float) -> int:
    """Return how many lines a text takes in a column of `width` mm in a type of `points`, rather one too many."""
    lines, left = 1, width
    for word in text.split():
        wide = _width(word + " ", points)
        if wide > left and left < width:
            lines, left = lines + 1, width
        while wide > width:
            lines, wide = lines + 1, wide - width
        left -= wide
    return lines


def _width(text: str, points: float) -> float:
    ems = sum(0.36 if char in _NARROW else 0.9 if char in _WIDE else 0.72 if char.isupper() else 0.6 for char in text)
    return ems * points * _MM_PER_POINT


def paged(rows: Sequence[Any], heights: Sequence[float], first: float, rest: float, ending: float) -> list[list[Any]]:
    """Share rows over pages with `first` and `rest` mm of room; the last page has room for the `ending` as well.

    The ending never stands on a page without a row.
    """
    pages: list[list[int]] = [[]]
    for place in range(len(rows)):
        room = first if len(pages) == 1 else rest
        if pages[-1] and _taken(pages[-1], heights) + heights[place] > room:
            pages.append([])
        pages[-1].append(place)
    room = first if len(pages) == 1 else rest
    if _taken(pages[-1], heights) + ending > room and len(pages[-1]) > 1:
        pages.append([pages[-1].pop()])
    return [[rows[place] for place in page] for page in pages]


def _taken(places: Iterable[int], heights: Sequence[float]) -> float:
    return sum(heights[place] for place in places)


def summed(rows: Iterable[dict[str, Any]]) -> dict[str, Decimal]:
    """Return the sums of rows by column; what no row knows is left out."""
    totals: dict[str, Decimal] = {}
    for row in rows:
        for name in SUMMED:
            if row[name] is not None:
                totals[name] = totals.get(name, Decimal(0)) + row[name]
    return totals
