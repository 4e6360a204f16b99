"""What a request asks: which page of this console, with which words, as a page or as data."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from bottle import request

from crm.console.address import own
from crm.console.visit import Words

MOST_FIELDS = 5000


def here() -> str:
    """Return the address that is asked for, with its words."""
    query = request.environ.get("QUERY_STRING", "")
    path: str = request.path
    return path + (f"?{query}" if query else "")


def came() -> str:
    """Return the page of this console that a link was followed on, empty where the browser does not tell."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if parts.netloc != request.headers.get("Host"):
        return ""
    return own(parts.path + (f"?{parts.query}" if parts.query else ""), "")


def query() -> Words:
    """Return the words of the address."""
    return _words(request.environ.get("QUERY_STRING", ""))


def form() -> Words:
    """Return the words of a form."""
    if request.method != "POST":
        return Words()
    kind = request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return Words()
    length = int(request.environ.get("CONTENT_LENGTH") or 0)
    return _words(request.environ["wsgi.input"].read(length).decode("ascii", "replace"))


def _words(text: str) -> Words:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return Words()
    return Words((name, value.replace("\x00", "")) for name, value in pairs)


def wants_data() -> bool:
    """Tell whether JSON is asked for."""
    asked: str = request.headers.get("Accept", "")
    return bool(request.environ.get("crm.data")) or asked.startswith("application/json")


def asks_again() -> bool:
    """Tell whether an open page asks by itself whether something is new: nobody has to be there for that."""
    return request.path == "/changes.json" or "X-Fragment" in request.headers
