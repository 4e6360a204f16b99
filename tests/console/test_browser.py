"""The console in a real browser: by mouse, by keys, without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.console.client import Client
from tests.console.conftest import Running
from tests.console.test_pages import add_deal, record

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser
BOARD = "/board/deal/sales"


def card(number: int) -> str:
    return f'.card[data-id="{number}"]'


def placed(number: int, stage: str) -> str:
    return f'.column[data-stage="{stage}"] {card(number)}'


def drag(page: Page, number: int, target: str) -> None:
    page.locator(card(number)).scroll_into_view_if_needed()
    start = page.locator(card(number)).bounding_box()
    assert start is not None
    page.mouse.move(start["x"] + 30, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 40)
    end = page.locator(target).bounding_box()
    assert end is not None
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=4)
    page.mouse.up()


def test_a_card_is_dragged_and_the_move_taken_back(open_page: Open, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(BOARD)
    drag(page, number, '.column[data-stage="proposal"]')
    page.wait_for_selector(placed(number, "proposal"))
    page.wait_for_selector("#toast .flash form")
    assert record(olga, "deal", number)["stage"] == "proposal"
    page.click("#toast form button")
    page.wait_for_selector(placed(number, "new"))
    assert record(olga, "deal", number)["stage"] == "new"


def test_a_card_is_moved_by_keys(open_page: Open, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(BOARD)
    page.focus(f"{card(number)} .title")
    page.keyboard.press("]")
    page.wait_for_selector(placed(number, "qualified"))
    page.wait_for_selector("#toast .flash form")
    assert page.evaluate("document.activeElement.closest('.card')?.dataset.id") == str(number), "the focus goes along"
    page.keyboard.press("m")
    page.locator("#move-menu [role=menuitem]", has_text="Won").press("Enter")
    page.wait_for_selector(card(number), state="detached")
    assert record(olga, "deal", number)["outcome"] == "won"


def test_losing_asks_the_reason(open_page: Open, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(BOARD)
    drag(page, number, ".zone.bad")
    page.wait_for_selector("dialog.reason[open]")
    page.keyboard.press("Escape")
    assert record(olga, "deal", number)["outcome"] is None
    drag(page, number, ".zone.bad")
    page.click("dialog.reason[open] label:has-text('Too expensive')")
    page.click("dialog.reason[open] .danger")
    page.wait_for_selector(card(number), state="detached")
    assert record(olga, "deal", number)["lost_reason"] == "price"


def test_a_refused_move_goes_back_with_its_reason(open_page: Open, olga: Client) -> None:
    number = add_deal(olga, title=f"Sand {uuid4().hex} unsigned")
    page = open_page(BOARD)
    drag(page, number, '.column[data-stage="signing"]')
    page.wait_for_selector("#toast .flash.bad")
    assert "No signature without a contract." in page.inner_text("#toast")
    page.wait_for_selector(placed(number, "new"))
    assert record(olga, "deal", number)["stage"] == "new"


def test_a_move_on_the_command_line_appears_on_the_open_board(open_page: Open, running: Running, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(BOARD)
    page.wait_for_selector(placed(number, "new"))
    running.crm("deal", "move", str(number), "invoice")
    page.wait_for_selector(placed(number, "invoice"), timeout=3000)


def test_a_quick_deal_stays_in_its_column(open_page: Open, olga: Client) -> None:
    title = f"Quick {uuid4().hex}"
    page = open_page(BOARD)
    page.click('.column[data-stage="qualified"] .quick summary')
    page.wait_for_function("document.activeElement.name === 'title'")
    page.keyboard.type(title)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.column[data-stage="qualified"] .card:has-text("{title}")')
    assert page.is_visible('.column[data-stage="qualified"] .quick form'), "open for the next one"
    page.click("#toast form button")
    page.wait_for_selector(f'.card:has-text("{title}")', state="detached")


def test_the_board_works_without_script(open_page: Open, olga: Client) -> None:
    number, title = add_deal(olga), f"Plain {uuid4().hex}"
    page = open_page(BOARD, java_script_enabled=False)
    page.locator(card(number)).hover()
    page.locator(f"{card(number)} .card-move").click()
    page.click("button:has-text('Quote sent')")
    page.wait_for_selector(placed(number, "proposal"))
    assert page.url.endswith(BOARD)
    page.click(".flash form button")
    page.wait_for_selector(placed(number, "new"))
    page.click('.column[data-stage="new"] .quick summary')
    page.fill('.column[data-stage="new"] .quick input[name=title]', title)
    page.click('.column[data-stage="new"] .quick button')
    page.wait_for_selector(f'.column[data-stage="new"] .card:has-text("{title}")')


def test_a_field_is_edited_on_the_card(open_page: Open, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(f"/deal/{number}")
    row = page.locator(".row", has=page.locator("dt", has_text="Amount"))
    row.locator("summary").click()
    row.locator("input[name=amount]").fill("4321")
    row.locator("button").click()
    page.wait_for_selector(".flash")
    assert record(olga, "deal", number)["amount"] == {"amount": "4321.00", "currency": "RUB"}


def test_a_conflict_is_shown_and_settled(open_page: Open, running: Running, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(f"/deal/{number}/edit")
    running.crm("deal", "set", str(number), "title=From the shell")
    page.fill("#field-title", "From the page")
    page.click(".sheet-form .primary")
    page.wait_for_selector(".conflict")
    assert "From the shell" in page.inner_text(".conflict")
    page.check(".conflict input[value=mine]")
    page.click(".sheet-form .primary")
    page.wait_for_selector(".record")
    assert record(olga, "deal", number)["title"] == "From the page"


def test_marked_rows_are_moved_together(open_page: Open, olga: Client) -> None:
    word = uuid4().hex[:8]
    numbers = [add_deal(olga, title=f"{word} {number}") for number in range(2)]
    page = open_page(f"/deals?text={word}")
    page.check("[data-all]")
    assert page.inner_text("[data-marked]") == "2"
    page.select_option("select[name=move]", "proposal")
    page.click("button[value=move]")
    page.click(".sheet-form .primary")
    page.wait_for_selector(".flash form")
    assert {record(olga, "deal", number)["stage"] for number in numbers} == {"proposal"}
    page.click(".flash form button")
    page.wait_for_selector(".flash:has-text('Taken back')")
    assert {record(olga, "deal", number)["stage"] for number in numbers} == {"new"}


def test_a_field_of_marked_rows_is_changed_after_a_look(open_page: Open, olga: Client) -> None:
    word = uuid4().hex[:8]
    numbers = [add_deal(olga, title=f"{word} {number}") for number in range(2)]
    page = open_page(f"/deals?text={word}")
    page.check("[data-all]")
    page.select_option("select[name=set]", "amount")
    page.click("button[value=set]")
    page.fill("#field-amount", "much")
    page.click(".sheet-form .primary")
    page.wait_for_selector(".error:has-text('much')")
    assert record(olga, "deal", numbers[0])["amount"] == {"amount": "100.00", "currency": "RUB"}, "asked first"
    page.fill("#field-amount", "777")
    page.click(".sheet-form .primary")
    page.wait_for_selector(".flash form")
    amounts = [record(olga, "deal", number)["amount"] for number in numbers]
    assert amounts == [{"amount": "777.00", "currency": "RUB"}] * 2
    page.click(".flash form button")
    page.wait_for_selector(".flash:has-text('Taken back')")
    assert record(olga, "deal", numbers[1])["amount"] == {"amount": "100.00", "currency": "RUB"}


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_words_run_nothing(open_page: Open, olga: Client, width: int) -> None:
    page = open_page("/board/deal/service")
    page.set_viewport_size({"width": width, "height": 800})
    assert page.locator(".card").count() > 0
    paths = [
        "/board/lead/leads",
        "/deals?pipeline=service",
        "/contacts",
        "/companies",
        "/leads",
        "/my",
        "/find?text=alert",
    ]
    listed = olga.get("/deals.json?pipeline=service").data["records"]
    paths += [f"/deal/{one['id']}" for one in listed]
    paths += [f"/deal/{listed[0]['id']}/edit", f"/deal/{listed[0]['id']}/move", "/lead/2", "/company/3", "/contact/4"]
    base = page.url.partition("/board")[0]
    for path in paths:
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the window"
    # what was said or asked meanwhile fails the test when the pages are closed


def test_a_long_column_loads_on(open_page: Open, olga: Client) -> None:
    word = uuid4().hex[:8]
    for number in range(60):
        add_deal(olga, title=f"{word} {number}")
    page = open_page(f"{BOARD}?text={word}")
    column = '.column[data-stage="new"]'
    assert page.locator(f"{column} .card").count() == 50
    assert page.inner_text(f"{column} .count") == "60", "totals are whole"
    page.locator(f"{column} .card").last.scroll_into_view_if_needed()
    page.wait_for_selector(f"{column} .card:nth-child(60)")
    assert not page.locator(f"{column} .more a").count()


def test_a_condition_is_clicked_on_the_board(open_page: Open, olga: Client) -> None:
    word = uuid4().hex[:8]
    small, large = (add_deal(olga, title=f"{word} {amount}", amount=amount) for amount in ("10", "900"))
    page = open_page(f"{BOARD}?text={word}")
    page.click(".builder summary")
    page.select_option("#builder-field", "amount")
    page.select_option("#builder-sign", ">")
    page.fill("#builder-value", "500")
    page.click(".builder .primary")
    page.wait_for_selector(".chips")
    assert page.is_visible(card(large))
    assert not page.locator(card(small)).count()
    page.click(".chips a:has-text('amount')")
    page.wait_for_selector(card(small))


def test_a_stage_is_added_on_the_board(open_page: Open, running: Running) -> None:
    title = f"Stage {uuid4().hex[:6]}"
    page = open_page("/board/deal/service")
    page.click(".new-stage summary")
    page.fill("#new-stage", title)
    page.click(".new-stage .primary")
    page.wait_for_selector(f".column[data-title='{title}']")
    assert title in (running.root / "config" / "pipelines.yaml").read_text()


def test_back_comes_to_the_place_in_a_long_column(open_page: Open, olga: Client) -> None:
    for place in range(52):
        olga.json("/deal/add", {"title": f"Long {place}", "pipeline": "sales", "stage": "invoice", "quick": "yes"})
    page = open_page(BOARD)
    column = page.locator('.column[data-stage="invoice"]')
    column.locator(".more a").click()
    page.wait_for_url("**show_invoice=100")
    column.locator(".card .title").last.click()
    page.wait_for_selector("h1")
    page.go_back()
    assert column.locator(".card").count() > 50
    assert column.locator(".cards").evaluate("it => it.scrollTop") > 0


def test_a_refused_move_without_script_leads_back_under_the_filters(open_page: Open, olga: Client) -> None:
    page = open_page(f"{BOARD}?text=unsigned&sort=-amount", java_script_enabled=False)
    page.locator(".card-move").first.click()
    page.click("button:has-text('Signing')")
    assert "No signature without a contract." in page.inner_text("h1")
    page.click("main .buttons .button >> nth=0")
    assert page.url.endswith(f"{BOARD}?text=unsigned&sort=-amount")


@pytest.mark.parametrize("menu", ["builder", "chooser", "views"])
def test_menus_over_a_list_are_whole_on_a_phone(open_page: Open, menu: str) -> None:
    page = open_page("/deals")
    page.set_viewport_size({"width": 390, "height": 844})
    page.click(f".{menu} summary")
    box = page.locator(f".{menu} .popup").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


@pytest.mark.parametrize("width", [1280, 390])
def test_a_word_without_end_widens_no_page(open_page: Open, running: Running, olga: Client, width: int) -> None:
    word = "Endless" * 28 + str(width)
    number = add_deal(olga, title=word, company=word, contact=word)
    running.crm("activity", "add", word, "--about", f"deal/{number}", "--due", "today", "--kind", "call")
    page = open_page(f"/deal/{number}")
    page.set_viewport_size({"width": width, "height": 800})
    for path in (
        f"/deal/{number}",
        f"/deal/{number}/edit",
        f"/deal/{number}/move",
        "/my",
        "/deals",
        BOARD,
        "/calendar",
    ):
        page.goto(f"http://127.0.0.1:{olga.port}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
