"""The console on a past date: every page reads the workspace as it stood then, and nothing can be changed there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from crm.console.visit import Words
from crm.errors import Refused
from crm.locale import _

if TYPE_CHECKING:
    from crm.console.moments import Clock
    from crm.console.visit import Context, Visit
    from crm.model.fields import Doc
    from crm.sales.desk import Guard
    from crm.store.query import QueryLike
    from crm.workspace import Workspace

AS_OF = "as_of"
"""The word of an address that names the date."""


class ReadersGuard:
    """The rights of somebody who only looks: reading and taking out stay what they are, the rest is refused."""

    def __init__(self, rights: Guard) -> None:
        self._rights = rights

    def __getattr__(self, name: str) -> object:
        return getattr(self._rights, name)

    def check(self, action: str, noun: str, doc: Doc | None) -> None:
        """Raise Refused for whatever changes something."""
        if action not in ("read", "export"):
            raise Refused(_("This is the past: nothing can be changed here."), _("Go back to today first."))
        self._rights.check(action, noun, doc)

    def may(self, action: str, noun: str, doc: Doc | None) -> bool:
        """Tell whether the actor may read or take out."""
        return action in ("read", "export") and self._rights.may(action, noun, doc)

    def scope(self, noun: str) -> QueryLike | None:
        """Return the query of the records that the actor may read."""
        return self._rights.scope(noun)


def look_back(crm: Workspace, date: str) -> Workspace:
    """Return the workspace as it stood on a date, for somebody who looks; to be closed by itself."""
    past = crm.at(date)
    past.act_under(ReadersGuard(crm.guard))
    return past


def shown(visit: Visit, date: str, clock: Clock) -> Context:
    """Return what the frame says about the date: none today, else how to go back."""
    path = visit.here.partition("?")[0]
    words = [(name, value) for name, value in visit.query.pairs if value]
    text = _("As it stood on {date}").format(date=clock.moment(visit.crm.today())["exact"]) if date else ""
    return {
        "date": date,
        "text": text,
        "action": path,
        "words": [{"name": name, "value": value} for name, value in words],
        "back": f"{path}?{urlencode(words)}" if words else path,
    }


def without_date(words: Words) -> Words:
    """Return the words of an address without the date."""
    return Words((name, value) for name, value in words.pairs if name != AS_OF)
