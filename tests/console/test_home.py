"""The first page: what one has to do, how one's sales go, what needs attention."""

from __future__ import annotations

from tests.console.client import Client
from tests.console.test_pages import add_deal


def test_the_first_page_shows_ones_own_day(olga: Client) -> None:
    page = olga.get("/")
    assert page.title == "My day"
    assert "Перезвонить" in page.body
    assert page.body.index("Overdue") < page.body.index("Перезвонить")
    assert [one["subject"] for one in olga.get("/my.json").data["overdue"]].count("Перезвонить") == 1


def test_the_funnel_of_ones_own_leads_to_the_lists(olga: Client) -> None:
    add_deal(olga)
    body = olga.get("/my").body
    assert "/deals?stage=new&amp;owner=olga&amp;pipeline=sales&amp;outcome=open" in body


def test_a_deal_without_a_next_step_needs_attention(ivan: Client) -> None:
    number = add_deal(ivan, title="Nothing planned here")
    mine = [one for one in ivan.get("/my.json").data["attention"] if one["address"] == f"/deal/{number}"]
    assert [one["text"] for one in mine] == ["nothing is planned"]
    assert "Needs attention" in ivan.get("/my").body
    ivan.post("/activity/add", {"subject": "Ring", "kind": "call", "about": f"deal/{number}"})
    assert all(one["address"] != f"/deal/{number}" for one in ivan.get("/my.json").data["attention"])


def test_the_day_of_another_is_shown_to_who_may_see_it(olga: Client, ivan: Client) -> None:
    ivan.post("/activity/add", {"subject": "Only for Ivan", "kind": "task", "owner": "ivan"})
    page = olga.get("/my?user=ivan")
    assert page.title == "Иван Петров"
    assert "Only for Ivan" in page.body


def test_an_activity_is_done_on_the_first_page(olga: Client) -> None:
    olga.post("/activity/add", {"subject": "Short work", "kind": "task", "due": "2030-01-01"})
    made = next(one for one in olga.get("/my.json").data["later"] if one["subject"] == "Short work")
    assert olga.post(f"/activity/{made['id']}/done", {"result": "ok", "back": "/my"}).location == "/my"
    assert all(one["id"] != made["id"] for one in olga.get("/my.json").data["later"])
