from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.plugins.motivator.standing import Person, Work, day_period, month_period, stability, standing, trend
from crm.settings_shapes import Department, Departments

CARDS = Departments(
    departments=(
        Department(id="sales", title="Sales", norm=Decimal(48)),  # type: ignore[arg-type]
        Department(id="shift", title="Shift", norm=Decimal("10.5"), working_days=("sat", "sun")),  # type: ignore[arg-type]
    ),
    holidays=(date(2024, 3, 8),),
)
OLGA = Person("olga", "Ольга", "sales", Decimal(48))


def work(day: int, points: int, kind: str = "call_out", login: str = "olga") -> Work:
    return Work(login, date(2024, 3, day), kind, points)


def test_norm_of_a_month_counts_working_days_without_holidays() -> None:
    found = standing(OLGA, [work(4, 20), work(9, 4)], month_period(date(2024, 3, 1), date(2026, 1, 1)), CARDS)
    assert found.norm == 48 * 20  # 21 weekdays less the 8th of March
    assert found.points == 24  # the Saturday's work counts, though nobody asks for it
    assert found.percent == 3
    assert date(2024, 3, 8) not in found.days
    assert date(2024, 3, 9) not in found.days


def test_norm_of_the_current_month_is_until_today() -> None:
    found = standing(
        OLGA, [work(1, 48), work(4, 48), work(5, 48)], month_period(date(2024, 3, 1), date(2024, 3, 4)), CARDS
    )
    assert (found.points, found.norm, found.percent) == (96, 96, 100)


def test_month_to_come_has_no_norm() -> None:
    found = standing(OLGA, [], month_period(date(2024, 5, 1), date(2024, 3, 4)), CARDS)
    assert (found.points, found.norm, found.percent, found.stability, found.trend) == (0, 0, None, None, None)


def test_month_ends_where_it_ends() -> None:
    assert month_period(date(2024, 2, 1), date(2024, 6, 1)).last == date(2024, 2, 29)
    assert month_period(date(2023, 12, 1), date(2024, 6, 1)).last == date(2023, 12, 31)


def test_day_looks_back_on_working_days() -> None:
    period = day_period(date(2024, 3, 11), lambda day: CARDS.works("sales", day), 3)
    assert (period.first, period.last, period.window_first) == (date(2024, 3, 11), date(2024, 3, 11), date(2024, 3, 6))
    found = standing(OLGA, [work(6, 10), work(7, 20), work(11, 30)], period, CARDS)
    assert found.points == 30
    assert list(found.days.values()) == [10, 20, 30]
    assert found.trend == 20


def test_day_off_has_no_norm_for_one_department_and_one_for_another() -> None:
    saturday = day_period(date(2024, 3, 9), lambda day: CARDS.works("sales", day), 5)
    assert standing(OLGA, [work(9, 5)], saturday, CARDS).percent is None
    guard = Person("petr", "Пётр", "shift", Decimal("10.5"))
    found = standing(guard, [work(9, 21, login="petr")], saturday, CARDS)
    assert (found.norm, found.percent) == (Decimal("10.5"), 200)


def test_work_of_others_is_not_counted() -> None:
    found = standing(OLGA, [work(4, 5, login="petr")], month_period(date(2024, 3, 1), date(2024, 3, 31)), CARDS)
    assert (found.points, found.counts) == (0, {})


def test_counts_by_kind() -> None:
    done = [work(4, 1), work(4, 1), work(5, 1, "call_in"), work(5, 5, "meeting")]
    found = standing(OLGA, done, month_period(date(2024, 3, 1), date(2024, 3, 31)), CARDS)
    assert found.counts == {"call_out": 2, "call_in": 1, "meeting": 1}
    assert found.points_by_kind == {"call_out": 2, "call_in": 1, "meeting": 5}
    assert list(found.plain()["counts"]) == ["call_in", "call_out", "meeting"]


def test_plain_is_json_without_decimals() -> None:
    person = Person("petr", "Пётр", "shift", Decimal("10.5"))
    plain = standing(person, [], month_period(date(2024, 3, 1), date(2024, 3, 3)), CARDS).plain()
    assert (plain["norm"], plain["from"], plain["to"], plain["days"]) == (
        21, "2024-03-01", "2024-03-03", {"2024-03-02": 0, "2024-03-03": 0}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], None), ([5], None), ([0, 0], None), ([7, 7, 7], 100), ([0, 10], 0), ([8, 12], 80), ([0, 0, 0, 40], 0)],
)
def test_stability(days: list[int], expected: int | None) -> None:
    assert stability(days) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [([], None), ([5], None), ([0, 0], None), ([1, 2], "1.0"), ([4, 100, 2], "-2.0"), ([1, 1, 2, 2, 3, 5], "2.0")],
)
def test_trend(days: list[int], expected: str | None) -> None:
    assert trend(days) == (None if expected is None else Decimal(expected))


@given(st.lists(st.integers(0, 500), max_size=31))
def test_stability_is_a_percentage_and_does_not_mind_order(days: list[int]) -> None:
    found = stability(days)
    assert found is None or 0 <= found <= 100
    assert stability(sorted(days)) == found
    reverse, forth = trend(days[::-1]), trend(days)
    assert (reverse is None) == (forth is None)
    assert forth is None or reverse == -forth
