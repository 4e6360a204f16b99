from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.console.client import Client, Reply
from tests.console.conftest import Running
from tests.plugins.bank.files import cp1251, document

if TYPE_CHECKING:
    from playwright.sync_api import Page

EDGE = "----edge"


def upload(client: Client, data: bytes, name: str = "kl_to_1c.txt") -> Reply:
    """Send a form with a chosen file, as browsers do."""
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{EDGE}--\r\n".encode()
    return client.ask("POST", "/do/bank_statement", body, Content_Type=f"multipart/form-data; boundary={EDGE}")


def invoice(running: Running, amount: str) -> str:
    """Issue an invoice to a new client that no payer is known as; return its number."""
    words = ("invoice", "issue", "--contact", "1", "--item", f"Щебень*1@{amount}", "--json")
    number: str = json.loads(running.crm(*words))["number"]
    return number


def unknown(number: str, amount: str, **tags: str) -> str:
    return document(Номер=number, Сумма=amount, ПлательщикИНН="7707083893", НазначениеПлатежа="За щебень", **tags)


def waiting(client: Client) -> dict[str, int]:
    return {one["number"]: one["id"] for one in client.get("/p/bank.json").data["waiting"]}


def sort_out(client: Client, do: str, movement: int, **more: str) -> str:
    """Press a button of a card; return what the next page says."""
    reply = client.post("/do/bank", {"do": do, "id": movement, **more})
    assert (reply.status, reply.location) == (303, "/p/bank"), reply.body
    return client.get("/p/bank").body


def test_a_statement_is_taken_in_and_sorted(running: Running, olga: Client) -> None:
    number = invoice(running, "700")
    reply = upload(olga, cp1251(unknown("301", "700"), unknown("302", "5")))
    assert (reply.status, reply.location) == (303, "/p/bank")
    page = olga.get("/p/bank")
    assert "Movements: 2; applied 0, to be confirmed 0, to be sorted by hand 2" in page.body
    assert f'<option value="{number}">' in page.body
    ids = waiting(olga)
    assert "applied: invoice/" in sort_out(olga, "match", ids["301"], invoice=number)
    assert "not for invoices" in sort_out(olga, "ignore", ids["302"])
    assert not {"301", "302"} & waiting(olga).keys()
    table = olga.get("/p/bank?view=movements&status=applied").body
    assert f'name="id" value="{ids["301"]}"' in table
    assert f">{number}</a>" in table
    assert "Taken back by hand: olga." in sort_out(olga, "unmatch", ids["301"])
    assert "301" in waiting(olga)
    assert "kl_to_1c.txt" in olga.get("/p/bank?view=statements").body
    assert olga.get("/p/bank.json?view=statements").data["statements"][0]["fresh"] == 2


def test_a_suggestion_is_confirmed_or_rejected(running: Running, olga: Client) -> None:
    number = invoice(running, "810")
    named = {"НазначениеПлатежа": f"Оплата по счету № {number}"}
    files = [{**named, "Номер": n, "ПлательщикИНН": "7707083893", "Сумма": "405"} for n in ("311", "312")]
    assert upload(olga, cp1251(*(document(**one) for one in files))).status == 303
    page = olga.get("/p/bank").body
    assert f"Invoice {number}: named in the purpose, the payer is someone else +35" in page
    ids = waiting(olga)
    assert "Applied by hand: olga." in sort_out(olga, "confirm", ids["311"])
    assert "to be sorted by hand" in sort_out(olga, "reject", ids["312"])
    assert "Changed: 0." in sort_out(olga, "rematch", 0)


def test_the_first_page_counts_what_waits_and_a_card_sorts_it(running: Running, olga: Client) -> None:
    number = invoice(running, "650")
    upload(olga, cp1251(unknown("351", "650")))
    movement = waiting(olga)["351"]
    assert f"Movements to be sorted: {len(waiting(olga))}." in olga.get("/").body
    card = olga.get(f"/bank_movement/{movement}").body
    assert f'<input type="hidden" name="id" value="{movement}">' in card
    sort_out(olga, "match", movement, invoice=number)
    assert 'action="/do/bank"' not in olga.get(f"/bank_movement/{movement}").body


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"", b"\x00" * 2_000_000])
def test_what_is_no_statement_is_refused_in_a_sentence(olga: Client, data: bytes) -> None:
    reply = upload(olga, data, "x.txt")
    assert reply.status == 422
    assert "statement" in reply.title or "No statement was chosen" in reply.body


def test_a_file_of_eleven_megabytes_is_too_much(olga: Client) -> None:
    reply = upload(olga, b"x" * 11_000_000)
    assert reply.status == 422
    assert "The file is larger than 10 MB." in reply.body


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "match"}, "not said which invoice"),
        ({"do": "match", "invoice": "no such"}, "no invoice No. no such"),
        ({"do": "match", "invoice": "invoice/999"}, "invoice/999"),
        ({"do": "dance"}, "not said what to do"),
        ({"do": "confirm"}, "Nothing is suggested"),
    ],
)
def test_a_button_pressed_in_vain_says_why(olga: Client, form: dict[str, str], said: str) -> None:
    upload(olga, cp1251(unknown("321", "321")))
    reply = olga.post("/do/bank", {"id": waiting(olga)["321"], **form})
    assert reply.status in (403, 404, 422)
    assert said in reply.body


def test_names_in_a_statement_are_text(olga: Client) -> None:
    evil = "<img src=x onerror=alert(1)>"
    upload(olga, cp1251(unknown("331", "331", Плательщик1=evil)), f"{evil}.txt")
    for view in ("", "?view=movements", "?view=statements"):
        page = olga.get(f"/p/bank{view}").body
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_a_statement_is_chosen_in_a_browser(open_page: Callable[..., Page], running: Running, tmp_path: Path) -> None:
    number = invoice(running, "920")
    file = tmp_path / "kl_to_1c.txt"
    file.write_bytes(cp1251(unknown("341", "920")))
    page = open_page("/p/bank")
    page.set_input_files("#file-bank_statement", file)
    page.click("text=Take in")
    card = page.locator(".bank-card", has_text="920.00")
    card.get_by_label("Number of an invoice").fill(number)
    card.get_by_label("Number of an invoice").press("Enter")
    page.wait_for_selector("text=Applied by hand: olga.")
    assert page.locator(".bank-card", has_text="920.00").count() == 0
