"""A working day with the keyboard alone: a call comes in, becomes a client and a deal, is worked, moved and won."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.console.client import Client

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.console.test_browser import Open

pytestmark = pytest.mark.browser
MOST_STEPS = 150


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what fits, as a person without a mouse does."""
    for _step in range(MOST_STEPS):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not come to {selector} on {page.url}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_day_needs_no_mouse(open_page: Open, olga: Client) -> None:
    page, name = open_page("/my"), f"Key {uuid4().hex[:8]}"
    press(page, "p")
    page.keyboard.type(name)
    press(page, "Enter")
    page.wait_for_url("**/lead/*")

    tab_to(page, "a[href$='/convert']")
    press(page, "Enter")
    page.wait_for_selector("#field-company")
    tab_to(page, "#field-amount")
    page.keyboard.type("5000")
    press(page, "Enter")
    page.wait_for_url("**/deal/*")
    number = int(page.url.rpartition("/")[2])

    tab_to(page, ".inline-form summary")
    press(page, "Enter")
    page.wait_for_selector("[name=subject]:focus")
    page.keyboard.type("Call back")
    press(page, "Enter")
    page.wait_for_selector(".activities :text('Call back')")

    tab_to(page, "#comment")
    page.keyboard.type("Agreed on Friday")
    tab_to(page, ".comment button")
    press(page, "Enter")
    page.wait_for_selector(".entry .body:has-text('Agreed on Friday')")

    tab_to(page, "details.edit summary")
    press(page, "Enter")
    page.wait_for_selector("details.edit [name=title]:focus")
    press(page, "End")
    page.keyboard.type(" more")
    press(page, "Enter")
    page.wait_for_selector(f"h1:has-text('{name} more')")

    press(page, "g", "d")
    page.wait_for_url("**/board/deal/**")
    tab_to(page, "#filter-text")
    page.keyboard.type(name)
    press(page, "Enter")
    page.wait_for_url("**text=**")
    card = f'.card[data-id="{number}"]'
    tab_to(page, f"{card} .title")
    press(page, "]")
    page.wait_for_selector(f'.column[data-stage="qualified"] {card}')
    press(page, "m", "End")
    lost = page.evaluate("document.activeElement.dataset.stage")
    press(page, "ArrowUp", "Enter")
    page.wait_for_selector(card, state="detached")
    assert lost == "lost"
    assert olga.get(f"/deal/{number}.json").data["record"]["outcome"] == "won"

    press(page, "Control+k")
    page.keyboard.type("rep")
    page.wait_for_selector("#search-choices [role=option]")
    press(page, "ArrowDown", "Enter")
    page.wait_for_url("**/reports**")
    page.keyboard.press("?")
    assert page.is_visible("#shortcuts")
    press(page, "Escape")
    assert not page.is_visible("#shortcuts")
