"""Calls of exchanges: signed, told in any order and any number of times, logged once, called back and closed."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from crm.entrance import open_workspace
from crm.errors import InvalidValue, NotFound
from crm.model import Reply, Request
from crm.plugins.telephony.exchanges import take_call, take_mango, take_zadarma, zadarma_signature
from crm.workspace import Workspace
from tests.command_line import environment

TOKEN = "long-random-word"
SETTINGS = f"""token: {TOKEN}
zadarma: {{secret: zsecret}}
mango: {{key: mkey, salt: msalt}}
people: {{"101": ivan}}
"""
CLIENT = "8 916 123-45-67"


@pytest.fixture
def office(shop: Workspace) -> Workspace:
    (shop.root / "config" / "telephony.yaml").write_text(SETTINGS, "utf-8")
    with open_workspace(shop.root, actor="olga", language="en") as crm:
        crm.users.add(name="Ivan", login="ivan", role="manager")
        crm.users.add(name="Petr", login="petr", role="manager")
        contact = crm.contacts.add(name="Василий Громов", phones=[CLIENT], owner="petr")
        crm.deals.add(title="Щебень", contacts=[contact.ref], owner="petr")
    return open_workspace(shop.root, actor="olga", language="en")


def call(crm: Workspace, **told: object) -> Reply:
    body = json.dumps({"id": "1", "direction": "in", "from": "+79161234567", "to": "101", **told}).encode()
    return take_call(crm, Request("POST", TOKEN, body=body))


def activities(crm: Workspace) -> list[tuple[str, bool, str, str]]:
    return [(one.subject, one.done, one.owner, one.about or "") for one in crm.activities.find()]


def test_an_answered_call_is_logged_once_however_often_it_is_told(office: Workspace) -> None:
    for _time in range(3):
        call(office, status="ringing")
        call(office, status="answered", duration=65)
    (logged,) = office.activities.find()
    assert (logged.kind, logged.direction, logged.outcome, logged.duration) == ("call", "in", "success", 65)
    assert (logged.owner, logged.about, logged.done) == ("ivan", "deal/1", True)
    assert logged.points == 1, "with its points"
    assert office.warnings == []


def test_a_missed_call_is_to_be_called_back_by_the_client_s_owner(office: Workspace) -> None:
    call(office, status="missed")
    call(office, id="2", status="busy")
    rows = activities(office)
    assert [row[1:] for row in rows if "Call back" in row[0]] == [(False, "petr", "deal/1")], (
        "once, not for each attempt"
    )
    assert len(rows) == 3
    call(office, id="3", direction="out", **{"from": "102", "to": CLIENT}, status="no_answer")
    assert not office.activities.get(2).done
    call(office, id="4", direction="out", **{"from": "102", "to": CLIENT}, status="answered", duration=30)
    assert office.activities.get(2).done
    assert office.activities.get(2).outcome == "success"


def test_a_missed_call_is_announced(office: Workspace) -> None:
    from crm.store.history import Asked, lines

    call(office, status="missed")
    names = [event["name"] for line in lines(office.store, Asked()) for event in line.events]
    assert names.count("on_call_missed") == 1


def test_the_order_does_not_matter(office: Workspace) -> None:
    call(office, status="answered", duration=10)
    call(office, status="missed")
    call(office, status="ringing")
    (known,) = office.collection("call").find()
    assert (known.status, len(activities(office))) == ("answered", 1)


def test_an_unknown_number_becomes_a_lead(office: Workspace) -> None:
    call(office, status="missed", **{"from": "8 926 111-22-33"})
    (lead,) = office.leads.find()
    assert (lead.phones, lead.source) == (("+79261112233",), "call_in")
    assert {row[3] for row in activities(office)} == {lead.ref}
    call(office, id="2", status="missed", **{"from": "8 926 111-22-33"})
    assert office.leads.count() == 1


def test_a_time_that_cannot_be_read_loses_no_call(office: Workspace) -> None:
    call(office, status="answered", started="the day before")
    assert office.collection("call").count() == 1


def test_undo_of_a_call_takes_its_activity_back(office: Workspace) -> None:
    from crm.sales.undo import undo

    call(office, status="missed")
    undo(office)
    assert activities(office) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": ""}', b'{"id": 1, "status": "dancing"}'])
def test_what_is_no_call_is_refused(office: Workspace, body: bytes) -> None:
    with pytest.raises(InvalidValue):
        take_call(office, Request("POST", TOKEN, body=body))
    assert office.collection("call").count() == 0


def test_a_wrong_token_is_no_address(office: Workspace, shop: Workspace) -> None:
    for path in ("", "wrong", TOKEN + "x"):
        with pytest.raises(NotFound):
            take_call(office, Request("POST", path, body=b'{"id": 1}'))
    with pytest.raises(NotFound):
        take_call(shop, Request("POST", "", body=b'{"id": 1}'))


def test_a_signature_stands_for_the_token(office: Workspace) -> None:
    body = json.dumps({"id": "9", "from": CLIENT, "status": "missed"}).encode()
    signature = "sha256=" + hmac.new(TOKEN.encode(), body, hashlib.sha256).hexdigest()
    assert take_call(office, Request("POST", "", headers={"x-signature": signature}, body=body)).status == 200
    with pytest.raises(NotFound):
        take_call(office, Request("POST", "", headers={"x-signature": signature}, body=body + b" "))


# --- Zadarma ---------------------------------------------------------------------------------------------------------

FORM = "application/x-www-form-urlencoded"


def form(fields: dict[str, str], path: str = "", **headers: str) -> Request:
    return Request("POST", path, headers={"content-type": FORM, **headers}, body=urlencode(fields).encode())


def notice(event: str, **more: str) -> dict[str, str]:
    base = {
        "pbx_call_id": "in_1",
        "call_start": "2026-11-25 10:00:00",
        "caller_id": "+79161234567",
        "called_did": "74951",
    }
    return {"event": event, **base, **more}


def zadarma(crm: Workspace, fields: dict[str, str]) -> Reply:
    return take_zadarma(crm, form(fields, signature=zadarma_signature(fields, "zsecret")))


def test_zadarma_checks_the_address(office: Workspace) -> None:
    assert take_zadarma(office, Request("GET", query={"zd_echo": "abc"})).body == "abc"


def test_the_signature_of_zadarma_is_base64_of_hexadecimal() -> None:
    assert zadarma_signature(notice("NOTIFY_END"), "zsecret") == (
        "YzdlY2MyOWVjOGJjZWM3MjMzODJmZDhmMDBlNWRmMjg2NDY0NDVjYw=="
    )


def test_zadarma_s_calls(office: Workspace) -> None:
    zadarma(office, notice("NOTIFY_START"))
    zadarma(office, notice("NOTIFY_END", disposition="cancel", duration="0"))
    assert [row[0] for row in activities(office)][1].startswith("Call back")
    out = {"pbx_call_id": "out_1", "internal": "101", "destination": "89161234567"}
    zadarma(office, notice("NOTIFY_OUT_START", **out))
    zadarma(office, notice("NOTIFY_OUT_END", disposition="answered", duration="42", **out))
    assert office.activities.get(2).done
    zadarma(office, notice("NOTIFY_RECORD", pbx_call_id="out_1", call_id_with_rec="rec.77"))
    assert office.collection("call").get(2).recording == "rec.77"


def test_a_wrong_signature_changes_nothing_though_sent_a_thousand_times(office: Workspace) -> None:
    fields = notice("NOTIFY_END", disposition="cancel")
    number = office.store.number
    for _time in range(1000):
        with pytest.raises(NotFound):
            take_zadarma(office, form(fields, signature="x" * 40))
    assert office.store.number == number


# --- Mango Office ----------------------------------------------------------------------------------------------------


def mango(crm: Workspace, path: str, notice: dict[str, Any], salt: str = "msalt") -> Reply:
    text = json.dumps(notice)
    sign = hashlib.sha256(f"mkey{text}{salt}".encode()).hexdigest()
    return take_mango(crm, form({"vpbx_api_key": "mkey", "sign": sign, "json": text}, path))


def test_mango_s_calls(office: Workspace) -> None:
    sides = {"from": {"number": "79161234567"}, "to": {"extension": "101"}}
    mango(office, "events/call", {"entry_id": "e1", "call_state": "Appeared", "seq": 1, **sides})
    assert activities(office) == []
    mango(office, "events/summary", {"entry_id": "e1", "call_direction": 1, "entry_result": 0, **sides})
    assert [row[0][:9] for row in activities(office)] == ["Call: +7 ", "Call back"]
    out = {"from": {"extension": "101"}, "to": {"number": "79161234567"}}
    mango(
        office, "events/summary",
        {"entry_id": "e2", "call_direction": 2, "entry_result": 1, "talk_time": 100, "end_time": 160, **out},
    )  # fmt: skip
    assert office.activities.get(2).done
    assert office.activities.get(3).duration == 60
    mango(office, "events/recording", {"entry_id": "e2", "recording_id": "r1"})
    assert office.collection("call").get(2).recording == "r1"
    with pytest.raises(NotFound):
        mango(office, "events/summary", {"entry_id": "e3"}, salt="other")


# --- over the wire ---------------------------------------------------------------------------------------------------


def test_a_call_arrives_at_the_running_console(office: Workspace) -> None:
    command = [
        sys.executable,
        "-m",
        "crm",
        "-w",
        str(office.root),
        "--as",
        "olga",
        "console",
        "--no-browser",
        "--port",
        "0",
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        assert server.stdout is not None
        post = _poster(server.stdout.readline().strip())
        body = json.dumps({"id": 5, "from": CLIENT, "to": "101", "status": "missed"})
        assert [post(f"/hooks/call/{TOKEN}", body) for _time in range(2)] == [200, 200]
        assert post("/hooks/call/wrong", body) == 404
        assert post(f"/hooks/call/{TOKEN}", "{") == 422
    finally:
        server.terminate()
        server.communicate(timeout=20)
    with open_workspace(Path(office.root), actor="olga") as crm:
        assert (crm.collection("call").count(), crm.activities.count()) == (1, 2)


def _poster(link: str) -> Callable[[str, str], int]:
    place = urlsplit(link)

    def post(path: str, body: str) -> int:
        connection = HTTPConnection(str(place.hostname), place.port, timeout=20)
        connection.request("POST", path, body.encode(), {"Content-Type": "application/json"})
        status = connection.getresponse().status
        connection.close()
        return status

    return post


def test_the_number_that_was_dialled_says_which_advertisement_it_was(shop: Workspace) -> None:
    text = SETTINGS + 'lines: {"8 495 123-45-67": ad_phone}\n'
    (shop.root / "config" / "telephony.yaml").write_text(text, "utf-8")
    with open_workspace(shop.root, actor="olga", language="en") as crm:
        call(crm, status="missed", line="+74951234567", **{"from": "+79260000001"})
        call(crm, id="2", status="missed", line="+74950000000", **{"from": "+79260000002"})
        form = {"event": "NOTIFY_END", "pbx_call_id": "z", "caller_id": "79260000003", "called_did": "74951234567"}
        form["signature"] = zadarma_signature(form, "zsecret")
        head = {"content-type": "application/x-www-form-urlencoded", "signature": form.pop("signature")}
        take_zadarma(crm, Request("POST", headers=head, body=urlencode({**form, "disposition": "no answer"}).encode()))
        assert [lead.source for lead in crm.leads.find()] == ["ad_phone", "call_in", "ad_phone"]
