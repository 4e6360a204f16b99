"""A browser without eyes: requests to a running console over http.client, with the cookie of who signed in."""

from __future__ import annotations

import json
import re
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

PASSWORD = "correct horse"


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    @property
    def location(self) -> str:
        return self.headers["location"]

    @property
    def title(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.body, re.DOTALL)
        return found[1].strip() if found else ""


class Client:
    def __init__(self, base: str) -> None:
        self.base = base
        self.port = urlsplit(base).port or 0
        self.cookie = ""

    def ask(self, method: str, path: str, body: bytes | None = None, /, **headers: str) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            given.setdefault("Cookie", self.cookie)
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read().decode())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, **headers)

    def post(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> Reply:
        body = urlencode(form or {}, doseq=True).encode()
        return self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded", **headers)

    def raw(self, path: str, **headers: str) -> bytes:
        """Return the body of a file as it comes."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, None, {"Cookie": self.cookie, **given})
            return connection.getresponse().read()
        finally:
            connection.close()

    def json(self, path: str, form: dict[str, Any] | None = None) -> Reply:
        return self.post(path, form, Accept="application/json")

    def sign_in(self, login: str, password: str = PASSWORD) -> Client:
        reply = self.post("/signin", {"login": login, "password": password})
        assert reply.status == 303, reply.body
        self.cookie = reply.headers["set-cookie"].partition(";")[0]
        return self
