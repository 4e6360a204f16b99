"""Pages of the console, whole as the server answers them, and as their templates alone with the data at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console import layout
from crm.console.address import Url
from crm.console.board import board
from crm.console.files import Files
from crm.console.front import environment
from crm.console.lists import records
from crm.console.sessions import Session
from crm.console.visit import View, Visit, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.workspace import Workspace


class Page:
    """One page of one workspace."""

    def __init__(self, crm: Workspace, here: str, make: Callable[[Visit], View]) -> None:
        self.crm = crm
        self.here = here
        self.make = make
        self.templates = environment()
        self.files = Files()
        self.session = Session(crm.actor, 0.0)
        self.visit, self.view = self._made()
        self.frame = layout.frame(self.visit, self.view)

    def _made(self) -> tuple[Visit, View]:
        visit = Visit(self.crm, Url(self.crm.nouns, self.files), self.session, self.here, Words(), Words())
        return visit, self.make(visit)

    def answer(self) -> str:
        """Do what the server does for the page."""
        visit, view = self._made()
        return self.templates.get_template(view.template).render(**layout.frame(visit, view), **view.parts)

    def render(self) -> str:
        """Render the template with the data at hand."""
        return self.templates.get_template(self.view.template).render(**self.frame, **self.view.parts)


def board_of(crm: Workspace) -> Page:
    """Return the board of the deals, some two hundred cards."""
    return Page(crm, "/board/deal/sales", lambda visit: board(visit, "deal", "sales"))


def list_of(crm: Workspace) -> Page:
    """Return the first hundred deals as a list."""
    return Page(crm, "/deals", lambda visit: records(visit, "deals"))
