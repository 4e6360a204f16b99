"""The whole workspace as it changed: the journal, two days compared, the trash, a person forgotten, who signs in."""

from __future__ import annotations

import json

from crm.entrance import open_workspace
from tests.console.client import PASSWORD, Client
from tests.console.conftest import Running
from tests.console.test_pages import add_deal


def newest(client: Client, **asked: str) -> dict[str, object]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    found: dict[str, object] = client.get(f"/journal.json?{query}").data["journal"][0]
    return found


def test_a_change_is_taken_back_and_done_again_from_the_journal(olga: Client) -> None:
    deal = add_deal(olga)
    olga.post(f"/deal/{deal}/edit", {"only": "title", "title": "Renamed"})
    line = newest(olga, ref=f"deal/{deal}")
    assert f'action="/undo/{line["n"]}"' in olga.get("/journal").body
    olga.post(f"/undo/{line['n']}", {"back": "/journal"})
    assert f'action="/redo/{line["n"]}"' in olga.get("/journal").body
    olga.post(f"/redo/{line['n']}", {"back": "/journal"})
    assert olga.get(f"/deal/{deal}.json").data["record"]["title"] == "Renamed"


def test_the_journal_is_asked_by_person_day_and_record(olga: Client, ivan: Client) -> None:
    deal = add_deal(ivan)
    assert {one["actor"] for one in olga.get("/journal.json?user=ivan").data["journal"]} == {"ivan"}
    assert olga.get(f"/journal.json?ref=deal/{deal}").data["journal"][0]["refs"][0] == f"deal/{deal}"
    assert "Nothing was changed here." in olga.get("/journal?since=2999-01-01").body
    assert olga.get("/journal?since=soon").status == 422
    assert olga.get("/journal?ref=deal/99999").status == 404


def test_the_journal_hides_what_one_may_not_read(olga: Client, ivan: Client, running: Running) -> None:
    deal = add_deal(olga)
    path = running.root / "config" / "access.yaml"
    old = path.read_text()
    olga.post("/settings/roles", {"manager.read": "own"})
    try:
        told = ivan.get("/journal.json").data
        assert "journal" in told, told
        refs = [ref for one in told["journal"] for ref in one["refs"]]
        assert f"deal/{deal}" not in refs
    finally:
        path.write_text(old)


def test_two_days_are_compared(olga: Client) -> None:
    found = olga.get("/comparison.json?since=2000-01-01").data["differences"]
    assert {"ref": "activity/1", "label": "Перезвонить", "field": "about", "old": None, "new": "deal/1"} in found
    assert "Перезвонить" in olga.get("/comparison?since=2000-01-01").body
    assert "Choose the day to compare with." in olga.get("/comparison").body
    assert olga.get("/comparison?since=soon").status in (400, 422)


def test_the_trash_of_every_noun_is_restored_and_emptied(olga: Client, ivan: Client) -> None:
    deal = add_deal(olga)
    olga.post(f"/deal/{deal}/delete", {"sure": "yes"})
    assert f'action="/deal/{deal}/restore"' in olga.get("/trash").body
    assert "Remove for good" not in ivan.get("/trash").body
    assert ivan.post("/trash", {"days": "0"}).status == 403
    assert olga.post("/trash", {"days": "many"}).status == 422
    assert olga.post("/trash", {"days": "0"}).location == "/trash"
    assert olga.get(f"/deal/{deal}").status == 404


def test_a_person_is_forgotten_once_one_is_sure(olga: Client, ivan: Client) -> None:
    made = olga.post("/contact/add", {"name": "Zora Forgettable", "phones": "+7 999 555-44-33"})
    card = made.location
    assert f'href="{card}/forget"' in olga.get(card).body
    assert f'href="{card}/forget"' not in ivan.get(card).body
    assert ivan.post(f"{card}/forget", {"sure": "yes"}).status == 403
    assert "Zora" in json.dumps(json.loads(olga.get(f"{card}/known").body), ensure_ascii=False)
    assert "It cannot be undone" in olga.get(f"{card}/forget").body
    assert "Traces of the person" not in olga.get(f"{card}/forget").body
    assert olga.post(f"{card}/forget", {"sure": "yes"}).status == 303
    assert "Zora Forgettable" not in olga.get("/contacts.json").body


def test_a_user_gets_a_password_and_a_token(olga: Client, ivan: Client, running: Running) -> None:
    with open_workspace(running.root, actor="olga") as crm:
        vera = crm.users.add(name="Вера", login="vera", role="manager").id
    card = f"/user/{vera}"
    assert olga.post(f"{card}/password", {"new": "short"}).status == 422
    assert olga.post(f"{card}/password", {"new": PASSWORD}).location == card
    assert Client(running.base).sign_in("vera").get("/my").status == 200
    assert ivan.post(f"{card}/password", {"new": PASSWORD}).status == 403
    assert "It is shown once" in olga.post(f"{card}/token").body
    assert olga.post(f"{card}/token", {"sure": "yes"}).location == card
    assert "The token of Вера:" in olga.get(card).body
    assert "The token of Вера:" not in olga.get(card).body, "shown once"


def test_events_that_plugins_failed_to_take_are_told_again(olga: Client, ivan: Client) -> None:
    assert "Every plugin has heard of everything." in olga.get("/settings/events").body
    assert ivan.get("/settings/events").status == 403
    assert olga.post("/settings/events").location == "/settings/events"


def test_two_records_that_one_knows_to_be_the_same_are_merged(olga: Client) -> None:
    first = olga.post("/contact/add", {"name": "Anna Twin"}).location
    second = olga.post("/contact/add", {"name": "A. Twin", "emails": "twin@example.com"}).location
    assert f'href="{first}/merge"' in olga.get(first).body
    for wrong in ("", "nobody at all", first.rpartition("/")[2]):
        assert olga.post(f"{first}/merge", {"other": wrong}).status == 422
    other = second.rpartition("/")[2]
    assert "becomes a part of" in olga.post(f"{first}/merge", {"other": other}).body
    assert olga.post(f"{first}/merge", {"other": other, "sure": "yes"}).location == first
    assert "twin@example.com" in olga.get(first).body
    deals = add_deal(olga), add_deal(olga)
    assert olga.post(f"/deal/{deals[0]}/merge", {"other": str(deals[1]), "sure": "yes"}).status == 303
