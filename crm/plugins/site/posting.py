"""Posting JSON to another system over HTTP: no redirect is followed, plain http goes to this machine alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 1_000_000
_HERE = ("127.0.0.1", "localhost", "::1")


class Unsent(Exception):
    """The other system surely did not take it: no connection came about."""


class Unanswered(Exception):
    """The connection broke after the request went out: it may have been taken."""


class Answer(NamedTuple):
    """What the other system answered."""

    status: int
    reason: str
    body: bytes

    @property
    def good(self) -> bool:
        """Tell whether it was taken."""
        return 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], timeout: int) -> Answer:
    """Post a body; raise Unsent, Unanswered, and InvalidValue for an address that is none."""
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and parts.hostname not in _HERE):
        raise InvalidValue(_("«{url}» is no https address.").format(url=url[:200]))
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.connect()
    except OSError as error:
        raise Unsent(str(error)) from error
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        return Answer(answer.status, answer.reason, answer.read(LARGEST))
    except (OSError, HTTPException) as error:
        raise Unanswered(str(error) or type(error).__name__) from error
    finally:
        connection.close()
