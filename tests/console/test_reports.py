"""Reports: figures, the way from a figure to its records, the period before, files."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.console.client import Client
from tests.console.test_pages import add_deal


def test_the_list_names_every_report(olga: Client) -> None:
    names = [one["name"] for one in olga.get("/reports.json").data["reports"]]
    assert {"funnel", "sales", "hello"} <= set(names)
    assert "Hello &lt;report&gt;" in olga.get("/reports").body


def test_a_report_has_a_short_title_and_a_sentence(olga: Client) -> None:
    for page in (olga.get("/reports").body, olga.get("/reports/sales").body):
        assert re.search(r"Sales</h1>|<span>Sales<", page)
        assert "Won and lost deals by owner, month, company, product …" in page


def test_a_figure_leads_to_as_many_records(olga: Client) -> None:
    number = add_deal(olga, amount="700")
    olga.post(f"/deal/{number}/move", {"stage": "won"})
    row = next(one for one in olga.get("/reports/sales.json").data["rows"] if one["owner"] == "olga")
    page = olga.get("/reports/sales")
    address = re.search(r'href="(/deals\?outcome=won[^"]*owner=olga[^"]*)"', page.body)
    assert address is not None
    found = olga.get(address[1].replace("&amp;", "&").replace("?", ".json?", 1)).data
    assert found["count"] == row["won"]


def test_a_month_leads_to_its_records(olga: Client) -> None:
    number = add_deal(olga, amount="300")
    olga.post(f"/deal/{number}/move", {"stage": "won"})
    page = olga.get("/reports/sales?by=month")
    row = olga.get("/reports/sales.json?by=month").data["rows"][-1]
    address = re.search(r'href="(/deals\?outcome=won[^"]*closed[^"]*)"', page.body)
    assert address is not None
    found = olga.get(address[1].replace("&amp;", "&").replace("?", ".json?", 1))
    assert found.status == 200, found.title
    assert found.data["count"] == row["won"]


def test_the_period_before_stands_beside_the_totals(olga: Client) -> None:
    body = olga.get("/reports/sales?since=2026-01-01&until=2026-01-31&compare=yes").body
    assert "<small>before: 0</small>" in body


def test_a_report_is_a_file_too(olga: Client) -> None:
    reply = olga.get("/reports/leads.csv")
    assert reply.status == 200, reply.title
    assert reply.headers["content-disposition"].startswith("attachment")
    assert "Leads;" in reply.body.splitlines()[0]


def test_a_day_that_is_none_is_said(olga: Client) -> None:
    reply = olga.get("/reports/funnel?since=soon")
    assert (reply.status, "«soon» is not a day." in reply.body) == (422, True)


def test_a_period_that_ends_before_it_begins_is_said(olga: Client) -> None:
    reply = olga.get("/reports/funnel?since=2026-12-01&until=2026-11-01")
    assert (reply.status, "ends before it begins" in reply.body) == (400, True)


def test_a_report_of_a_plugin_is_shown_as_the_others(olga: Client) -> None:
    body = olga.get("/reports/hello").body
    assert "&lt;i&gt;x&lt;/i&gt;" in body
    assert "a &lt;note&gt;" in body


def test_the_motivator_has_its_page(olga: Client) -> None:
    data = olga.get("/p/motivator.json").data
    assert {row["user"] for row in data["people"]} >= {"olga", "ivan"}
    assert "Of the norm" in olga.get("/p/motivator").body


COUNTED = ("funnel", "sales", "lost", "sources", "leads", "planning", "rush", "hello")
"""Reports whose linked whole numbers are all counts of records."""


def counts_behind(body: str) -> list[tuple[str, str]]:
    found = re.findall(r'<a href="(/(?:deals|leads|activities)\?[^"]*)">([\d,]+)</a>', body)
    return [(unescape(address), text.replace(",", "")) for address, text in found]


@pytest.mark.parametrize("words", ["", "since=2026-01-01&until=2026-06-30", "owner=olga", "by=owner", "by=month"])
@pytest.mark.parametrize("name", COUNTED)
def test_every_count_leads_to_as_many_records(olga: Client, name: str, words: str) -> None:
    lost = add_deal(olga, amount="50")
    olga.post(f"/deal/{lost}/move", {"stage": "lost:price"})
    for address, text in counts_behind(olga.get(f"/reports/{name}?{words}").body):
        assert olga.get(address.replace("?", ".json?", 1)).data["count"] == int(text), address


def test_a_stage_leads_to_who_stands_there_and_who_is_late(olga: Client) -> None:
    counts = counts_behind(olga.get("/reports/stages").body)
    address, text = next((one, text) for one, text in counts if "stage=new" in one and "pipeline=sales" in one)
    assert olga.get(address.replace("?", ".json?", 1)).data["count"] == int(text)


def test_the_sum_of_the_lost_leads_to_the_lost(olga: Client) -> None:
    olga.post(f"/deal/{add_deal(olga, amount='50')}/move", {"stage": "lost:price"})
    body = olga.get("/reports/lost").body
    assert 'href="/deals?outcome=lost"' in body, "the tile"
    assert "outcome=won" not in body.partition("<main")[2]


def test_records_without_a_value_are_found(olga: Client) -> None:
    olga.post(f"/deal/{add_deal(olga, amount='50')}/move", {"stage": "won"})
    found = [unescape(one) for one in re.findall(r'href="(/deals\?[^"]*)"', olga.get("/reports/sales?by=source").body)]
    assert any("source+is+empty" in one for one in found), found


def test_a_report_is_grouped_by_any_field_with_a_choice_and_cut(olga: Client) -> None:
    page = olga.get("/reports/sales").body
    assert ('value="direction"' in page, 'value="lost_reason"' in page) == (True, True)
    assert 'value="quality"' in olga.get("/reports/leads").body
    assert len(olga.get("/reports/sales.json?by=stage&limit=1").data["rows"]) <= 1
    assert (olga.get("/reports/sales?limit=0").status, olga.get("/reports/sales?limit=x").status) == (422, 422)
