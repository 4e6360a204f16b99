"""What is kept in memory for the present is not made of addresses of the past."""

from __future__ import annotations

from tests.console.client import Client


def test_the_menu_of_today_is_not_that_of_a_past_date(olga: Client) -> None:
    olga.post("/lead/add", {"name": "Новый", "owner": "olga"})
    assert 'href="/p/bank?as_of=today"' in olga.get("/my?as_of=today").body
    assert 'href="/p/bank"' in olga.get("/my").body.partition("</nav>")[0]


def test_a_refusal_in_the_past_leaves_no_dated_menu(olga: Client) -> None:
    olga.post("/lead/add", {"name": "Новый", "owner": "olga"})
    assert olga.get("/deal/add?as_of=today").status == 403
    assert 'href="/p/bank"' in olga.get("/my").body.partition("</nav>")[0]
