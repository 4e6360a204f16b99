"""The frame of every page: who is signed in, what was just done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console import looking_back
from crm.console.address import own
from crm.console.bell import bell
from crm.console.menu import navigation
from crm.errors import CrmError
from crm.locale import _, language

if TYPE_CHECKING:
    from crm.console.visit import Context, View, Visit
    from crm.workspace import Workspace


def frame(visit: Visit, view: View) -> Context:
    """Return what `layout.html` shows around a page."""
    me = _me(visit)
    return {
        "url": visit.url,
        "page": page(visit.crm, view.title, view.section, visit.here),
        "me": me,
        "nav": [] if me is None else navigation(visit),
        "flash": _flash(visit),
        "bell": None if me is None else bell(visit),
        "past": looking_back.shown(visit, visit.as_of, visit.shown.clock) if me is not None else None,
    }


def page(crm: Workspace, title: str, section: str, here: str) -> Context:
    """Return what a page is called and where its JSON is."""
    path, mark, query = here.partition("?")
    name = crm.settings.account.name or crm.root.name
    twin = f"{path}.json{mark}{query}"
    return {"title": title, "section": section, "workspace": name, "language": language(), "json": twin, "here": here}


def _me(visit: Visit) -> Context | None:
    try:
        role = visit.crm.guard.role  # type: ignore[attr-defined]
    except CrmError:
        return None
    person = visit.shown.person(visit.crm.actor) or {"name": "?", "initials": "?", "hue": 0}
    return {**person, "login": visit.crm.actor, "role": role.title.text()}


def _flash(visit: Visit) -> Context | None:
    flash, visit.session.flash = visit.session.flash, None
    if flash is None:
        return None
    return {"text": flash.text, "tone": flash.tone, "undo": visit.url.undo(flash.undo) if flash.undo else ""}


def failure(visit: Visit, status: int, what: str, remedy: str, record: str = "") -> Context:
    """Return what `error.html` shows."""
    back = own(visit.form.get("back"), "") or visit.came
    links = [{"title": _("Back"), "address": back}] if back else []
    links.append({"title": _("To the board"), "address": visit.url.home()})
    return {
        "status": status, "what": what, "where": visit.here.partition("?")[0], "remedy": remedy, "links": links,
        "record": record,
    }  # fmt: skip
