"""One request: who asks, of which workspace, with which words; and the kinds of answers that a page may give."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.console.address import own
from crm.console.shown import Shown
from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.console.address import Url
    from crm.console.sessions import Session
    from crm.workspace import Workspace

Context = dict[str, Any]


class Words:
    """The names and values of a query or of a form; a name may stand several times."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs = [(name, value) for name, value in pairs]

    def get(self, name: str, otherwise: str = "") -> str:
        """Return the last value of a name."""
        return next((value for key, value in reversed(self.pairs) if key == name), otherwise)

    def all(self, name: str) -> list[str]:
        """Return every value of a name."""
        return [value for key, value in self.pairs if key == name]

    def number(self, name: str) -> int | None:
        """Return a whole number, None where none is given; raise InvalidValue."""
        text = self.get(name).strip()
        if not text:
            return None
        if not text.isdecimal() or len(text) > 15:
            raise InvalidValue(_("«{name}»: a whole number is needed.").format(name=name))
        return int(text)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _value in self.pairs)

    def without(self, *names: str) -> dict[str, str]:
        """Return what is left when some names are taken out, empty values too."""
        return {key: value for key, value in self.pairs if key not in names and value}


class Visit:
    """One request of a signed-in person."""

    def __init__(self, crm: Workspace, url: Url, session: Session, here: str, query: Words, form: Words) -> None:
        self.crm = crm
        self.url = url
        self.session = session
        self.here = here
        self.query = query
        self.form = form
        self.fragment = ""
        self.as_of = ""
        self.scripted = False
        """Whether a script of a page asks, which shows a refusal itself."""
        self.came = ""
        """The page that a link was followed on, where the browser tells."""

    @cached_property
    def shown(self) -> Shown:
        """Return how values are shown to who asks."""
        return Shown(self.crm, self.url)

    def back(self, otherwise: str) -> str:
        """Return where the form was posted from, when that is an address of this console."""
        return own(self.form.get("back") or self.query.get("back"), otherwise)


class View(NamedTuple):
    """A page: its template with the parts that the template needs.

    `data` is its JSON, or what makes it where that takes longer than the page; by default the parts.
    """

    template: str
    title: str
    section: str
    parts: Context
    data: Any = None
    status: int = 200


class Done(NamedTuple):
    """Something was done: what to say, and where to go from here (empty: to where the form was)."""

    text: str
    go: str = ""
    tone: str = "good"


class Sent(NamedTuple):
    """A file."""

    name: str
    type: str
    data: bytes
    policy: str = ""
    """The content policy of a page that is shown as it is; a file is sent to be saved."""


class Plain(NamedTuple):
    """JSON alone, for scripts of the pages."""

    data: Any


Answer = View | Done | Sent | Plain
