"""What plugins bring: panels on cards and the first page (register_panels), marks on boards (register_marks)."""

from __future__ import annotations

import re

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


def test_the_menu_has_a_group_for_each_part_of_the_work(olga: Client) -> None:
    body = olga.get("/my").body
    menu = body.partition("</nav>")[0]
    assert 'href="/p/bank"' in menu, re.findall(r'href="(/[^"]*)"', menu)
    assert body.index('data-fold="money"') < body.index('href="/p/bank"') < body.index('data-fold="talk"')
    assert body.index('data-fold="talk"') < body.index('href="/p/letters"') < body.index('data-fold="team"')


def test_groups_of_the_menu_stay_as_one_left_them(olga: Client) -> None:
    assert 'data-fold="talk" data-first="open" open' in olga.get("/my").body
    turned = olga.get("/my", Cookie=f"{olga.cookie}; menu=talk.more").body
    assert 'data-fold="talk" data-first="open" open' not in turned
    assert 'data-fold="more" data-first="folded" open' in turned
    current = olga.get("/p/letters", Cookie=f"{olga.cookie}; menu=talk").body
    assert 'data-fold="talk" data-first="open" open' in current


def test_a_page_beside_a_noun_stands_over_its_list_and_not_in_the_menu(olga: Client) -> None:
    assert 'href="/p/documents"' in olga.get("/documents").body
    assert 'href="/p/documents"' not in olga.get("/my").body
    found = olga.get("/palette.json?text=signing").data
    assert "/p/documents" in [one["address"] for one in found]


def rung(body: str) -> int:
    """Return the count of the bell."""
    found = re.search(r'<summary aria-label="Reminders: (\d+)">', body)
    return int(found[1]) if found else 0


def test_a_bell_rings_on_every_page(olga: Client) -> None:
    for path in ("/companies", "/deal/2", "/board/deal/sales"):
        body = olga.get(path).body
        assert rung(body) >= 3
        assert "Rings &lt;for&gt; olga" in body


def test_the_bell_is_asked_for_alone_and_has_a_page(olga: Client) -> None:
    alone = olga.get("/bell", X_Fragment="bell").body.strip()
    assert alone.startswith('<details class="menu bell">')
    assert alone.endswith("</details>")
    assert "Rings &lt;for&gt; olga" in olga.get("/bell").body.partition("<main")[2]
    assert olga.get("/bell.json").data["count"] >= 3
