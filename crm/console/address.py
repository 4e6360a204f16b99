"""The one builder of addresses: what stands where in the console, and which address of a request may be returned to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.console.files import Files
    from crm.sales.noun import Noun

_PLAIN = "/?&=%:,+~.-_@!$'()*;"


class Url:
    """The addresses of the console, for templates and for redirects."""

    def __init__(self, nouns: Mapping[str, Noun], files: Files, as_of: str = "") -> None:
        self._nouns = nouns
        self._files = files
        self._as_of = {"as_of": as_of} if as_of else {}

    def _dated(self, address: str, query: Mapping[str, object]) -> str:
        """Return an address that stays on the past date that is looked at."""
        return _with(address, {**query, **self._as_of})

    def home(self) -> str:
        """Return where the console begins."""
        return self._dated("/", {})

    def my(self, /, **query: object) -> str:
        """Return the page of what one has to do."""
        return self._dated("/my", query)

    def calendar(self, /, **query: object) -> str:
        """Return a month of activities."""
        return self._dated("/calendar", query)

    def board(self, kind: str, pipeline: str = "", /, **query: object) -> str:
        """Return the board of a pipeline; without one, of the first."""
        return self._dated(f"/board/{kind}/{quote(pipeline, safe='')}" if pipeline else f"/board/{kind}", query)

    def list(self, kind: str, /, **query: object) -> str:
        """Return the list of a noun."""
        return self._dated(f"/{self._plural(kind)}", query)

    def table(self, kind: str, form: str = "csv", /, **query: object) -> str:
        """Return the list of a noun as a file."""
        return self._dated(f"/{self._plural(kind)}.{form}", query)

    def _plural(self, kind: str) -> str:
        return self._nouns[kind].plural if kind in self._nouns else kind

    def card(self, kind: str, id: int, /, **query: object) -> str:
        """Return the card of a record."""
        return self._dated(f"/{kind}/{id}", query)

    def record(self, ref: str) -> str:
        """Return the card of the record that a reference names."""
        return self._dated(f"/{ref}", {})

    def move(self, kind: str, id: int) -> str:
        """Return where a record is moved."""
        return f"/{kind}/{id}/move"

    def convert(self, id: int) -> str:
        """Return where a lead becomes a client."""
        return f"/lead/{id}/convert"

    def qualify(self, id: int) -> str:
        """Return where a lead is marked as good."""
        return f"/lead/{id}/qualify"

    def add(self, kind: str, /, **query: object) -> str:
        """Return the form of a new record."""
        return _with(f"/{kind}/add", query)

    def edit(self, kind: str, id: int) -> str:
        """Return the form of a record."""
        return f"/{kind}/{id}/edit"

    def link(self, kind: str, id: int) -> str:
        """Return where other records are linked to a record."""
        return f"/{kind}/{id}/link"

    def unlink(self, kind: str, id: int, field: str, ref: str) -> str:
        """Return where one link of a record is taken away."""
        return f"/{kind}/{id}/unlink/{field}/{ref}"

    def deed(self, kind: str, id: int, verb: str) -> str:
        """Return where a verb of a paper is asked about and done."""
        return f"/{kind}/{id}/do/{verb}"

    def plugin_deed(self, name: str, ref: str) -> str:
        """Return where an action of a plugin is asked about and done for a record."""
        return self._dated(f"/do/{quote(name, safe='')}", {"record": ref})

    def paper(self, kind: str, id: int, suffix: str = "") -> str:
        """Return a paper as it is printed, or as a file."""
        return self._dated(f"/{kind}/{id}/paper" + (f".{suffix}" if suffix else ""), {})

    def import_(self, token: str = "", /, **query: object) -> str:
        """Return where a file is imported; with a token, the columns of one that was chosen."""
        return _with(f"/import/{token}" if token else "/import", query)

    def merge(self, kind: str, id: int) -> str:
        """Return where a record is merged with another that one knows to be the same."""
        return f"/{kind}/{id}/merge"

    def duplicates(self, /, **query: object) -> str:
        """Return the records that seem to be one."""
        return _with("/duplicates", query)

    def demo(self) -> str:
        """Return where an empty workspace is filled with the demo."""
        return "/demo"

    def share(self, id: int) -> str:
        """Return where a deal is shared with a person."""
        return f"/deal/{id}/share"

    def delete(self, kind: str, id: int) -> str:
        """Return where a record goes to the trash."""
        return f"/{kind}/{id}/delete"

    def restore(self, kind: str, id: int) -> str:
        """Return where a record comes back from the trash."""
        return f"/{kind}/{id}/restore"

    def done(self, id: int) -> str:
        """Return where an activity is done."""
        return f"/activity/{id}/done"

    def comment(self, kind: str, id: int) -> str:
        """Return where a comment is added to a record."""
        return f"/{kind}/{id}/comment"

    def reopen(self, kind: str, id: int) -> str:
        """Return where a closed record is taken back to work."""
        return f"/{kind}/{id}/reopen"

    def bulk(self, kind: str) -> str:
        """Return where the same is done with several records."""
        return f"/{self._plural(kind)}/bulk"

    def journal(self, /, **query: object) -> str:
        """Return who changed what."""
        return _with("/journal", query)

    def comparison(self) -> str:
        """Return what differs between two moments."""
        return "/comparison"

    def trash(self) -> str:
        """Return everything in the trash."""
        return "/trash"

    def redo(self, n: int) -> str:
        """Return where a change that was taken back is done again."""
        return f"/redo/{n}"

    def forget(self, kind: str, id: int) -> str:
        """Return where a person is erased everywhere."""
        return f"/{kind}/{id}/forget"

    def account(self, id: int, what: str) -> str:
        """Return where a user gets a password, or a token."""
        return f"/user/{id}/{what}"

    def find(self, /, **query: object) -> str:
        """Return the search."""
        return self._dated("/find", query)

    def suggest(self, kind: str) -> str:
        """Return where the names of records are asked for while one types."""
        return f"/suggest/{kind}"

    def check(self, kind: str) -> str:
        """Return where a word of a form is checked while one types."""
        return f"/check/{kind}.json"

    def palette(self) -> str:
        """Return where places, commands and records are asked for while one types."""
        return "/palette.json"

    def known(self) -> str:
        """Return where known clients are asked for while one types a request."""
        return "/known.json"

    def accept(self) -> str:
        """Return where a request is taken."""
        return "/accept"

    def save_view(self) -> str:
        """Return where a view is saved."""
        return "/views/save"

    def forget_view(self, id: int) -> str:
        """Return where a view is let go."""
        return f"/views/{id}/forget"

    def undo(self, n: int) -> str:
        """Return where a change set is taken back."""
        return f"/undo/{n}"

    def settings(self, part: str = "") -> str:
        """Return the settings, or one part of them."""
        return f"/settings/{quote(part, safe='/')}" if part else "/settings"

    def signins(self, login: str = "") -> str:
        """Return the journal of sign-ins, of everybody or of one person."""
        return _with("/settings/signins", {"login": login})

    def reports(self) -> str:
        """Return the list of reports."""
        return "/reports"

    def report(self, name: str, /, **query: object) -> str:
        """Return a report."""
        return self._dated(f"/reports/{quote(name, safe='')}", query)

    def report_table(self, name: str, /, **query: object) -> str:
        """Return a report as a CSV file."""
        return self._dated(f"/reports/{quote(name, safe='')}.csv", query)

    def page(self, name: str) -> str:
        """Return the page of a plugin, or one of the console's own."""
        return self._dated(f"/p/{quote(name, safe='')}", {})

    def static(self, name: str) -> str:
        """Return a file of the console; the address changes with its content."""
        return f"/static/{self._files.stamp}/{name}"

    def signin(self) -> str:
        """Return the way in."""
        return "/signin"

    def signout(self) -> str:
        """Return the way out."""
        return "/signout"

    def bell(self) -> str:
        """Return the page of what one is reminded of."""
        return "/bell"

    def changes(self) -> str:
        """Return where the number of the last change is asked for."""
        return "/changes.json"


def _with(address: str, query: Mapping[str, object]) -> str:
    given = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{address}?{urlencode(given)}" if given else address


def own(address: str, otherwise: str) -> str:
    """Return an address to go back to when it is one of this console, else `otherwise`; ASCII, fit for a header."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    outside = parts.scheme or parts.netloc or "\\" in address or not address.startswith("/") or address[1:2] == "/"
    if outside or any(ord(sign) < 32 for sign in address):
        return otherwise
    return quote(address, safe=_PLAIN)
