"""The frame of every page: the menu, who is signed in, what was just done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinydb.queries import where

from crm.console import looking_back
from crm.console.address import own
from crm.console.shown import ICONS
from crm.errors import CrmError
from crm.locale import _, language

if TYPE_CHECKING:
    from crm.console.address import Url
    from crm.console.visit import Context, View, Visit
    from crm.sales.noun import Noun
    from crm.workspace import Workspace

_KEYS = {"activity": "a", "contact": "c", "company": "o", "invoice": "i", "product": "p", "quote": "q"}
_PEOPLE = ("activity", "contact", "company")
_MONEY = ("quote", "invoice", "payment", "document", "product")
_APART = (*_PEOPLE, *_MONEY, "deal", "lead", "user", "view")


def frame(visit: Visit, view: View) -> Context:
    """Return what `layout.html` shows around a page."""
    me = _me(visit)
    return {
        "url": visit.url,
        "page": page(visit.crm, view.title, view.section, visit.here),
        "me": me,
        "nav": [] if me is None else navigation(visit),
        "flash": _flash(visit),
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


def navigation(visit: Visit) -> list[Context]:
    """Return the groups of links of the menu."""
    crm, url = visit.crm, visit.url
    first = [
        _link("my", _("My day"), url.my(), "home", key="h", count=_overdue(crm), tone="bad", dock=True),
        _link(
            "deals",
            crm.nouns["deal"].entity.many(),
            url.board("deal", crm.settings.pipelines[0].id),
            "board",
            key="d",
            dock=True,
        ),
    ]
    if crm.settings.account.mode == "classic":
        leads = url.board("lead", crm.settings.leads.id)
        first.append(_link("leads", crm.nouns["lead"].entity.many(), leads, "lead", key="l", dock=True))
    first.append(_link("calendar", _("Calendar"), url.calendar(), "calendar", key="k"))
    first += [_noun(url, crm.nouns[name], dock=name == "contact") for name in _PEOPLE]
    money = [_noun(url, crm.nouns[name]) for name in _MONEY if name in crm.nouns]
    groups = [{"title": "", "links": first}, {"title": _("Money"), "links": money}]
    return [*({**group, "folded": False} for group in groups), *_others(visit)]


def _others(visit: Visit) -> list[Context]:
    reports = [_link("reports", _("Reports"), visit.url.reports(), "report", key="r")]
    pages = reports + [
        _link(
            f"p/{name}", _(str(options.get("title") or name)), visit.url.page(name), str(options.get("icon") or "plug")
        )
        for _plugin, (name, _target, options) in visit.crm.plugins.brought("register_pages")
        if options.get("menu", True)
    ]
    more = [_noun(visit.url, noun) for noun in visit.crm.nouns.values() if noun.name not in _APART]
    last = []
    if visit.crm.guard.may("settings", "user", None):
        last = [
            _noun(visit.url, visit.crm.nouns["user"]),
            _link("settings", _("Settings"), visit.url.settings(), "settings", key="s"),
        ]
    groups = [(_("Tools"), pages, False), (_("More"), more, True), ("", last, False)]
    return [{"title": title, "links": links, "folded": folded} for title, links, folded in groups if links]


def _noun(url: Url, noun: Noun, *, dock: bool = False) -> Context:
    icon = "person" if noun.name == "user" else ICONS.get(noun.name, "file")
    return _link(noun.plural, noun.entity.many(), url.list(noun.name), icon, key=_KEYS.get(noun.name, ""), dock=dock)


def _link(
    name: str, title: str, address: str, icon: str, *, key: str = "", dock: bool = False, count: int = 0, tone: str = ""
) -> Context:
    shown = str(count) if count else ""
    return {
        "name": name,
        "title": title,
        "address": address,
        "icon": icon,
        "count": shown,
        "tone": tone,
        "key": key,
        "dock": dock,
    }


def _overdue(crm: Workspace) -> int:
    """Count what one should have done before today."""
    late = (where("owner") == crm.actor) & ~where("done").exists() & (where("due") < crm.today().isoformat())
    return crm.activities.count(late)


def failure(visit: Visit, status: int, what: str, remedy: str, record: str = "") -> Context:
    """Return what `error.html` shows."""
    back = own(visit.form.get("back"), "") or visit.came
    links = [{"title": _("Back"), "address": back}] if back else []
    links.append({"title": _("To the board"), "address": visit.url.home()})
    return {
        "status": status, "what": what, "where": visit.here.partition("?")[0], "remedy": remedy, "links": links,
        "record": record,
    }  # fmt: skip
