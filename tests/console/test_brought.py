"""What plugins bring: panels on cards and the first page (register_panels), marks on boards (register_marks)."""

from __future__ import annotations

from tests.console.client import Client


def test_a_panel_stands_beside_the_card_and_its_references_lead_on(olga: Client) -> None:
    body = olga.get("/deal/2").body
    assert "<h2>Weather</h2>" in body
    assert "&lt;u&gt;wet&lt;/u&gt;" in body
    assert '<a href="/deal/2">Щебень 1</a>' in body


def test_a_panel_of_the_first_page_is_not_on_cards(olga: Client) -> None:
    assert "Good day &lt;olga&gt;" in olga.get("/my").body
    assert "Good day" not in olga.get("/deal/2").body


def test_a_panel_that_fails_is_named_and_harms_no_other(olga: Client) -> None:
    page = olga.get("/deal/2")
    assert page.status == 200
    assert "«pages»" in page.body
    assert "no panel" in page.body


def test_a_mark_stands_on_its_card_alone(olga: Client) -> None:
    board = olga.get("/board/deal/sales.json?text=%D0%A9%D0%B5%D0%B1%D0%B5%D0%BD%D1%8C+1").data["board"]
    marked = [card for column in board["columns"] for card in column["cards"] if card["id"] == 2]
    assert {"icon": "flag", "tone": "good", "text": "Marked <by> a plugin"} in marked[0]["marks"]
    assert (
        "Marked &lt;by&gt; a plugin" in olga.get("/board/deal/sales?text=%D0%A9%D0%B5%D0%B1%D0%B5%D0%BD%D1%8C+1").body
    )


def test_marks_that_fail_leave_the_board(olga: Client) -> None:
    assert olga.get("/board/lead").status == 200
