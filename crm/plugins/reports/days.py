"""Days counted: the mean and the median of a histogram of days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

_CENT = Decimal("0.01")


def histogram(pairs: Iterable[tuple[int | None, int]]) -> Counter[int]:
    """Return how many took each number of days; what is not known does not count."""
    counted: Counter[int] = Counter()
    for days, count in pairs:
        if days is not None:
            counted[days] += count
    return counted


def mean(counted: Mapping[int, int]) -> float | None:
    """Return the mean in days of two decimals, None of nothing."""
    number = sum(counted.values())
    total = sum(days * count for days, count in counted.items())
    return float((Decimal(total) / number).quantize(_CENT)) if number else None


def median(counted: Mapping[int, int]) -> float | None:
    """Return the median in days, None of nothing."""
    number = sum(counted.values())
    if not number:
        return None
    low, high = _at(counted, (number - 1) // 2), _at(counted, number // 2)
    return float(Decimal(low + high) / 2)


def _at(counted: Mapping[int, int], place: int) -> int:
    for days in sorted(counted):
        place -= counted[days]
        if place < 0:
            return days
    raise IndexError(place)
