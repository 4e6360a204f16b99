"""The calendar: a month of activities, of one person or of everybody."""

from __future__ import annotations

from uuid import uuid4

from tests.console.client import Client


def plan(client: Client, due: str, owner: str = "olga") -> str:
    subject = f"Plan {uuid4().hex[:8]}"
    client.post("/activity/add", {"subject": subject, "kind": "meeting", "due": due, "owner": owner})
    return subject


def test_an_activity_stands_on_its_day(olga: Client) -> None:
    subject = plan(olga, "2031-03-14T10:30")
    page = olga.get("/calendar?month=2031-03")
    assert page.title == "March 2031"
    assert subject in page.body
    assert "10:30" in page.body
    days = olga.get("/calendar.json?month=2031-03").data["days"]
    assert len(days["2031-03-14"]) == 1
    assert subject not in olga.get("/calendar?month=2031-04").body


def test_a_month_is_ones_own_or_everybodys(olga: Client) -> None:
    plan(olga, "2033-11-06", "ivan")
    assert olga.get("/calendar.json?month=2033-11").data["days"] == {}
    assert list(olga.get("/calendar.json?month=2033-11&user=ivan").data["days"]) == ["2033-11-06"]
    assert list(olga.get("/calendar.json?month=2033-11&user=all").data["days"]) == ["2033-11-06"]


def test_a_full_day_leads_to_its_list(olga: Client) -> None:
    for _number in range(6):
        plan(olga, "2031-07-08T12:00")
    body = olga.get("/calendar?month=2031-07").body
    assert "and 2 more" in body
    assert olga.get("/activities.json?where=due+%3E%3D+2031-07-08+and+due+%3C+2031-07-09&owner=olga").data["count"] == 6


def test_a_month_that_is_none_is_said(olga: Client) -> None:
    assert olga.get("/calendar?month=2031-13").status == 422
    assert olga.get("/calendar?month=soon").status == 422
