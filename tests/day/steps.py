"""The steps of a sales day, each one deed; `python -m tests.day.steps ROOT STEP N` is killed at the Nth commit."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from crm.entrance import open_workspace
from crm.model import Request
from crm.store.commit import Store
from crm.workspace import Workspace
from tests.plugins.killing import Steps

TOKEN, PHONE, ADDRESS = "token-of-the-day", "+79161234567", "v@example.ru"
RULES = """rules:
  - id: site_call
    on: lead_created
    if: 'source = site'
    then: [{assign: {to: [olga]}}, {activity: {kind: call, subject: "Позвонить: {name}"}}]
  - id: deliver
    on: invoice_paid
    then: [{process: delivery}]
"""


class Step(NamedTuple):
    """A deed, and whether it was done: a step that was killed is repeated until it was."""

    name: str
    do: Callable[[Any], object]
    done: Callable[[Any], bool]


def _request(crm: Any) -> None:
    from crm.plugins.site.endpoints import take

    body = json.dumps({"id": 1, "name": "Василий Громов", "phone": PHONE, "email": ADDRESS}).encode()
    take(crm, Request("POST", f"{TOKEN}/form", headers={"content-type": "application/json"}, body=body))


def _call(crm: Any, number: str, status: str) -> None:
    from crm.plugins.telephony.exchanges import take_call

    told = {"id": number, "direction": "in", "from": PHONE, "to": "101", "status": status, "duration": 90}
    take_call(crm, Request("POST", TOKEN, body=json.dumps(told).encode()))


def _open(crm: Any, subject: str) -> list[Any]:
    return [one for one in crm.activities.find() if one.subject.startswith(subject) and not one.done]


def _meeting(crm: Any) -> None:
    meeting = next(one for one in crm.activities.find() if one.kind == "meeting")
    with crm.transaction("activity done"):
        done = crm.activities.done(meeting.id, "20 тонн", outcome="success")
        crm.activities.follow(done, "Отправить КП", "tomorrow")


STEPS = (
    Step("request", _request, lambda crm: crm.collection("site_request").count() == 1),
    Step("missed", lambda crm: _call(crm, "c1", "missed"), lambda crm: crm.collection("call").count() >= 1),
    Step("answered", lambda crm: _call(crm, "c2", "answered"), lambda crm: crm.collection("call").count() == 2),
    Step("qualify", lambda crm: crm.leads.qualify(1), lambda crm: crm.leads.get(1).quality == "good"),
    Step(
        "convert",
        lambda crm: crm.leads.convert(1, company="ООО Ромашка", deal=True),
        lambda crm: crm.deals.count() == 1,
    ),
    Step("fetch", lambda crm: crm.collection("mailbox").fetch(), lambda crm: crm.collection("letter").count() >= 1),
    Step(
        "task",
        lambda crm: crm.collection("letter").task(1, "Посчитать", due="tomorrow"),
        lambda crm: bool(_open(crm, "Посчитать")),
    ),
    Step(
        "meeting",
        lambda crm: crm.activities.add(kind="meeting", subject="Замер", about="deal/1", due="tomorrow 15:00"),
        lambda crm: any(one.kind == "meeting" for one in crm.activities.find()),
    ),
    Step("met", _meeting, lambda crm: any(one.kind == "meeting" and one.done for one in crm.activities.find())),
    Step(
        "quote",
        lambda crm: crm.collection("quote").add(deal="deal/1", items=["Щебень*20@1750"]),
        lambda crm: crm.collection("quote").count() == 1,
    ),
    Step(
        "accepted",
        lambda crm: crm.collection("quote").accept(1),
        lambda crm: crm.collection("quote").get(1).doc["status"] == "accepted",
    ),
    Step(
        "invoice",
        lambda crm: crm.collection("invoice").issue(quote="quote/1"),
        lambda crm: crm.collection("invoice").count() == 1,
    ),
    Step("paid", lambda crm: crm.collection("invoice").pay(1), lambda crm: crm.collection("payment").count() == 1),
    Step(
        "delivery",
        lambda crm: crm.collection("process").do(1, "завтра в 10"),
        lambda crm: bool(crm.collection("process").count()) and crm.collection("process").get(1).step != "address",
    ),
)


def play(root: object, name: str, killed_at: int = 0) -> None:
    """Do a step in the workspace; `killed_at` counts both sides of each commit from 1, 0 kills nobody."""
    if killed_at:
        Steps(killed_at).around(Store, "commit", lambda *_: True)
    with open_workspace(str(root), actor="olga", language="ru") as crm:
        crm.deliver_pending()
        step = next(one for one in STEPS if one.name == name)
        if not step.done(crm):
            step.do(crm)


def state(crm: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Return what a day leaves: each record by what people see of it, without the times when it was made."""
    names = ("owner", "stage", "status", "state", "step", "outcome", "done", "about", "result", "points", "score")
    return {
        noun: [(one.label, *(one.doc.get(name) for name in names)) for one in crm.collection(noun).find()]
        for noun in crm.nouns
        if noun not in ("mailbox", "site_request")
    }


if __name__ == "__main__":
    play(sys.argv[1], sys.argv[2], int(sys.argv[3]))
