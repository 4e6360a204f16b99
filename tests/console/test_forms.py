"""Forms: goods in rows, checks while one types, drafts that outlive their tab."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.console.client import Client
from tests.console.test_pages import add_deal, record

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser


def items(client: Client, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/deal/{number}.json").data["record"]["items"]
    return found


def test_goods_are_typed_in_rows_and_reckoned(open_page: Open, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(f"/deal/{number}/edit")
    row = page.locator(".goods tbody tr").first
    row.locator("input").first.fill("Дос")
    page.wait_for_selector("#field-items-list option[value='Доставка']", state="attached")
    row.locator("input").first.fill("Доставка")
    assert row.locator("[name='items.price']").input_value() == "9405", "the product brings its price"
    row.locator("[name='items.qty']").fill("2")
    row.locator("[name='items.discount']").fill("10")
    assert row.locator("output").inner_text().replace("\u00a0", " ").endswith("16,929.00")
    page.locator(".goods tbody tr").nth(1).locator("input").first.fill("Sand")
    assert page.locator(".goods tbody tr").count() == 3, "there is a row for the next one"
    page.click(".sheet-form .primary")
    page.wait_for_selector(".record")
    first, second = items(olga, number)
    assert (first["product"], first["qty"], first["discount"], first["sum"]) == ("product/1", "2", "10", "16929.00")
    assert (second["name"], second["qty"], second["price"]) == ("Sand", "1", "0.00")


def test_a_line_that_is_not_touched_stays_as_it_is(olga: Client) -> None:
    number = add_deal(olga)
    rows = {"items.name": "A*b@c", "items.qty": "1,5", "items.price": "1 000,50", "items.discount": "", "items.vat": ""}
    olga.post(f"/deal/{number}/edit", {"only": "items", "items": "", **rows})
    line = items(olga, number)[0]
    assert (line["name"], line["qty"], line["price"]) == ("A*b@c", "1.5", "1000.50")
    reply = olga.post(f"/deal/{number}/edit", {"only": "items", "items": "", **rows, "items.qty": "two"})
    assert reply.status == 422
    assert "«two» is not a number (Quantity)" in reply.body
    assert items(olga, number) == [line]


def test_a_word_that_does_not_fit_is_told_while_it_is_typed(open_page: Open, olga: Client) -> None:
    page = open_page(f"/deal/{add_deal(olga)}/edit")
    page.fill("#field-amount", "many")
    page.wait_for_selector(".control:has(#field-amount) .live:has-text('many')")
    assert page.get_attribute("#field-amount", "aria-invalid") == ""
    page.fill("#field-amount", "12")
    page.wait_for_selector(".control:has(#field-amount) .live", state="hidden")
    assert page.get_attribute("#field-amount", "aria-invalid") is None


def test_what_was_typed_outlives_its_tab(open_page: Open, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(f"/deal/{number}/edit")
    page.fill("#field-title", "Half typed")
    for place in range(3):
        page.locator("[name='items.name']").nth(place).fill(f"Goods {place}")
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(f"http://127.0.0.1:{olga.port}/deal/{number}/edit")
    assert again.input_value("#field-title") == "Half typed"
    assert again.locator("[name='items.name']").nth(2).input_value() == "Goods 2"
    assert again.is_visible(".draft")
    again.click("[data-forget]")
    again.wait_for_selector(".draft", state="hidden")
    assert again.input_value("#field-title") != "Half typed"


def test_a_deal_is_shared_on_its_card(open_page: Open, olga: Client, ivan: Client) -> None:
    number = add_deal(olga)
    page = open_page(f"/deal/{number}")
    page.select_option("#share-with", "ivan")
    page.click("#sharing .button")
    page.wait_for_selector("#sharing .person:has-text('Иван Петров')")
    assert olga.get(f"/deal/{number}.json").data["record"]["shared"] == ["ivan"]
    assert ivan.get("/deals.json?owner=~shared").data["count"] == 1
    board = ivan.get("/board/deal/sales.json?owner=~shared").data["board"]
    assert board["columns"][0]["count"] == "1"
    page.click("#sharing .close")
    page.wait_for_selector("#sharing .person", state="detached")
    assert not olga.get(f"/deal/{number}.json").data["record"].get("shared")


def test_what_was_typed_outlives_its_session(open_page: Open, olga: Client) -> None:
    number = add_deal(olga)
    page = open_page(f"/deal/{number}")
    page.fill("[data-people]", "Agreed by phone")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.click("form.comment .button")
    page.wait_for_selector("#password")
    assert page.input_value("[name=back]") == f"/deal/{number}"
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"http://127.0.0.1:{olga.port}/deal/{number}")
    assert page.input_value("[data-people]") == "Agreed by phone"
    page.click("form.comment .button")
    page.wait_for_selector(".flash.good")
    assert page.input_value("[data-people]") == ""


def test_a_form_pressed_twice_is_sent_once(open_page: Open, olga: Client) -> None:
    page = open_page("/deal/add")
    title = f"Twice {uuid4().hex}"
    page.fill("#field-title", title)
    page.dblclick(".sheet-form .primary")
    page.wait_for_selector(".flash")
    assert olga.get(f"/deals.json?text={title.replace(' ', '+')}").data["count"] == 1


def test_what_is_taken_back_is_named(olga: Client) -> None:
    number = add_deal(olga, title="Named when taken back")
    olga.json(f"/deal/{number}/move", {"stage": "proposal"})
    told = olga.json(f"/undo/{olga.get('/changes.json').data['number']}").data["text"]
    assert told == "Taken back: Named when taken back"


def test_an_amount_typed_anew_stays_in_its_currency(olga: Client) -> None:
    number = add_deal(olga, amount="1500 USD")
    olga.post(f"/deal/{number}/edit", {"only": "amount", "amount": "1 600", "rev": "1"})
    assert record(olga, "deal", number)["amount"] == {"amount": "1600.00", "currency": "USD"}
    olga.post(f"/deal/{number}/edit", {"only": "amount", "amount": "900 RUB", "rev": "2"})
    assert record(olga, "deal", number)["amount"] == {"amount": "900.00", "currency": "RUB"}


def test_a_quick_entry_that_does_not_fit_goes_on_in_the_whole_form(olga: Client) -> None:
    said = {
        "title": "Typed quickly", "name": "Vera", "contact": "vera@example.ru", "amount": "much", "pipeline": "sales",
        "stage": "proposal", "quick": "yes", "back": "/board/deal/sales?owner=olga",
    }  # fmt: skip
    reply = olga.post("/deal/add", said)
    assert reply.status == 422
    for word in ('value="Typed quickly"', 'value="Vera"', 'value="vera@example.ru"', 'value="much"', "not a"):
        assert word in reply.body, word
    assert '<option value="proposal" selected>' in reply.body
    assert "much" in olga.json("/deal/add", said).data["message"], "a script shows it beneath the entry"
    lead = olga.post("/lead/add", {**said, "stage": "new", "contact": "8 926 000-11-22"})
    assert 'value="8 926 000-11-22"' in lead.body


def test_fields_of_one_card_alone_are_written_together(olga: Client) -> None:
    deal = add_deal(olga)
    card = f"/deal/{deal}"
    assert 'name="extra"' in olga.get(card).body
    given = "city=Тверь; boxes:number=5; paid:bool=yes; until:date=2026-12-01; fee:money=7 USD"
    assert olga.post(f"{card}/edit", {"only": "extra", "extra": given}).status == 303
    held = {"city": "Тверь", "boxes": 5, "paid": True, "until": "2026-12-01"}
    kept = olga.get(f"{card}.json").data["record"]["extra"]
    assert kept == held | {"fee": {"amount": "7.00", "currency": "USD"}}
    again = re.search(r'name="extra"[^>]*value="([^"]*)"', olga.get(card).body)
    assert again is not None
    olga.post(f"{card}/edit", {"only": "extra", "extra": unescape(again[1]) + "; more=1"})
    assert olga.get(f"{card}.json").data["record"]["extra"] == kept | {"more": "1"}
    assert olga.post(f"{card}/edit", {"only": "extra", "extra": "nothing"}).status == 422
    product = olga.post("/product/add", {"name": "Pipe", "prices": "USD=19.50; EUR=18"}).location
    assert olga.get(f"{product}.json").data["record"]["prices"] == {"USD": "19.50", "EUR": "18.00"}


def test_a_deal_is_added_with_a_new_company_and_a_new_person(olga: Client) -> None:
    word = uuid4().hex[:8]
    number = add_deal(olga, company=f"Company {word}", contact=f"Person {word}", phone="8 926 765-43-21")
    deal = record(olga, "deal", number)
    (company,) = olga.get(f"/companies.json?text={word}").data["records"]
    (person,) = olga.get(f"/contacts.json?text={word}").data["records"]
    assert deal["company"] == company["ref"]
    assert deal["contacts"] == [person["ref"]]
    assert person["companies"] == [company["ref"]]
    again = record(olga, "deal", add_deal(olga, company=f"Company {word}"))
    assert again["company"] == company["ref"], "who is known is not added twice"
