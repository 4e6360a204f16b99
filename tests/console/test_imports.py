"""A file of one's own: its columns recognised, tried without writing, taken in with the bad rows told by line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from crm.initialise import initialise
from tests.console.client import Client, Reply
from tests.console.serving import served

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.console.test_browser import Open


def chosen(client: Client, rows: str, noun: str = "contact") -> str:
    reply = client.post("/import", {"noun": noun, "pasted": rows})
    assert reply.status == 303, reply.title
    return reply.location


def test_pasted_rows_are_tried_then_taken_in(olga: Client) -> None:
    word = uuid4().hex[:8]
    rows = f"ФИО;Телефон;Компания;Лишнее\nИмпорт {word};8 916 555-11-22;ООО {word};x\n;;;\nБез {word};8 9;ООО {word};\n"
    address = chosen(olga, rows)
    columns = olga.get(address.replace("?", ".json?")).data["columns"]
    assert columns == {"ФИО": "name", "Телефон": "phones", "Компания": "companies", "Лишнее": ""}
    form = {"noun": "contact", "column.0": "name", "column.1": "phones", "column.2": "companies", "way": "create"}
    tried = olga.post(address, {**form, "do": "try"})
    assert "Tried, nothing is written" in tried.body
    assert not olga.get(f"/contacts.json?text={word}").data["count"]
    assert olga.post(address, {**form, "do": "take"}).location == "/contacts"
    found = olga.get(f"/contacts.json?text={word}").data["records"]
    assert len(found) == 2
    assert olga.get(f"/companies.json?text={word}").data["count"] == 1, "the company is made once"
    assert olga.post(address, {**form, "do": "take"}).status == 404, "the file is gone"


def test_bad_rows_are_told_by_line_and_the_good_ones_stay(olga: Client) -> None:
    word = uuid4().hex[:8]
    address = chosen(olga, f"title,amount\n{word} good,10\n{word} bad,many\n", "deal")
    reply = olga.post(address, {"noun": "deal", "column.0": "title", "column.1": "amount", "do": "take"})
    assert "line 3" in reply.body
    assert [one["title"] for one in olga.get(f"/deals.json?text={word}").data["records"]] == [f"{word} good"]
    undo = reply.body.partition('action="/undo/')[2].partition('"')[0]
    olga.post(f"/undo/{undo}")
    assert not olga.get(f"/deals.json?text={word}").data["count"]


def test_what_is_no_table_is_told(olga: Client) -> None:
    assert olga.post("/import", {"noun": "contact", "pasted": "  "}).status == 422
    assert olga.get("/import/" + "0" * 32 + "?noun=contact").status == 404
    assert olga.post("/import", {"noun": "user", "pasted": "name\nx"}).status == 422
    nothing = chosen(olga, "qqq;zzz\n1;2\n")
    assert olga.get(nothing).status == 200
    assert olga.post(nothing, {"noun": "contact", "do": "take"}).status == 422


@pytest.mark.browser
def test_a_file_is_chosen_in_the_browser(open_page: Open, tmp_path: Path) -> None:
    word = uuid4().hex[:8]
    path = tmp_path / "clients.csv"
    path.write_bytes(f"Имя;Телефон\nФайл {word};8 916 555-33-44\n".encode("cp1251"))
    page = open_page("/import?noun=contact")
    page.set_input_files("#import-file", path)
    page.click(".sheet-form .primary")
    page.wait_for_selector(".map")
    page.click("button[value=take]")
    page.wait_for_selector(".flash:has-text('1 record is added')")
    assert page.is_visible(f"text=Файл {word}")


@pytest.mark.browser
def test_the_first_run_ends_with_data(browser: Browser, tmp_path: Path) -> None:
    root = initialise(tmp_path / "new", "en", "USD", "New", "anna")
    page = browser.new_page()
    with served(root, "anna") as link:
        page.goto(link)
        page.click("main button")
        page.wait_for_selector(".first-run")
        page.click(".first-run a:has-text('Bring your clients')")
        page.fill("#import-pasted", "Name,Phone\nFirst Client,+1 212 555 0101\n")
        page.click(".sheet-form .primary")
        page.click("button[value=take]")
        page.wait_for_selector(".flash")
        page.goto(page.url.partition("/contacts")[0] + "/my")
        assert not page.locator(".first-run").count()
        page.close()


def test_duplicates_are_seen_side_by_side_and_made_one(olga: Client) -> None:
    word = uuid4().hex[:8]
    first, second = (
        int(
            olga.post(
                "/contact/add", {"name": f"{word} {name}", "phones": "8 916 777-01-02", **more}
            ).location.rpartition("/")[2]
        )
        for name, more in (("one", {"position": "Director"}), ("two", {"emails": f"{word}@example.org"}))
    )
    groups = olga.get("/duplicates.json?noun=contact").data["groups"]
    assert [first, second] in [one["ids"] for one in groups]
    assert f"{word} one" in olga.get("/duplicates?noun=contact").body
    assert olga.post("/duplicates", {"noun": "contact", "ids": [str(first), str(second)]}).status == 400
    reply = olga.json("/duplicates", {"noun": "contact", "keep": str(first), "ids": [str(first), str(second)]})
    assert reply.status == 200
    record = olga.get(f"/contact/{first}.json").data["record"]
    assert (record["position"], record["emails"]) == ("Director", [f"{word}@example.org"])
    assert [first, second] not in [one["ids"] for one in olga.get("/duplicates.json?noun=contact").data["groups"]]


def sent(client: Client, noun: str, name: str, data: bytes) -> Reply:
    """Post a chosen file as a browser does."""
    edge = uuid4().hex
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="noun"\r\n\r\n{noun}\r\n--{edge}\r\n'
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/xml\r\n\r\n'
    )
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    return client.ask("POST", "/import", body, Content_Type=f"multipart/form-data; boundary={edge}")


def test_a_catalogue_of_1c_goes_out_and_comes_back(olga: Client) -> None:
    made = olga.post("/product/add", {"name": "Round trip", "sku": "TRIP-1", "price": "12"}).location
    data = olga.raw("/p/price?as=catalogue")
    assert b"TRIP-1" in data
    assert "Catalogue or prices of 1C" in olga.get("/import").body
    olga.post(f"{made}/edit", {"only": "name", "name": "Renamed here"})
    assert sent(olga, "as:1c-catalog", "import.xml", data).status == 303
    assert olga.get(f"{made}.json").data["record"]["name"] == "Round trip"
    broken = sent(olga, "as:1c-catalog", "import.xml", b"<nothing")
    assert (broken.status, "<nothing" in broken.body) == (422, False)
    assert sent(olga, "as:unheard-of", "x", b"x").status == 422
