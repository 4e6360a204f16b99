"""Pages on a past date: what was there then is shown, links stay there, nothing can be changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.console.client import Client
from tests.console.test_pages import add_deal

if TYPE_CHECKING:
    from tests.console.test_browser import Open


def test_what_was_not_there_yet_is_not_shown(olga: Client) -> None:
    add_deal(olga)
    assert olga.get("/deals.json?as_of=yesterday").data["count"] == 0
    assert olga.get("/deal/1?as_of=yesterday").status == 404
    assert olga.get("/deal/1").status == 200
    board = olga.get("/board/deal/sales?as_of=yesterday")
    assert "As it stood on" in board.body
    assert 'data-changes="' not in board.body, "the past does not change: nothing is asked for"


@pytest.mark.parametrize("path", ["/my", "/deals", "/board/deal/sales", "/deal/1", "/reports/leads", "/find?text=a"])
def test_the_past_is_only_read(olga: Client, path: str) -> None:
    page = olga.get(f"{path}{'&' if '?' in path else '?'}as_of=tomorrow")
    assert page.status == 200
    main = page.body[page.body.index("<main") :]
    for sign in ("card-move", "data-quick", 'name="only"', "/add?", "/edit", "/undo/", "/done", 'name="do"'):
        assert sign not in main, sign


def test_links_stay_on_the_date_and_lead_back_to_today(olga: Client) -> None:
    body = olga.get("/deals?sort=amount&as_of=2030-01-01").body
    assert re.search(r'href="/deal/\d+\?as_of=2030-01-01"', body)
    assert 'href="/deals?sort=amount"' in body, "back to today"


def test_forms_of_the_past_are_refused(olga: Client) -> None:
    assert olga.get("/deal/add?as_of=yesterday").status == 403
    assert olga.get("/deal/1/edit?as_of=tomorrow").status == 403


def test_a_date_that_is_none_is_said(olga: Client) -> None:
    assert olga.get("/deals?as_of=nonsense").status == 422
    assert olga.get("/deals.json?as_of=nonsense").status == 422


@pytest.mark.browser
def test_a_date_is_looked_at_from_the_menu(open_page: Open) -> None:
    page = open_page("/deals?sort=amount")
    page.click(".user summary")
    page.fill("#as-of", "2020-01-01")
    page.click(".look-back button")
    page.wait_for_selector(".past")
    assert "sort=amount" in page.url
    assert page.locator("tbody tr").count() == 0
    page.click(".past a")
    page.wait_for_selector("tbody tr")
