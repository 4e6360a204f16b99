"""Who is signed in: links that work once, and sessions kept in memory as hashes."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from crm.sales.secrets import token_hash

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE = 12 * 3600
"""Seconds after which a session that nobody uses is over."""
LINK_LIVES = 3600
"""Seconds that a link may wait to be opened."""


class Flash(NamedTuple):
    """What the next page says of what was done; `undo` is the number of the change set, 0 for none."""

    text: str
    tone: str = "good"
    undo: int = 0


@dataclass(slots=True)
class Session:
    """One browser of one person."""

    login: str
    seen: float
    flash: Flash | None = None


class _Link(NamedTuple):
    login: str
    made: float


class Sessions:
    """The sessions of one console."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._links: dict[str, _Link] = {}
        self._open: dict[str, Session] = {}

    def make_link(self, login: str) -> str:
        """Return a token that signs `login` in once."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._links[token_hash(token)] = _Link(login, self._clock())
        return token

    def invited(self, token: str) -> str:
        """Return the login that an unspent token is for, empty for any other text."""
        link = self._links.get(token_hash(token))
        return link.login if link is not None and self._clock() - link.made < LINK_LIVES else ""

    def spend(self, token: str) -> str:
        """Spend a token; return the cookie of a new session, empty when the token is not good."""
        with self._lock:
            login = self.invited(token)
            self._links.pop(token_hash(token), None)
        return self.open(login) if login else ""

    def open(self, login: str) -> str:
        """Open a session and return its cookie."""
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_idle()
            self._open[token_hash(cookie)] = Session(login, self._clock())
        return cookie

    def find(self, cookie: str, *, in_use: bool = True) -> Session | None:
        """Return the session of a cookie and note that it is in use; None when it is over."""
        with self._lock:
            self._forget_idle()
            session = self._open.get(token_hash(cookie)) if cookie else None
            if session is not None and in_use:
                session.seen = self._clock()
            return session

    def close(self, cookie: str) -> None:
        """End a session."""
        with self._lock:
            self._open.pop(token_hash(cookie), None)

    def _forget_idle(self) -> None:
        now = self._clock()
        for key in [key for key, session in self._open.items() if now - session.seen > IDLE]:
            del self._open[key]
