"""Twenty people at one console: each polls the board and moves a card of one's own; no error, no move lost."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode, urlsplit

from benchmarks.table import Row
from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.sales.secrets import set_password

PEOPLE, MOVES, POLLS = 20, 15, 3
PASSWORD = "benchmark only"
STAGES = ("qualified", "proposal", "invoice", "signing")


def rows(folder: Path) -> Iterator[Row]:
    """Measure what the slowest answers take beside the usual one, of polls and of moves."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        polls, moves, failed = crowd(Path(place) / "shop")
    if failed:
        raise RuntimeError(f"{len(failed)} of the answers were errors or moves were lost: {failed[:3]}")
    asked = f"{PEOPLE} people, {PEOPLE * MOVES} moves"
    for name, times in (("poll of the board", polls), ("move of a card", moves)):
        yield Row(f"{PEOPLE} people at once: {name}, p99", "its median", asked, _p99(times) / median(times), 5)


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def crowd(root: Path) -> tuple[list[float], list[float], list[str]]:
    """Let everybody work at once; return the seconds of polls and of moves, and what went wrong."""
    initialise(root, "en", "USD", "Crowd", "boss")
    logins = [f"user{number}" for number in range(PEOPLE)]
    with open_workspace(root, actor="boss") as crm:
        for login in logins:
            crm.users.add(name=login, login=login, role="manager")
            set_password(crm, login, PASSWORD)
            crm.deals.add(title=f"Deal of {login}", amount=100, owner=login)
    command = [sys.executable, "-m", "crm", "-w", str(root), "--as", "boss", "console", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = urlsplit(server.stdout.readline().strip()).port or 0
        try:
            return _work(port, logins)
        finally:
            server.terminate()


def _work(port: int, logins: list[str]) -> tuple[list[float], list[float], list[str]]:
    people = [_Person(port, login, number) for number, login in enumerate(logins, 1)]
    threads = [threading.Thread(target=one.work) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [text for one in people for text in one.failed] + [text for one in people for text in one.lost()]
    return [t for one in people for t in one.polls], [t for one in people for t in one.moves], failed


class _Person:
    """One of the crowd, with a connection of one's own; `deal` is the card that is moved."""

    def __init__(self, port: int, login: str, deal: int) -> None:
        self.port, self.deal = port, deal
        self.cookie = ""
        self.polls: list[float] = []
        self.moves: list[float] = []
        self.failed: list[str] = []
        self.last = ""
        _status, headers, _body = self._ask("/signin", {"login": login, "password": PASSWORD})
        self.cookie = headers.get("Set-Cookie", "").partition(";")[0]

    def _ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Accept": "application/json" if form is None or self.cookie else "text/html"}
        body = urlencode(form).encode() if form else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form else "GET", path, body, headers)
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return found

    def work(self) -> None:
        """Poll and move by turns, once before it counts: each thread of the server opens the workspace then."""
        self._timed([], "/changes.json?after=1")
        for turn in range(MOVES):
            for _poll in range(POLLS):
                self._timed(self.polls, "/changes.json?after=1")
            self.last = STAGES[turn % len(STAGES)]
            self._timed(self.moves, f"/deal/{self.deal}/move", {"stage": self.last})

    def _timed(self, times: list[float], path: str, form: dict[str, str] | None = None) -> None:
        begun = time.perf_counter()
        status, _headers, body = self._ask(path, form)
        times.append(time.perf_counter() - begun)
        if status != 200:
            self.failed.append(f"{path}: {status} {body[:200]!r}")

    def lost(self) -> list[str]:
        """Return the move that is not there, if so."""
        _status, _headers, body = self._ask(f"/deal/{self.deal}.json")
        stage = json.loads(body)["record"]["stage"]
        return [] if stage == self.last else [f"deal/{self.deal}: {stage}, not {self.last}"]
