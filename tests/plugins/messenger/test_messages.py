"""Messages of messengers: taken once, bound to clients, answered over a stub of the bot API of Telegram."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm.entrance import open_workspace
from crm.errors import InvalidValue, NotFound, Refused
from crm.locale import use_language
from crm.model import Reply, Request
from crm.plugins.messenger.intake import from_telegram, take_message, take_telegram
from crm.plugins.messenger.messages import Messages
from crm.workspace import Workspace
from tests.plugins.site.stub import Stub, serving

SECRET, TOKEN = "tele-secret", "any-token"


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving(Stub()) as found:
        yield found


@pytest.fixture
def office(shop_folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("CRM_TELEGRAM_TOKEN", "1:abc")
    settings = (
        f"token: {TOKEN}\nreply_url: {stub.url}/reply\ntimeout: 5\ntelegram: {{secret: {SECRET}, api: '{stub.url}'}}\n"
    )
    (shop_folder / "config" / "messenger.yaml").write_text(settings)
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        yield crm
    use_language("en")


def update(number: int = 1, text: str = "Здравствуйте!", chat: int = 77, **more: object) -> dict[str, Any]:
    sender = {"id": chat, "first_name": "Василий", "last_name": "Громов"}
    message = {"message_id": number, "date": 1764064800, "chat": {"id": chat}, "from": sender, "text": text, **more}
    return {"update_id": number, "message": message}


def told(crm: Workspace, data: object, secret: str = SECRET) -> Reply:
    headers = {"x-telegram-bot-api-secret-token": secret}
    return take_telegram(crm, Request("POST", headers=headers, body=json.dumps(data).encode()))


def messages(crm: Workspace) -> Messages:
    return crm.collection("message")  # type: ignore[return-value]


def test_a_stranger_becomes_a_lead_with_one_answer_due(office: Workspace) -> None:
    for _time in range(3):
        told(office, update())
    told(office, update(2, "Есть щебень?"))
    (lead,) = office.leads.find()
    assert (lead.name, lead.source) == ("Василий Громов", "open_lines")
    (due,) = office.activities.find()
    assert (due.kind, due.about, due.done) == ("letter", "lead/1", False)
    assert [one.text for one in messages(office).thread_of("lead/1")] == ["Здравствуйте!", "Есть щебень?"]


def test_a_shared_phone_finds_the_client_and_his_open_deal(office: Workspace) -> None:
    office.contacts.add(name="Василий", phones=["8 916 123-45-67"])
    office.deals.add(title="Щебень", contacts=["contact/1"])
    told(office, update(text="", contact={"phone_number": "79161234567", "user_id": 77}))
    assert (messages(office).get(1).client, messages(office).get(1).about) == ("contact/1", "deal/1")
    told(office, update(2))
    assert messages(office).get(2).about == "deal/1"
    assert office.leads.count() == 0


def test_somebody_elses_contact_is_not_the_writers_phone() -> None:
    other = from_telegram(update(text="", contact={"phone_number": "79161234567", "user_id": 5}))
    assert other is not None
    assert (other.phone, other.text) == ("", "[contact]")


def test_a_chat_follows_its_lead_when_it_becomes_a_client(office: Workspace) -> None:
    told(office, update())
    office.leads.convert(1, contact="Василий Громов", deal=True)
    told(office, update(2))
    assert messages(office).get(2).about == "deal/1"
    assert office.leads.count() == 1


def test_an_answer_goes_to_its_chat_and_does_what_was_due(office: Workspace, stub: Stub) -> None:
    told(office, update())
    messages(office).reply(1, "Есть!")
    (sent,) = messages(office).deliver()
    assert (sent.status, stub.posts[0][0], stub.bodies()) == (
        "sent", "/bot1:abc/sendMessage", [{"chat_id": "77", "text": "Есть!"}],
    )  # fmt: skip
    assert office.activities.get(1).done
    assert list(messages(office).deliver()) == []
    told(office, update(2, "Спасибо"))
    assert office.activities.count() == 2


def test_what_is_put_off_waits_and_what_may_have_arrived_is_for_a_person(office: Workspace, stub: Stub) -> None:
    told(office, update())
    messages(office).reply(1, "Есть!")
    stub.answers = [429]
    assert [one.status for one in messages(office).deliver()] == ["queued"]
    stub.drop = True
    assert [one.status for one in messages(office).deliver()] == ["sending"]
    stub.drop = False
    assert list(messages(office).deliver()) == [], "it may have arrived: nothing sends it again by itself"
    messages(office).decide(2, again=True)
    assert [one.status for one in messages(office).deliver()] == ["sent"]
    with pytest.raises(Refused):
        messages(office).decide(2, again=True)


def test_a_refusal_is_told(office: Workspace, stub: Stub) -> None:
    told(office, update())
    messages(office).reply(1, "Есть!")
    stub.answers, stub.result = [403], {"ok": False, "description": "bot was blocked by the user"}
    (failed,) = messages(office).deliver()
    assert failed.status == "failed"
    assert "blocked" in str(failed.error)


@pytest.mark.parametrize("secret", ["", "x", SECRET + "x"])
def test_who_does_not_know_the_secret_finds_nothing(office: Workspace, secret: str) -> None:
    with pytest.raises(NotFound):
        told(office, update(), secret)
    with pytest.raises(NotFound):
        take_message(office, Request("POST", secret))


@pytest.mark.parametrize("data", [[], {}, {"message": 1}, {"message": {"chat": 1}}, {"edited_message": {}}, None])
def test_what_is_no_message_is_passed_by(office: Workspace, data: object) -> None:
    assert told(office, data).status == 200
    assert messages(office).count() == 0


def test_any_messenger_by_a_bridge(office: Workspace, stub: Stub) -> None:
    data = {"id": "a1", "channel": "VK", "chat": "9", "text": "Привет", "name": "Анна", "phone": "8 926 111-22-33"}
    reply = take_message(office, Request("POST", TOKEN, body=json.dumps(data).encode()))
    assert json.loads(reply.data)["ref"] == "message/1"
    messages(office).reply(1, "Добрый день")
    (sent,) = messages(office).deliver()
    assert sent.status == "sent"
    path, headers, _body = stub.posts[0]
    assert (path, headers["authorization"]) == ("/reply", f"Bearer {TOKEN}")
    assert stub.bodies()[0]["chat"] == "9"
    with pytest.raises(InvalidValue):
        take_message(office, Request("POST", TOKEN, body=b'{"id": 1}'))


def test_an_empty_answer_is_refused(office: Workspace) -> None:
    told(office, update())
    with pytest.raises(InvalidValue):
        messages(office).reply(1, "  ")
