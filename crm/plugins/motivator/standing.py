"""How a person stands against the norm: a pure function of activities, department cards and dates.

Reading the records of a workspace is `report.py`.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm.settings_shapes import Departments

ONE_PLACE = Decimal("0.1")


class Work(NamedTuple):
    """Done activities of one kind on one day: whose they are, how many points each gave, how many there were."""

    login: str
    day: date
    kind: str
    points: int
    count: int = 1  # type: ignore[assignment]


class Person(NamedTuple):
    """Somebody whose work is counted; `norm` is points a working day, `active` is False for who has left.

    On the days of `absent` no norm is asked for and no evenness is looked for; what is done then still counts.
    """

    login: str
    name: str
    department: str
    norm: Decimal
    active: bool = True
    absent: frozenset[date] = frozenset()


class Period(NamedTuple):
    """The days that are summed up, both ends included, and the first day that stability and trend look at."""

    first: date
    last: date
    window_first: date

    @property
    def earliest(self) -> date:
        """Return the first day whose work is needed."""
        return min(self.first, self.window_first)


class Standing(NamedTuple):
    """A person's points of a period, the norm, and how even the working days are.

    `percent` is None without a norm. `stability` is 100 for equal days, 0 for work done in one heap
    (1 − standard deviation / mean, in percent); `trend` is the average of the later half of the days less that of
    the earlier half, in points a day. Both are None for fewer than two working days or without any points.
    """

    person: Person
    period: Period
    points: int
    norm: Decimal
    percent: int | None
    counts: dict[str, int]
    points_by_kind: dict[str, int]
    days: dict[date, int]
    stability: int | None
    trend: Decimal | None

    def plain(self) -> dict[str, Any]:
        """Return what scripts get."""
        return {
            "id": self.person.login,
            "user": self.person.login,
            "name": self.person.name,
            "department": self.person.department or None,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "absent": len([day for day in self.person.absent if self.period.first <= day <= self.period.last]),
            "points": self.points,
            "norm": _number(self.norm),
            "percent": self.percent,
            "stability": self.stability,
            "trend": None if self.trend is None else _number(self.trend),
            "counts": self.counts,
            "points_by_kind": self.points_by_kind,
            "days": {day.isoformat(): points for day, points in self.days.items()},
        }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def day_period(day: date, works: Callable[[date], bool], window: int) -> Period:
    """Return one day, with the last `window` working days up to it for stability and trend."""
    back = (day - timedelta(days=shift) for shift in range(366))
    days = [one for one, _place in zip((one for one in back if works(one)), range(max(window, 1)), strict=False)]
    return Period(day, day, days[-1] if days else day)


def month_period(first: date, today: date) -> Period:
    """Return a month until today: a month that is over as a whole, one to come as no days at all."""
    after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Period(first, min(after - timedelta(days=1), today), first)


def standing(person: Person, work: Iterable[Work], period: Period, departments: Departments) -> Standing:
    """Sum up one person's work; the norm counts the department's working days, points count on any day."""
    own = [one for one in work if one.login == person.login]
    counted = [one for one in own if period.first <= one.day <= period.last]
    counts, by_kind = Counter[str](), Counter[str]()
    for one in counted:
        counts[one.kind] += one.count
        by_kind[one.kind] += one.points * one.count
    days = dict.fromkeys(_working(person, period.window_first, period.last, departments), 0)
    for one in own:
        if one.day in days:
            days[one.day] += one.points * one.count
    points = sum(by_kind.values())
    norm = person.norm * len(list(_working(person, period.first, period.last, departments)))
    series = list(days.values())
    return Standing(
        person=person,
        period=period,
        points=points,
        norm=norm,
        percent=_percent(points, norm),
        counts=dict(sorted(counts.items())),
        points_by_kind=dict(sorted(by_kind.items())),
        days=days,
        stability=stability(series),
        trend=trend(series),
    )


def _working(person: Person, first: date, last: date, departments: Departments) -> Iterator[date]:
    for shift in range((last - first).days + 1):
        day = first + timedelta(days=shift)
        if day not in person.absent and departments.works(person.department, day):
            yield day


def _percent(points: int, norm: Decimal) -> int | None:
    return int((100 * points / norm).quantize(Decimal(1), ROUND_HALF_UP)) if norm else None


def stability(days: Sequence[int]) -> int | None:
    """Return how even days are: 100 when all are equal, 0 when the deviation reaches the mean."""
    total = sum(days)
    if len(days) < 2 or total <= 0:
        return None
    mean = Decimal(total) / len(days)
    variance = sum(((day - mean) ** 2 for day in days), Decimal(0)) / len(days)
    share = max(Decimal(0), 1 - variance.sqrt() / mean)
    return int((100 * share).quantize(Decimal(1), ROUND_HALF_UP))


def trend(days: Sequence[int]) -> Decimal | None:
    """Return by how many points a day the later half of the days is better; the middle one counts in neither."""
    half = len(days) // 2
    if not half or not any(days):
        return None
    return (Decimal(sum(days[-half:]) - sum(days[:half])) / half).quantize(ONE_PLACE, ROUND_HALF_UP)
