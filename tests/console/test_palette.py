"""What appears while one types: in the search box, and in the box of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.console.client import Client
from tests.console.test_pages import add_deal

if TYPE_CHECKING:
    from tests.console.test_browser import Open


def test_the_palette_knows_places_commands_and_records(olga: Client) -> None:
    number = add_deal(olga, title="Palettendeal")
    found = olga.get("/palette.json?text=palettend").data
    assert [one["address"] for one in found] == [f"/deal/{number}"]
    assert "/reports" in [one["address"] for one in olga.get("/palette.json?text=rep").data]
    assert "/deal/add" in [one["address"] for one in olga.get("/palette.json?text=add+deal").data]
    assert olga.get("/palette.json?text=").data == []


def test_known_clients_come_with_what_goes_on(olga: Client) -> None:
    found = olga.get("/known.json?text=8916123").data
    громов = next(one for one in found if one["title"] == "Василий Громов")
    assert "+7 916 123-45-67" in громов["about"]
    assert "Щебень" in громов["lines"][0]


@pytest.mark.browser
def test_the_search_opens_a_choice_by_keys(open_page: Open, olga: Client) -> None:
    title = f"Findable {uuid4().hex[:10]}"
    number = add_deal(olga, title=title)
    page = open_page("/my")
    page.keyboard.press("Control+k")
    page.keyboard.type(title)
    page.wait_for_selector("#search-choices [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/deal/{number}")


@pytest.mark.browser
def test_a_request_shows_the_client_while_typing_or_adds_a_lead(open_page: Open) -> None:
    page = open_page("/deals")
    page.keyboard.press("p")
    page.keyboard.type("89161234567")
    page.wait_for_selector("#accept-choices [role=option]:has-text('Громов')")
    name = f"Newcomer {uuid4().hex[:8]}"
    page.fill("#accept", name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lead/*")
    assert page.inner_text("h1") == name


@pytest.mark.parametrize("text", ["new deal", "create deal", "add deals"])
def test_what_is_added_is_found_by_the_words_of_people(olga: Client, text: str) -> None:
    titles = [one["title"] for one in olga.get(f"/palette?text={quote(text)}").data]
    assert "Add: Deal" in titles
