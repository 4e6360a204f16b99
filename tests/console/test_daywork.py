"""Forms of plugins in a real browser: postpone, the next step, routines, a meeting from a file, a calendar."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.console.client import Client
from tests.console.conftest import Running
from tests.console.test_pages import add_deal, record
from tests.contract.world import MEETING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser


def planned(running: Running, deal: int) -> int:
    words = ("activity", "add", "call", "Уточнить", "--about", f"deal/{deal}", "--due", "tomorrow", "--ids")
    return int(running.crm(*words))


def test_an_activity_is_postponed_with_a_reason(open_page: Open, running: Running, olga: Client) -> None:
    number = planned(running, add_deal(olga))
    page = open_page(f"/activity/{number}")
    page.get_by_label("To when").fill("2030-03-05T15:00")
    page.get_by_label("Why").fill("просят через неделю")
    page.get_by_role("button", name="Postpone").click()
    page.get_by_text("Postponed: Уточнить").wait_for()
    doc = record(olga, "activity", number)
    assert str(doc["due"]).startswith("2030-03-05T")
    assert "просят через неделю" in str(doc["result"])


def test_the_next_step_is_asked_when_the_last_one_is_done(open_page: Open, running: Running, olga: Client) -> None:
    deal = add_deal(olga)
    number = planned(running, deal)
    reply = olga.post(f"/activity/{number}/done", {"result": "20 тонн"})
    assert reply.status == 303
    assert f"/activity/add?about=deal%2F{deal}" in reply.location
    page = open_page(reply.location)
    page.get_by_label("Subject").fill("Отправить КП")
    page.locator(".sheet-form .button.primary").click()
    page.get_by_role("link", name="Отправить КП").first.wait_for()
    other = planned(running, deal)
    assert f"/activity/add?about=deal%2F{deal}" not in olga.post(f"/activity/{other}/done").location


def test_routines_are_added_by_a_button(open_page: Open, olga: Client) -> None:
    page = open_page("/p/routines")
    page.get_by_role("button", name="Add the usual").click()
    page.get_by_text("Routines added: 3.").wait_for()
    assert {"Issue invoices", "Watch payments", "Collect signed acts"} <= set(
        page.locator("tbody td").all_inner_texts()
    )


def test_a_meeting_comes_from_a_file_and_a_calendar_gets_an_address(
    open_page: Open, running: Running, tmp_path: Path
) -> None:
    name = f"Замер {uuid4().hex[:6]}"
    tomorrow = date.today() + timedelta(days=1)
    text = MEETING.replace("Замер", name).replace("UID:1", f"UID:{uuid4().hex}")
    (tmp_path / "meeting.ics").write_text(text.replace("20301126", f"{tomorrow:%Y%m%d}"))
    page = open_page("/p/load?view=month")
    page.get_by_label("A meeting from a file").set_input_files(tmp_path / "meeting.ics")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_text(f"Planned: {name}").wait_for()
    page.goto(running.base + "/p/load")
    page.get_by_role("button", name="Make the address").click()
    shown = page.get_by_text("/hooks/calendar/").inner_text()
    token = shown.partition("/hooks/calendar/")[2].split()[0]
    assert name in Client(running.base).get(f"/hooks/calendar/{token}").body


def test_a_file_that_is_no_calendar_is_told(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "bad.ics").write_text("nothing")
    page = open_page("/p/load")
    page.get_by_label("A meeting from a file").set_input_files(tmp_path / "bad.ics")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_text("This is no calendar file").wait_for()


@pytest.mark.parametrize("name", ["nothing", "postpone", "seen", "message", "letter", "mailing", "ics"])
def test_a_form_of_a_plugin_that_is_not_whole_is_told_in_words(olga: Client, name: str) -> None:
    reply = olga.post(f"/do/{name}", {})
    assert reply.status in (404, 422), reply.body
    assert "Traceback" not in reply.body


@pytest.mark.parametrize(
    "path",
    ["/p/routines", "/p/load", "/p/load?view=month", "/p/load?view=day", "/p/mailings", "/p/motivator", "/p/letters"],
)
def test_every_link_of_a_page_leads_somewhere(olga: Client, running: Running, path: str) -> None:
    for number in range(7):
        running.crm("activity", "add", "task", f"Дело {number}", "--due", "today")
    found = re.findall(r"<main.*</main>", olga.get(path).body, re.DOTALL)
    links = {html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', found[0])}
    assert links
    assert {link: status for link in links if (status := olga.get(link).status) != 200} == {}


def test_who_is_not_signed_in_does_nothing(running: Running) -> None:
    assert Client(running.base).post("/do/starter", {}).status in (303, 401, 403)
