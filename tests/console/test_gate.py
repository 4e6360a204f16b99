"""What the console lets in, and what every answer carries."""

from __future__ import annotations

import re

import pytest

from crm.console import server
from crm.console.gate import LARGEST, POLICY
from crm.console.routes import ROUTES
from tests.console.client import Client
from tests.console.conftest import Running

assert server.PAGES

WORDS = {
    "<kind:re:[a-z_]+>": "deal", "<plural:re:[a-z_]+>": "deals", "<kind>": "deal", "<pipeline>": "sales",
    "<id:int>": "1", "<n:int>": "1", "<name>": "hello", "<field:re:company|contacts>": "contacts",
    "<other>": "contact", "<number:int>": "1", "<verb:re:[a-z_]+>": "decline",
    "<token:re:[0-9a-f]+>": "0" * 32, "<which>": "sales",
}  # fmt: skip


def _first(choice: str) -> str:
    """Return the first of what a part of an address may be, such as `<kind:re:contact|lead>`."""
    return choice.rpartition(":")[2].rstrip(">").partition("|")[0]


def address(path: str) -> str:
    path = (
        path.replace("file/<name>", "file/crm")
        .replace("items/<name>", "items/departments")
        .replace("form/<name>", "form/mailbox")
    )
    if "/paper" in path or "<verb" in path:
        path = path.replace("<kind:re:[a-z_]+>", "quote")
    filled = re.sub(r"<[^>]+>", lambda found: WORDS.get(found[0]) or _first(found[0]), path)
    return "/lead/1/convert" if filled == "/lead/1/convert" else filled


WITHOUT_JSON = {"/do/hello", "/settings/backup"}
GETS = sorted(
    {address(route.path) for route in ROUTES if route.method == "GET" and "<token" not in route.path} - WITHOUT_JSON
)
POSTS = sorted({address(route.path) for route in ROUTES if route.method == "POST"})
REFUSALS = [
    "/nonsense/at/all",
    "/deal/99999",
    "/static/0/console.css",
    "/do/hello",
    "/signin",
    "/signout",
    "/%00",
    "/deals?where=%3D",
]


@pytest.mark.parametrize("path", [*GETS, *REFUSALS])
def test_every_answer_has_the_headers(olga: Client, path: str) -> None:
    reply = olga.get(path) if not path.endswith((".pdf", ".xlsx")) else olga.get("/quote/1")
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'") if path.endswith("/paper") else policy == POLICY
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    assert reply.headers["cache-control"] == "no-store"
    assert "server" not in reply.headers


@pytest.mark.parametrize("path", GETS)
def test_every_page_answers_and_has_its_json(olga: Client, path: str) -> None:
    if path.endswith((".pdf", ".xlsx")):
        return
    assert olga.get(path).status == 200
    if path.endswith((".csv", "/paper")):
        return
    twin = olga.get("/.json" if path == "/" else f"{path}.json")
    assert twin.status == 200
    assert twin.headers["content-type"].startswith("application/json")
    assert isinstance(twin.data, dict | list)


@pytest.mark.parametrize("path", [*GETS, *POSTS])
def test_a_stranger_sees_nothing(stranger: Client, path: str) -> None:
    for method in ("GET", "POST"):
        reply = stranger.ask(method, path)
        assert reply.status in (303, 404, 405), path
        assert "Щебень" not in reply.body
    data = stranger.get("/.json" if path == "/" else f"{path}.json")
    assert data.status in (401, 404, 405)
    assert "message" in data.data


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1", "127.0.0.1.evil:80", ""]
)
def test_another_host_is_refused(olga: Client, host: str) -> None:
    reply = olga.get("/deals", Host=host)
    assert reply.status == 421
    assert "Щебень" not in reply.body
    assert reply.headers["content-security-policy"] == POLICY


def test_localhost_is_ours(olga: Client) -> None:
    assert olga.get("/deals", Host=f"localhost:{olga.port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:1"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:{port}"},
    ],
)  # fmt: skip
def test_a_form_of_another_site_is_refused(olga: Client, headers: dict[str, str]) -> None:
    filled = {name: value.format(port=olga.port) for name, value in headers.items()}
    before = olga.get("/changes.json").data["number"]
    assert olga.post("/deal/1/comment", {"text": "from afar"}, **filled).status == 403
    assert olga.get("/changes.json").data["number"] == before


def test_a_form_of_our_own_is_taken(olga: Client) -> None:
    headers = {"Origin": olga.base, "Sec-Fetch-Site": "same-origin"}
    assert olga.post("/deal/7/comment", {"text": "at home"}, **headers).status == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(olga: Client, method: str) -> None:
    reply = olga.ask(method, "/deal/1")
    assert reply.status == 405
    assert reply.headers["allow"] == "GET, POST"


def test_a_page_that_only_shows_takes_no_post(olga: Client) -> None:
    assert olga.post("/deals").status == 405
    assert olga.get("/deal/1/comment").status == 405


def test_too_much_is_refused(olga: Client) -> None:
    reply = olga.ask("POST", "/deal/1/comment", b"text=" + b"x" * LARGEST)
    assert reply.status == 413
    assert reply.headers["content-security-policy"] == POLICY


def test_static_files_are_kept_by_their_content(olga: Client) -> None:
    address = re.search(r'href="(/static/[^"]+console\.css)"', olga.get("/deals").body)
    assert address is not None
    reply = olga.get(address[1])
    assert reply.status == 200
    assert "immutable" in reply.headers["cache-control"]
    assert olga.get("/static/" + address[1].split("/")[2] + "/..%2fserver.py").status == 404


def test_a_failure_shows_no_traceback_and_is_logged(running: Running, olga: Client) -> None:
    reply = olga.get("/p/broken")
    assert reply.status == 500
    assert "&lt;i&gt;no&lt;/i&gt;" in reply.body
    assert "Traceback" not in reply.body
    assert "pages" in reply.body


def test_a_page_of_a_plugin_is_escaped_and_has_its_json(olga: Client) -> None:
    reply = olga.get("/p/hello?who=%3Cb%3E")
    assert "&lt;script&gt;" in reply.body
    assert "<script>alert" not in reply.body
    assert olga.get("/p/hello.json?who=me").data["rows"][0]["asked"] == "me"
    assert "/p/hello" in olga.get("/deals").body
    assert olga.get("/p/nonsense").status == 500
