"""A console without a socket: a page as the server answers it, and its template alone with the data at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

from crm.console import layout, server
from crm.console.front import Front
from crm.console.gate import Gate
from crm.console.office import Office
from crm.console.visit import View, Visit

assert server.PAGES, "importing the server fills the register of pages"
COOKIE, PORT = "crm-benchmark", 8765


class _Noting(Front):
    """A front that remembers what it rendered last."""

    last: Callable[[], str] | None = None

    def _html(self, visit: Visit, view: View) -> str:
        template, parts = self.templates.get_template(view.template), {**layout.frame(visit, view), **view.parts}
        self.last = lambda: template.render(**parts)
        return template.render(**parts)


class Answered(Exception):
    """A page answered with something else than itself."""


class Console:
    """The pages of one workspace as one person gets them."""

    def __init__(self, root: Path, login: str) -> None:
        self.front = _Noting(Office(root), login, COOKIE)
        self.gate = Gate(self.front.app, self.front.refuse, PORT)
        self.cookie = self.front.sessions.open(login)

    def get(self, address: str) -> bytes:
        """Return the body that the server sends for an address; raise Answered unless it is the page."""
        path, _mark, query = address.partition("?")
        environ: dict[str, Any] = {
            "PATH_INFO": path, "QUERY_STRING": quote(query, safe="=&%+"), "HTTP_HOST": f"127.0.0.1:{PORT}",
            "HTTP_COOKIE": f"{COOKIE}={self.cookie}", "HTTP_ACCEPT_ENCODING": "gzip",
        }  # fmt: skip
        setup_testing_defaults(environ)
        said: list[str] = []
        body = b"".join(self.gate(environ, lambda status, _headers, _info=None: said.append(status)))
        if not said[0].startswith("200"):
            raise Answered(f"{address}: {said[0]} {body[:200].decode(errors='replace')}")
        return body

    def template(self, address: str) -> Callable[[], str] | None:
        """Return what renders the page again with the data at hand, None where an address answers without a page."""
        self.front.last = None
        self.get(address)
        return self.front.last
