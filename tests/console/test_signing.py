"""The ways in and out."""

from __future__ import annotations

import pytest

from crm.console.sessions import IDLE, LINK_LIVES, Sessions
from crm.model.patience import FREE, Patience
from tests.console.client import PASSWORD, Client
from tests.console.conftest import Running


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_link_works_once(running: Running, stranger: Client) -> None:
    token = running.link.partition("token=")[2]
    assert running.link == f"{running.base}/signin?token={token}"
    assert "olga" in stranger.get(f"/signin?token={token}").body
    assert stranger.get(f"/signin?token={token}").status == 200, "looking does not spend it"
    reply = stranger.post("/signin", {"token": token})
    assert (reply.status, reply.location) == (303, "/")
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert stranger.post("/signin", {"token": token}).status == 410
    assert stranger.get(f"/signin?token={token}").status == 410
    stranger.cookie = cookie.partition(";")[0]
    assert stranger.get("/p/profile.json").data == {"login": "olga", "role": "admin"}


def test_a_password_signs_in_and_returns(stranger: Client) -> None:
    asked = stranger.get("/deal/1")
    assert (asked.status, asked.location) == (303, "/signin?back=%2Fdeal%2F1")
    reply = stranger.post("/signin", {"login": "ivan", "password": PASSWORD, "back": "/deal/1"})
    assert (reply.status, reply.location) == (303, "/deal/1")


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nX: 1"]
)
def test_nobody_is_sent_elsewhere(stranger: Client, back: str) -> None:
    reply = stranger.post("/signin", {"login": "ivan", "password": PASSWORD, "back": back})
    assert (reply.status, reply.location) == (303, "/")


@pytest.mark.parametrize(("login", "password"), [("ivan", "wrong"), ("nobody", PASSWORD), ("", ""), ("ivan", "")])
def test_a_wrong_password_tells_nothing(stranger: Client, login: str, password: str) -> None:
    reply = stranger.post("/signin", {"login": login, "password": password})
    assert reply.status == 401
    assert "The name or the password is wrong." in reply.body
    assert "set-cookie" not in reply.headers


def test_failures_make_one_wait(stranger: Client) -> None:
    replies = [stranger.post("/signin", {"login": "guessed", "password": "x"}).status for _number in range(FREE + 2)]
    assert replies[:FREE] == [401] * FREE
    assert replies[-1] == 429
    stranger.sign_in("taras")


def test_signing_out_ends_the_session(stranger: Client) -> None:
    stranger.sign_in("taras")
    assert stranger.get("/deals").status == 200
    assert stranger.post("/signout").location == "/signin"
    assert stranger.get("/deals").status == 303


def test_ones_own_password_is_changed_with_the_old_one(stranger: Client) -> None:
    stranger.sign_in("taras")
    assert stranger.post("/p/profile", {"old": "wrong", "new": "another horse"}).status == 403
    assert stranger.post("/p/profile", {"old": PASSWORD, "new": "short"}).status == 422
    assert stranger.post("/p/profile", {"old": PASSWORD, "new": "another horse"}).status == 303
    assert Client(stranger.base).post("/signin", {"login": "taras", "password": PASSWORD}).status == 401
    assert stranger.post("/p/profile", {"old": "another horse", "new": PASSWORD}).status == 303


def test_an_idle_session_is_over() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    cookie = sessions.open("olga")
    clock.now += IDLE - 1
    assert sessions.find(cookie) is not None
    clock.now += IDLE - 1
    assert sessions.find(cookie) is not None, "use keeps it open"
    clock.now += IDLE - 1
    assert sessions.find(cookie, in_use=False) is not None
    clock.now += 2
    assert sessions.find(cookie) is None, "a page that only lies open does not"
    cookie = sessions.open("olga")
    clock.now += IDLE + 1
    assert sessions.find(cookie) is None


def test_an_old_link_is_no_good() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.make_link("olga")
    clock.now += LINK_LIVES
    assert sessions.spend(token) == ""


def test_patience_doubles_and_forgives() -> None:
    clock = Clock()
    patience = Patience(clock)
    for _number in range(FREE):
        patience.failed("olga")
    assert patience.wait("olga") == 0
    patience.failed("olga")
    first = patience.wait("olga")
    patience.failed("olga")
    assert patience.wait("olga") > first > 0
    assert patience.wait("ivan") == 0
    patience.passed("olga")
    assert patience.wait("olga") == 0


def test_who_came_in_and_who_was_turned_away_is_kept(stranger: Client, olga: Client, ivan: Client) -> None:
    name = "nobody <b>"
    stranger.post("/signin", {"login": name, "password": "no"}, User_Agent="Browser <i>")
    stranger.sign_in("taras")
    stranger.post("/signout")
    lines = olga.get("/settings/signins.json").data["signins"]
    assert [(one["login"], one["how"]) for one in lines[:3]] == [
        ("taras", "out"),
        ("taras", "password"),
        (name, "refused"),
    ]
    page = olga.get("/settings/signins")
    assert "nobody &lt;b&gt;" in page.body
    assert "Browser &lt;i&gt;" in page.body
    assert olga.get("/settings/signins.json?login=taras").data["signins"][0]["login"] == "taras"
    assert ivan.get("/settings/signins").status == 403


def test_each_person_is_spoken_to_in_the_language_chosen(ivan: Client, olga: Client) -> None:
    assert '<html lang="en">' in ivan.get("/my").body
    kept = ivan.post("/p/profile", {"language": "uk", "old": "", "new": ""})
    assert kept.location == "/p/profile"
    page = ivan.get("/board/deal/sales").body
    assert '<html lang="uk">' in page
    assert "Угоди" in page
    assert '<html lang="en">' in olga.get("/my").body, "others are spoken to as before"
    assert ivan.get("/changes").status == 200
    ivan.post("/p/profile", {"language": ""})
    assert '<html lang="en">' in ivan.get("/my").body
