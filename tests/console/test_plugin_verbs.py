"""What plugins do on the command line is done in the console as well: rules, checks, prices, 1C, letters, scores."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest

from tests.console.client import Client
from tests.console.conftest import Running
from tests.console.test_offered_deeds import data, issued


@pytest.fixture
def set_to(running: Running) -> Iterator[Running]:
    """Give the workspace, and put its settings back."""
    held = {path: path.read_text() for path in (running.root / "config").glob("*.yaml")}
    yield running
    for path, words in held.items():
        path.write_text(words)


RULES = """
rules:
  - id: greet
    title: Greet a new deal
    on: deal_created
    then: [{activity: {kind: call, subject: Greet, days: 0}}]
    enabled: false
"""


def test_rules_are_tried_and_switched(olga: Client, ivan: Client, set_to: Running) -> None:
    path = set_to.root / "config" / "rules.yaml"
    path.write_text("# ours\n" + RULES)
    assert 'href="/p/rules"' in olga.get("/settings").body
    assert "Greet a new deal" in olga.get("/p/rules").body
    tried = olga.get("/p/rules?rule=greet&since=2000-01-01").body
    assert ("Would have run:" in tried, "Nothing was changed." in tried) == (True, True)
    assert olga.get("/p/rules?since=soon").status == 422
    assert olga.post("/do/rule_switch", {"rule": "greet", "back": "/p/rules"}).location == "/p/rules"
    assert olga.get("/p/rules.json").data["rules"] == [{"id": "greet", "on": True, "loop": False}]
    assert path.read_text().startswith("# ours\n")
    assert (ivan.get("/p/rules").status, ivan.post("/do/rule_switch", {"rule": "greet"}).status) == (403, 403)
    assert olga.post("/do/rules_run", {"back": "/p/rules"}).status == 303


def test_checks_name_what_they_find(olga: Client) -> None:
    assert 'href="/p/lint"' in olga.get("/settings").body
    every = olga.get("/p/lint.json?level=info").data["findings"]
    errors = olga.get("/p/lint.json?level=error").data["findings"]
    assert len(every) > len(errors)
    rule = every[0]["rule"]
    assert {one["rule"] for one in olga.get(f"/p/lint.json?level=info&rule={rule}").data["findings"]} == {rule}


def test_the_price_list_goes_by_mail(olga: Client) -> None:
    assert 'action="/do/price_send"' in olga.get("/p/price").body
    assert olga.post("/do/price_send", {"to": ""}).status == 422
    assert olga.post("/do/price_send", {"to": "buyer@example.com", "back": "/p/price"}).location == "/p/price"
    queued = olga.get("/parcels.json").data["records"][0]
    assert (queued["address"], queued["subject"]) == ("buyer@example.com", "Price list")


def test_a_base_of_1c_is_let_in_and_out(olga: Client, ivan: Client) -> None:
    olga.post("/do/onec_connect", {"name": "buh", "back": "/p/onec"})
    told = olga.get("/p/onec").body
    assert ("/hooks/1c/" in told, "password:" in told) == (True, True)
    again = olga.get("/p/onec").body
    assert ("password:" in again, 'name="name" value="buh"' in again) == (False, True), "shown once"
    assert ivan.post("/do/onec_connect", {"name": "mine"}).status == 403
    olga.post("/do/onec_disconnect", {"name": "buh", "back": "/p/onec"})
    assert 'name="name" value="buh"' not in olga.get("/p/onec").body.partition("</h1>")[2].replace("buh may", "")


def test_an_invoice_is_a_file_for_the_1c_of_its_buyer(olga: Client) -> None:
    card = issued(olga)
    assert "/p/onec?invoice=" in olga.get(card).body
    assert b"<?xml" in olga.raw(f"/p/onec?invoice={card[1:]}")


def test_a_lead_is_marked_as_good(olga: Client) -> None:
    made = olga.post("/lead/add", {"name": "Gravel for a yard", "source": "site"})
    assert f'action="{made.location}/qualify"' in olga.get(made.location).body
    olga.post(f"{made.location}/qualify", {"back": made.location})
    assert data(olga, made.location)["quality"] == "good"
    assert "/qualify" not in olga.get(made.location).body


def test_scores_are_counted_anew(olga: Client, ivan: Client, set_to: Running) -> None:
    path = set_to.root / "config" / "scoring.yaml"
    path.write_text("rules:\n  - {id: known, if: 'name is not empty', points: 10}\n")
    lead = olga.post("/lead/add", {"name": "Sand"}).location
    assert 'action="/do/rescore"' in olga.get(lead).body
    assert 'action="/do/rescore"' not in ivan.get(lead).body
    path.write_text("rules:\n  - {id: known, if: 'name is not empty', points: 25}\n")
    assert olga.post("/do/rescore", {"back": lead}).location == lead
    assert data(olga, lead)["score"] == 25
    assert ivan.post("/do/rescore").status == 403


def test_addresses_for_machines_are_told(olga: Client, ivan: Client, set_to: Running) -> None:
    olga.post("/settings/form/site", {"token": "very-long-and-random"})
    olga.post("/settings/form/telephony", {"token": "another-long-one"})
    assert "/hooks/site/very-long-and-random/order" in olga.get("/p/site").body
    assert "/hooks/call/another-long-one" in olga.get("/p/telephony").body
    assert (ivan.get("/p/site").status, ivan.get("/p/telephony").status) == (403, 403)


def test_the_bot_says_what_it_lacks(olga: Client, set_to: Running) -> None:
    olga.post("/settings/form/messenger", {"telegram.secret": "letters1"})
    assert 'action="/do/telegram_connect"' in olga.get("/p/messages").body
    refused = olga.post("/do/telegram_connect", {"back": "/p/messages"})
    assert (refused.status, "https address" in refused.body) == (400, True)


def test_the_doctor_is_heard_and_a_backup_is_saved(olga: Client, ivan: Client) -> None:
    assert all(one["ok"] for one in olga.get("/settings/care.json").data["doctor"] if one["name"] in ("data", "index"))
    names = zipfile.ZipFile(io.BytesIO(olga.raw("/settings/backup"))).namelist()
    assert any(name.endswith("config/crm.yaml") for name in names)
    assert (ivan.get("/settings/care").status, ivan.get("/settings/backup").status) == (403, 403)
