from __future__ import annotations

from datetime import date

import pytest

from crm.plugins.quotes.numbering import NumberTemplate

DAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("template", "number", "series"),
    [
        ("{n}", "7", "{n}"),
        ("{year}-{n:04d}", "2026-0007", "2026-{n}"),
        ("{year}-{n:4}", "2026-0007", "2026-{n}"),
        ("КП-{n:03d}/{month:02d}.{year}", "КП-007/03.2026", "КП-{n}/03.2026"),
    ],
)
def test_a_template_makes_numbers_and_series(template: str, number: str, series: str) -> None:
    made = NumberTemplate.from_plain(template)
    assert (made.number(DAY, 7), made.series(DAY)) == (number, series)


@pytest.mark.parametrize("template", ["", "{year}", "{n}{n}", "{n.__class__}", "{n}{secret}", "{n!r}", "{n:{n}}", "{n"])
def test_other_braces_are_refused(template: str) -> None:
    with pytest.raises(ValueError, match="template"):
        NumberTemplate.from_plain(template)
