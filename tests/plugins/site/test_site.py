"""The site: forms and orders, once each, for the client who is known; stages back by signed webhook with retry."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from crm.entrance import open_workspace
from crm.errors import CrmError, InvalidValue, NotFound
from crm.locale import use_language
from crm.model import Reply, Request
from crm.plugins.site.endpoints import TooMany, take
from crm.plugins.site.notices import SiteNotices
from crm.workspace import Workspace
from tests.plugins.site.stub import Stub, serving

TOKEN, FORM_TOKEN = "long-random-word", "seen-in-html"
SETTINGS = f"""token: {TOKEN}
form_token: {FORM_TOKEN}
owner: ivan
form: {{task: "Позвонить: {{name}}"}}
order: {{task: "Заказ {{number}}", process: delivery}}
fields: {{cell: phone}}
thanks: https://example.ru/thanks
origins: [https://example.ru]
"""


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving(Stub()) as found:
        yield found


@pytest.fixture
def office(shop_folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("CRM_SITE_SECRET", "s3cret")
    hook = f"webhooks: [{{url: {stub.url}/hook, attempts: 3, timeout: 5}}]\n"
    (shop_folder / "config" / "site.yaml").write_text(SETTINGS + hook)
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        crm.users.add(name="Иван", login="ivan", role="manager")
        crm.products.add(name="Щебень 5-20", sku="SCH520", price=1750)
        yield crm
    use_language("en")


def sent(crm: Workspace, data: object, path: str = f"{TOKEN}/form", **headers: str) -> Reply:
    given = {"content-type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return take(crm, Request("POST", path, headers=given, body=json.dumps(data).encode()))


ORDER = {
    "order_id": 501,
    "customer": {"fio": "Василий Громов", "tel": "8 916 123-45-67", "email": "V@example.ru"},
    "products": [{"article": "SCH520", "quantity": 10, "price": "1700"}, {"title": "Доставка", "price": 5000}],
    "delivery": "самовывоз",
}


def test_a_form_of_a_stranger_is_a_lead_with_its_task(office: Workspace) -> None:
    reply = json.loads(sent(office, {"name": "Василий", "cell": "8 916 123-45-67", "city": "Тверь"}).data)
    lead = office.leads.get(reply["ref"])
    assert (lead.name, list(lead.phones), lead.source, lead.owner) == ("Василий", ["+79161234567"], "site", "ivan")
    assert "city: Тверь" in str(lead.comment)
    (task,) = office.activities.find()
    assert (task.subject, task.about, task.owner) == ("Позвонить: Василий", lead.ref, "ivan")


def test_a_form_of_a_client_goes_to_his_open_deal_or_makes_one(office: Workspace) -> None:
    office.contacts.add(name="Василий", phones=["8 916 123-45-67"], owner="olga")
    first = json.loads(sent(office, {"phone": "+7 916 123-45-67", "comment": "ещё щебня"}).data)["ref"]
    again = json.loads(sent(office, {"phone": "89161234567", "comment": "когда?"}).data)["ref"]
    assert first == again == "deal/1"
    assert office.deals.get(1).owner == "olga"
    assert office.leads.count() == 0
    assert "Request from the site: когда?" in [one.subject for one in office.activities.find()]


def test_an_order_makes_client_deal_task_and_process_once(office: Workspace) -> None:
    first, again = (json.loads(sent(office, ORDER, f"{TOKEN}/order").data) for _time in range(2))
    assert first == again
    deal = office.deals.get(first["ref"])
    assert [(line["name"], line["qty"], line["price"]) for line in deal.items] == [
        ("Щебень 5-20", "10", "1700.00"), ("Доставка", "1", "5000.00"),
    ]  # fmt: skip
    (contact,) = office.contacts.find()
    assert (contact.name, list(contact.emails), list(deal.contacts)) == (
        "Василий Громов",
        ["v@example.ru"],
        [contact.ref],
    )
    assert office.collection("process").count() == 1
    assert {one.subject.partition(" — ")[0] for one in office.activities.find()} >= {"Заказ 501"}
    assert "delivery: самовывоз" in str(deal.comment)


def test_a_browser_is_sent_on_and_a_robot_is_thanked_and_dropped(office: Workspace) -> None:
    body = urlencode({"your-name": "Анна", "your-email": "a@example.ru"}).encode()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "accept": "text/html",
        "origin": "https://example.ru",
    }
    reply = take(office, Request("POST", f"{FORM_TOKEN}/form", headers=headers, body=body))
    assert (reply.status, reply.headers["Location"]) == (303, "https://example.ru/thanks")
    assert reply.headers["Access-Control-Allow-Origin"] == "https://example.ru"
    assert sent(office, {"name": "Bot", "website": "spam"}).status == 200
    assert office.leads.count() == 1


@pytest.mark.parametrize("path", ["", "x", "x/form", f"{FORM_TOKEN}/order", f"{TOKEN}/else", f"{TOKEN}x/form"])
def test_a_wrong_address_is_none(office: Workspace, path: str) -> None:
    with pytest.raises(NotFound):
        sent(office, {"name": "Василий"}, path)


@pytest.mark.parametrize(
    "data",
    [[], {}, {"city": "Тверь"}, {"name": "x", "items": ["SCH520"]}, {"name": "x", "items": [{"qty": 1}]},
     {"name": "x", "items": [{"sku": "SCH520", "qty": "many"}]}, {"name": "x", "items": [{"name": "y", "qty": -1}]}],
)  # fmt: skip
def test_a_bad_order_is_refused_in_words_and_leaves_nothing(office: Workspace, data: object) -> None:
    with pytest.raises(InvalidValue):
        sent(office, data, f"{TOKEN}/order")
    assert (office.contacts.count(), office.deals.count()) == (0, 0)


def test_a_flood_is_told_to_wait(office: Workspace) -> None:
    request = Request(
        "POST", f"{TOKEN}/form", headers={"content-type": "application/json"}, body=b'{"phone": "1234567"}'
    )
    for _time in range(60):
        take(office, request)
    with pytest.raises(TooMany):
        take(office, request)


# --- back to the site ------------------------------------------------------------------------------------------------


def notices(crm: Workspace) -> SiteNotices:
    return crm.collection("site_notice")  # type: ignore[return-value]


def test_a_stage_goes_back_signed_and_in_order(office: Workspace, stub: Stub) -> None:
    sent(office, ORDER, f"{TOKEN}/order")
    office.deals.move(1, "proposal")
    office.deals.add(title="Не с сайта")
    office.deals.win(1)
    assert [one.status for one in notices(office).send()] == ["taken"] * len(stub.posts)
    told = stub.bodies()
    assert [one["event"] for one in told][:2] == ["deal_created", "stage_changed"]
    assert told[-1]["event"] == "deal_won"
    assert told[1]["stage"] == "proposal"
    assert {one["order"] for one in told} == {"501"}
    path, headers, body = stub.posts[0]
    right = hmac.new(b"s3cret", headers["x-crm-timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert (path, headers["x-crm-signature"]) == ("/hook", f"sha256={right}")
    assert len({headers["x-crm-delivery"] for _path, headers, _body in stub.posts}) == len(told)
    assert list(notices(office).send()) == []


def test_a_site_that_is_down_gets_it_later_and_nothing_before_it(office: Workspace, stub: Stub) -> None:
    sent(office, ORDER, f"{TOKEN}/order")
    office.deals.move(1, "proposal")
    stub.answers = [503]
    now = datetime.now(UTC) + timedelta(seconds=5)
    assert [one.status for one in notices(office).send(now)] == ["waiting"]
    assert list(notices(office).send(now + timedelta(seconds=30))) == [], "not yet due, and the later one waits for it"
    assert [one.status for one in notices(office).send(now + timedelta(minutes=2))] == ["taken", "taken"]
    first, second, third = stub.bodies()
    assert first == second
    assert third["event"] == "stage_changed"


@pytest.mark.parametrize("how", ["redirect", "drop", "no secret"])
def test_what_is_not_taken_fails_after_its_attempts_and_can_be_tried_again(
    office: Workspace, stub: Stub, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(office, ORDER, f"{TOKEN}/order")
    stub.answers, stub.drop = [302] * 3, how == "drop"
    if how == "no secret":
        monkeypatch.delenv("CRM_SITE_SECRET")
    states = [[one.status for one in notices(office).send(all_=True)] for _time in range(3)]
    assert states == [["waiting"], ["waiting"], ["failed"]]
    assert notices(office).get(1).error
    assert {path for path, _headers, _body in stub.posts} <= {"/hook"}, "no redirect is followed"
    monkeypatch.setenv("CRM_SITE_SECRET", "s3cret")
    stub.answers, stub.drop = [], False
    notices(office).again(1)
    assert [one.status for one in notices(office).send()] == ["taken"]
    with pytest.raises(CrmError):
        notices(office).again(1)


def test_nothing_goes_over_plain_http_to_another_machine(office: Workspace) -> None:
    from crm.plugins.site.posting import post

    for url in ("http://example.ru/x", "ftp://127.0.0.1/x", "nonsense"):
        with pytest.raises(InvalidValue):
            post(url, b"{}", {}, 1)


def test_without_webhooks_nothing_is_written(office: Workspace) -> None:
    (office.root / "config" / "site.yaml").write_text(SETTINGS)
    with open_workspace(office.root, actor="olga") as crm:
        reply: Any = json.loads(sent(crm, ORDER, f"{TOKEN}/order").data)
        assert reply["ref"] == "deal/1"
        assert crm.collection("site_notice").count() == 0
