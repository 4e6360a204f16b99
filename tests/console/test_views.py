"""Saved views, columns to choose, conditions made by clicking; and a list's words in an address."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, unquote_plus
from uuid import uuid4

import pytest

from tests.console.client import Client
from tests.console.test_pages import add_deal

if TYPE_CHECKING:
    from tests.console.conftest import Running
    from tests.console.test_browser import Open


def titles(client: Client, path: str) -> list[str]:
    return [one["title"] for one in client.get(path).data["records"]]


def test_a_view_is_saved_and_opened_again(olga: Client) -> None:
    name = f"Large {uuid4().hex}"
    form = {"name": name, "place": "deals", "words": "where=amount+%3E+5000&page=3&columns=amount%2Csource"}
    reply = olga.post("/views/save", {**form, "back": "/deals"})
    assert reply.location == "/deals?where=amount+%3E+5000&columns=amount%2Csource"
    assert name in olga.get("/deals").body
    assert f"{name}" in olga.get(reply.location).body
    again = olga.post("/views/save", {**form, "words": "sort=amount"})
    assert again.location == "/deals?sort=amount"
    assert olga.get("/deals").body.count(f"{name}</a>") <= 1


def test_a_view_is_ones_own_unless_it_is_shared(olga: Client, ivan: Client) -> None:
    own, shared = f"Own {uuid4().hex}", f"Shared {uuid4().hex}"
    olga.post("/views/save", {"name": own, "place": "deals", "words": "sort=amount"})
    olga.post("/views/save", {"name": shared, "place": "deals", "words": "sort=-amount", "shared": "yes"})
    seen = ivan.get("/deals").body
    assert (own in seen, shared in seen) == (False, True)
    number = next(one["id"] for one in olga.get("/views.json").data["records"] if one["name"] == shared)
    assert ivan.post(f"/views/{number}/forget").status == 403
    assert olga.post(f"/views/{number}/forget", {"back": "/deals"}).location == "/deals"
    assert shared not in ivan.get("/deals").body


def test_a_board_has_views_too(olga: Client) -> None:
    name = f"Mine {uuid4().hex}"
    reply = olga.post("/views/save", {"name": name, "place": "/board/deal/sales", "words": "owner=olga"})
    assert reply.location == "/board/deal/sales?owner=olga"
    assert name in olga.get("/board/deal/sales").body


def test_a_view_is_a_record_of_the_command_line(running: Running, olga: Client) -> None:
    name = f"Shell {uuid4().hex}"
    running.crm("view", "add", name, "--place", "deals", "--words", "sort=amount")
    assert name in olga.get("/deals").body


def test_columns_are_those_that_were_chosen(olga: Client) -> None:
    body = olga.get("/deals?columns=source&columns=type").body
    head = body[body.index("<thead") : body.index("</thead>")]
    assert [word in head for word in ("Source", "Type", "Amount", "Owner")] == [True, True, False, False]
    assert "columns=source%2Ctype" in body, "the order of a column keeps them"
    assert olga.get("/deals?columns=nonsense").status == 200


def test_a_condition_is_made_by_clicking(olga: Client) -> None:
    word = uuid4().hex
    add_deal(olga, title=f"A {word}", amount="10")
    add_deal(olga, title=f"B {word}", amount="9000")
    where = f"/deals.json?text={word}&field=amount&sign=%3E&value=5000"
    assert titles(olga, where) == [f"B {word}"]
    assert titles(olga, f"{where}&where=amount+%3E+100000") == []
    assert titles(olga, f"/deals.json?text={word}&field=source&sign=is+empty&value=") != []
    assert titles(olga, f"/deals.json?text={word}&field=title&sign=~&value=%22B%22") == []


def test_a_condition_is_clicked_together(open_page: Open, olga: Client) -> None:
    word = uuid4().hex
    add_deal(olga, title=f"A {word}", amount="10")
    add_deal(olga, title=f"B {word}", amount="9000")
    page = open_page(f"/deals?text={word}")
    page.click(".builder summary")
    page.select_option(".builder [name=field]", "amount")
    page.select_option(".builder [name=sign]", ">=")
    page.fill(".builder [name=value]", "9000")
    page.click(".builder button")
    assert page.locator("tbody tr").count() == 1
    page.click(".chooser summary")
    page.uncheck(".chooser [value=owner]")
    page.check(".chooser [value=source]")
    page.click(".chooser .primary")
    assert page.locator("thead th", has_text="Owner").count() == 0
    page.click(".views summary")
    page.fill(".views [name=name]", f"Clicked {word}")
    page.click(".views .save-view button")
    page.wait_for_selector(".flash")
    page.goto(page.url.partition("?")[0])
    page.click(".views summary")
    page.click(f".views a:has-text('Clicked {word}')")
    assert page.locator("tbody tr").count() == 1


def chips(body: str) -> list[tuple[str, str]]:
    listed = body.partition('<ul class="chips"')[2].partition("</ul>")[0]
    found = re.findall(r'<a href="([^"]*)" title[^>]*>(.*?)<svg', listed)
    return [(unescape(title), unescape(address)) for address, title in found]


def test_each_condition_is_a_chip_in_words_that_goes_alone(olga: Client) -> None:
    where = quote_plus('amount > 100 and (stage = "new" or stage = "signing")')
    made = chips(olga.get(f"/deals?where={where}&field=source&sign=%3D&value=Website").body)
    assert [title for title, _address in made] == [
        "Amount more than 100", '(stage = "new" or stage = "signing")', "Source: Website",
    ]  # fmt: skip
    assert unquote_plus(made[1][1]) == '/deals?where=amount > 100 and source = "Website"'
    assert 'class="plain" href="/deals">' in olga.get(f"/deals?where={where}").body, "all of them go at once"


def test_a_person_is_meant_by_name(olga: Client) -> None:
    add_deal(olga, owner="ivan")
    number = olga.get("/deals.json?owner=ivan").data["count"]
    assert number
    assert olga.get(f"/deals.json?field=owner&sign=%3D&value={quote_plus('Иван Петров')}").data["count"] == number


@pytest.mark.parametrize("address", ["/deals", "/board/deal/sales"])
def test_a_condition_that_cannot_be_read_is_told_above_what_it_was_for(olga: Client, address: str) -> None:
    words = "owner=olga&field=expected_close&sign=%3C&value=soon"
    reply = olga.get(f"{address}?{words}")
    assert reply.status == 422
    assert "“soon” is not a date, as the field “Expected close” needs." in reply.body
    assert [title for title, _address in chips(reply.body)] == ["Owner: olga"]
    assert 'id="builder-value" name="value" value="soon"' in reply.body
    told = olga.get(f"{address}.json?{words}")
    assert told.status == 422
    assert "soon" in told.data["message"]


def test_an_empty_list_says_what_it_is_for(olga: Client) -> None:
    assert "Acts, waybills and contracts are made on the card" in olga.get("/documents").body
    assert "No record meets these conditions." in olga.get("/documents?text=none").body


def test_clients_are_selected_by_a_classifier(running: Running, olga: Client) -> None:
    word = uuid4().hex[:8]
    for name, loyalty in ((f"A {word}", "loyal"), (f"B {word}", "disloyal")):
        running.crm("company", "add", name, "--set", f"classifiers.loyalty={loyalty}")
    page = olga.get(f"/companies?text={word}&field=classifiers.loyalty&sign=%3D&value=Loyal")
    assert '<option value="classifiers.loyalty">Loyalty</option>' in page.body
    assert 'label="Disloyal · Loyalty" data-field="classifiers.loyalty"' in page.body
    assert "Loyalty: Loyal" in [title for title, _address in chips(page.body)]
    found = olga.get(f"/companies.json?text={word}&field=classifiers.loyalty&sign=%3D&value=Loyal").data
    assert [one["name"] for one in found["records"]] == [f"A {word}"]


def test_what_cannot_be_compared_is_told(olga: Client) -> None:
    assert "To compare, choose a period" in olga.get("/reports/sales?compare=yes").body


def test_a_page_beyond_the_last_is_the_last(olga: Client) -> None:
    add_deal(olga)
    told = olga.get("/deals.json?page=9999").data
    assert told["records"]
    assert told["next"] == ""
