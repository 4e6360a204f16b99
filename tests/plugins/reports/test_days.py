from __future__ import annotations

import statistics

from hypothesis import given
from hypothesis import strategies as st

from crm.plugins.reports.days import histogram, mean, median


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_a_histogram_has_the_mean_and_the_median_of_its_days(days: list[int]) -> None:
    counted = histogram((day, 1) for day in days)
    assert abs((mean(counted) or 0) - statistics.fmean(days)) <= 0.005 + 1e-9
    assert median(counted) == statistics.median(days)


def test_nothing_has_neither() -> None:
    assert histogram([(None, 3)]) == {}
    assert (mean({}), median({})) == (None, None)
