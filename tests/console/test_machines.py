"""Endpoints of plugins: what machines send in arrives, and what plugins answer goes out."""

from __future__ import annotations

import base64
import json

import pytest

from tests.console.client import Client
from tests.console.conftest import Running

ECHO = '''
"""Answers machines, well and badly."""
from crm import InvalidValue, hookimpl
from crm.model import Reply

def echo(crm, request):
    with request.memory.lock:
        request.memory["n"] = request.memory.get("n", 0) + 1
    told = {
        "path": request.path, "query": request.query, "form": request.form, "size": len(request.body),
        "login": request.login, "cookies": request.cookies, "n": request.memory["n"], "actor": crm.actor,
        "way": crm.via, "method": request.method,
    }
    import json
    return Reply(json.dumps(told), 200, "application/json", {"X-Echo": "yes"})

def add(crm, request):
    crm.leads.add(name=request.json["name"])
    return Reply("added")

def as_ivan(crm, request):
    crm.act_as("ivan")
    crm.deals.delete(1)

@hookimpl
def register_endpoints(register):
    register("echo", echo, methods=("GET", "POST", "OPTIONS"), largest=2000)
    register("add", add, methods=("POST",))
    register("ivan", as_ivan)
    register("broken", lambda crm, request: 1 / 0)
    register("nonsense", lambda crm, request: "text")
'''


@pytest.fixture(autouse=True, scope="module")
def echo(running: Running) -> None:
    (running.root / "config" / "plugins" / "echo.py").write_text(ECHO)


def test_a_request_arrives_as_it_was_sent(stranger: Client) -> None:
    basic = base64.b64encode("1с:пароль:с двоеточием".encode()).decode()
    reply = stranger.post(
        "/hooks/echo/a/b.json?type=sale&type=last&empty=",
        {"name": "Олег"},
        Authorization=f"Basic {basic}",
        Cookie="one=1; two=2",
    )
    assert reply.status == 200
    assert (reply.headers["content-type"], reply.headers["x-echo"]) == ("application/json", "yes")
    told = reply.data
    assert told["path"] == "a/b.json"
    assert told["query"] == {"type": "last", "empty": ""}
    assert told["form"] == {"name": "Олег"}
    assert told["login"] == ["1с", "пароль:с двоеточием"]
    assert told["cookies"] == {"one": "1", "two": "2"}
    assert (told["actor"], told["way"], told["method"]) == ("echo", "echo", "POST")


def test_an_endpoint_remembers(stranger: Client) -> None:
    first = stranger.get("/hooks/echo").data["n"]
    assert [stranger.get("/hooks/echo").data["n"] for _number in range(6)] == [first + n for n in range(1, 7)]


def test_machines_come_under_any_name_and_from_any_site(stranger: Client) -> None:
    assert stranger.get("/hooks/echo", Host="crm.example.ru").status == 200
    assert stranger.post("/hooks/echo", {}, Origin="https://shop.example.ru", Sec_Fetch_Site="cross-site").status == 200
    assert stranger.ask("OPTIONS", "/hooks/echo").status == 200


def test_a_person_is_nobody_there(olga: Client) -> None:
    assert olga.get("/hooks/echo").data["actor"] == "echo"
    refused = olga.get("/hooks/ivan")
    assert refused.status == 403
    assert "ivan may not delete deal/1" in refused.body


def test_what_a_machine_brings_is_in_the_history_under_the_plugin(running: Running, stranger: Client) -> None:
    body = json.dumps({"name": "С сайта"}).encode()
    reply = stranger.ask("POST", "/hooks/add", body)
    assert (reply.status, reply.body) == (200, "added")
    [line] = json.loads(running.crm("log", "--limit", "1", "--json"))
    assert line["actor"] == "echo"
    assert json.loads(running.crm("lead", "list", "--limit", "1", "--sort", "-id", "--json"))[0]["name"] == "С сайта"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "/hooks/nothing", b"", 404, "no such address"),
        ("GET", "/hooks/add", b"", 405, "does not answer GET"),
        ("PUT", "/hooks/echo", b"", 405, "does not answer PUT"),
        ("POST", "/hooks/echo", b"x" * 2001, 413, "2000"),
        ("POST", "/hooks/add", b"{", 422, "JSON"),
        ("GET", "/hooks/broken", b"", 500, "ZeroDivisionError"),
        ("GET", "/hooks/nonsense", b"", 500, "echo"),
    ],
)
def test_what_fails_is_one_line(stranger: Client, method: str, path: str, body: bytes, status: int, said: str) -> None:
    reply = stranger.ask(method, path, body)
    assert reply.status == status
    assert said in reply.body
    assert reply.body.count("\n") == 1
    assert reply.headers["content-type"].startswith("text/plain")


def test_pages_of_people_are_as_guarded_as_before(stranger: Client) -> None:
    assert stranger.get("/hooks", Host="evil.example").status == 421
    assert stranger.get("/hooksy", Host="evil.example").status == 421
    assert stranger.get("/hooks/../deals", Host="evil.example").status in (404, 421)
