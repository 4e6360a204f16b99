"""Days that nobody works in: the first and the last that a calendar knows are refused in a sentence on every page."""

from __future__ import annotations

import pytest

from tests.console.client import Client

REPORTS = ("cycle", "funnel", "leads", "lost", "planning", "rush", "sales", "sla", "sources", "stages")
DAYS = (
    "since=0001-01-01",
    "until=0001-01-01",
    "since=9999-12-31",
    "since=2026-01-01&until=9999-12-31",
    "since=1899-12-31",
    "until=3000-01-01",
)
MONTHS = ("0001-01", "1899-12", "3000-01", "9999-12")


def assert_refused(client: Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status == 422, (path, reply.status)
    assert "is outside the years 1900–2999" in reply.body, path


@pytest.mark.parametrize("days", DAYS)
def test_a_report_is_of_years_that_people_work_in(olga: Client, days: str) -> None:
    for name in REPORTS:
        assert_refused(olga, f"/reports/{name}?{days}")
        assert_refused(olga, f"/reports/{name}.csv?{days}")


@pytest.mark.parametrize("month", MONTHS)
def test_a_calendar_is_of_years_that_people_work_in(olga: Client, month: str) -> None:
    for path in ("/calendar", "/calendar.json", "/p/motivator"):
        assert_refused(olga, f"{path}?month={month}")


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31", "31.12.9999"])
def test_a_page_of_a_day_is_of_years_that_people_work_in(olga: Client, day: str) -> None:
    views = [f"/p/load?day={day}&view={view}" for view in ("day", "week", "month")]
    for path in (f"/journal?since={day}", f"/p/motivator?day={day}", *views):
        if not (path.startswith("/p/load") and "." in day):
            assert_refused(olga, path)


@pytest.mark.parametrize("path", [f"/comparison?since={day}" for day in ("0001-01-01", "9999-12-31")])
def test_two_odd_days_are_not_compared(olga: Client, path: str) -> None:
    assert olga.get(path).status == 422


@pytest.mark.parametrize(
    "days", ["since=1900-01-01", "until=2999-12-31", "since=1900-01-01&until=2999-12-31&compare=yes"]
)
def test_the_first_and_the_last_of_these_years_are_known(olga: Client, days: str) -> None:
    for name in REPORTS:
        assert olga.get(f"/reports/{name}?{days}").status == 200, name


@pytest.mark.parametrize("month", ["1900-01", "2999-12"])
def test_the_first_and_the_last_of_these_months_are_known(olga: Client, month: str) -> None:
    for path in ("/calendar", "/calendar.json", "/p/motivator"):
        assert olga.get(f"{path}?month={month}").status == 200, path


@pytest.mark.parametrize("condition", ["created >= 0001-01-01", "created < 9999-12-31"])
def test_a_list_is_asked_for_an_odd_day(olga: Client, condition: str) -> None:
    assert olga.get("/deals?where=" + condition.replace(" ", "+")).status < 500


@pytest.mark.parametrize("days", ["99999999", "999999999999", "36501"])
def test_the_trash_is_not_older_than_a_hundred_years(olga: Client, days: str) -> None:
    reply = olga.post("/trash", {"days": days})
    assert reply.status == 422
    assert "36500" in reply.body
