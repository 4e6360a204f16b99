"""Every word that a filter of a list, a board or a report may have: an answer or one sentence, never a failure."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.console.client import Client

PLACES = ("/board/deal/sales", "/board/lead/leads", "/calendar", "/journal", "/reports/funnel", "/p/control", "/p/load")
WORDS = (
    "self",
    "kind",
    "pipeline",
    "form",
    "name",
    "id",
    "token",
    "query",
    "more",
    "ref",
    "args",
    "sort",
    "page",
    "as",
)


def lists(olga: Client) -> list[str]:
    menu = olga.get("/my").body.partition('id="menu"')[2].partition("</nav>")[0]
    found = [unescape(one) for one in re.findall(r'<a href="([^"]+)"', menu)]
    return [one for one in dict.fromkeys([*found, *PLACES]) if one not in ("/", "/reports", "/settings")]


def choices(body: str) -> list[tuple[str, str]]:
    """Return each filter with each of its choices."""
    head = body.partition('class="filters')[2].partition("</form>")[0]
    selects = re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', head, re.DOTALL)
    return [(name, unescape(value)) for name, inner in selects for value in re.findall(r'value="([^"]*)"', inner)]


def test_every_choice_of_every_filter_is_answered(olga: Client) -> None:
    asked = [(place, name, value) for place in lists(olga) for name, value in choices(olga.get(place).body)]
    assert len(asked) > 100
    failed = [one for one in asked if olga.get(f"{one[0]}?{urlencode(dict([one[1:]]))}").status != 200]
    assert failed == []


@pytest.mark.parametrize("word", WORDS)
def test_a_word_named_as_a_part_of_the_program_is_no_failure(olga: Client, word: str) -> None:
    failed = {place: olga.get(f"{place}?{word}=x").status for place in lists(olga)}
    assert {place: status for place, status in failed.items() if status >= 500} == {}
