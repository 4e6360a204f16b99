"""The gate before the pages: which requests are let through at all, and the headers that every answer carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from crm.console.machines import is_for_machine
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Environ = dict[str, Any]
    Start = Callable[..., Any]

LARGEST = 1024 * 1024
"""Bytes that the body of a request may have."""
LARGEST_WITH_FILE = 34_000_000
"""Bytes that a form of a plugin with a chosen file may have."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Stop(NamedTuple):
    """Why a request is not let through: its HTTP status, what is wrong, what to do."""

    status: int
    what: str
    remedy: str


_HOST = Stop(421, N_("This address is not one of the console."), N_("Use the one that crm console prints."))
_METHOD = Stop(405, N_("Only GET and POST are answered."), "")
_ORIGIN = Stop(403, N_("The request comes from another site."), N_("Work in the pages of the console."))
_SIZE = Stop(413, N_("That is too much at once."), N_("Send at most one megabyte; with a file, ten."))
_LENGTH = Stop(400, N_("The request cannot be read."), "")


class Gate:
    """Lets requests through to `inside`; `refuse` makes the page for the others."""

    def __init__(self, inside: Any, refuse: Callable[[Environ, Stop], tuple[str, str, bytes]], port: int) -> None:
        self.inside = inside
        self.refuse = refuse
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if port == 80:
            self.hosts |= {"127.0.0.1", "localhost", "[::1]"}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request."""
        stop = self.stop(environ)
        if stop is not None:
            status, kind, body = self.refuse(environ, stop)
            headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
            if stop.status == 405:
                headers.append(("Allow", "GET, POST"))
            _guarded(start)(status, headers)
            return [body]
        if not is_for_machine(environ):
            as_data(environ)
        answer: Iterable[bytes] = self.inside(environ, _guarded(start))
        return answer

    def stop(self, environ: Environ) -> Stop | None:
        """Return why a request is not let through, None when it is.

        Machines come from anywhere, by any name that leads here: no cookie of a person counts for them, so there is
        nothing to steal by a foreign page, and their endpoints look at methods and sizes themselves.
        """
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            return _LENGTH
        if is_for_machine(environ):
            return None
        if environ.get("HTTP_HOST", "").lower() not in self.hosts:
            return _HOST
        if environ["REQUEST_METHOD"] not in ("GET", "POST"):
            return _METHOD
        if environ["REQUEST_METHOD"] == "POST" and not self._own_origin(environ):
            return _ORIGIN
        return _SIZE if int(length) > _largest(environ) else None

    def _own_origin(self, environ: Environ) -> bool:
        """Tell whether a form was posted from a page of ours, as browsers say it; other programs say nothing."""
        if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
            return False
        origin = environ.get("HTTP_ORIGIN")
        return origin is None or (origin.startswith("http://") and urlsplit(origin).netloc == environ["HTTP_HOST"])


def _largest(environ: Environ) -> int:
    with_file = environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")
    return LARGEST_WITH_FILE if with_file and environ.get("PATH_INFO", "").startswith(("/do/", "/import")) else LARGEST


def as_data(environ: Environ) -> None:
    """Take `.json` off the address of a page and note that its data is asked for."""
    path = environ.get("PATH_INFO", "")
    if path.endswith(".json"):
        environ["crm.data"] = True
        environ["PATH_INFO"] = path.removesuffix(".json") or "/"


def _guarded(start: Start) -> Start:
    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        given = {name.lower() for name, _value in headers}
        more = [(name, value) for name, value in HEADERS.items() if name.lower() not in given]
        return start(status, [*headers, *more], *rest)

    return begin
