"""The menu: groups of links to boards, lists and pages of plugins, each open or folded as its reader left it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bottle import request
from tinydb.queries import where

from crm.console.shown import ICONS
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm.console.address import Url
    from crm.console.visit import Context, Visit
    from crm.sales.noun import Noun
    from crm.workspace import Workspace

_KEYS = {"activity": "a", "contact": "c", "company": "o", "invoice": "i", "product": "p", "quote": "q"}
_PEOPLE = ("activity", "contact", "company")
_MONEY = ("quote", "invoice", "payment", "document", "product")
_APART = (*_PEOPLE, *_MONEY, "deal", "lead", "user", "view")
GROUPS = {"money": N_("Money"), "talk": N_("Talk"), "team": N_("Team"), "tools": N_("Tools")}
"""The groups that pages of plugins choose from; a page that names none stands among the tools."""
_FOLDED_AT_FIRST = ("more",)


def navigation(visit: Visit) -> list[Context]:
    """Return the groups of links of the menu."""
    turned = (request.get_cookie("menu") or "").split(".")
    links = visit.crm.remembered(("menu", visit.as_of), lambda: _links(visit))
    return [_group(name, title, some, turned) for name, title, some in links if some]


def _links(visit: Visit) -> list[tuple[str, str, list[Context]]]:
    """Return the name of each group, its title and its links."""
    money = [_noun(visit.url, visit.crm.nouns[name]) for name in _MONEY if name in visit.crm.nouns]
    pages = _pages(visit)
    return [
        ("", "", _first(visit)),
        *((name, _(title), (money if name == "money" else []) + pages[name]) for name, title in GROUPS.items()),
        ("more", _("More"), _more(visit)),
        ("", "", _last(visit)),
    ]


def _group(name: str, title: str, links: list[Context], turned: list[str]) -> Context:
    """Return a group; `turned` names those that were opened or folded by hand."""
    folded = (name in _FOLDED_AT_FIRST) != (name in turned) if name else False
    return {"name": name, "title": title, "links": links, "folded": folded, "at_first": name in _FOLDED_AT_FIRST}


def _first(visit: Visit) -> list[Context]:
    crm, url = visit.crm, visit.url
    deals = url.board("deal", crm.settings.pipelines[0].id)
    links = [
        _link("my", _("My day"), url.my(), "home", key="h", count=_overdue(crm), tone="bad", dock=True),
        _link("deals", crm.nouns["deal"].entity.many(), deals, "board", key="d", dock=True),
    ]
    if crm.settings.account.mode == "classic":
        leads = url.board("lead", crm.settings.leads.id)
        links.append(_link("leads", crm.nouns["lead"].entity.many(), leads, "lead", key="l", dock=True))
    links.append(_link("calendar", _("Calendar"), url.calendar(), "calendar", key="k"))
    links += [_noun(url, crm.nouns[name], dock=name == "contact") for name in _PEOPLE]
    return [*links, _link("reports", _("Reports"), url.reports(), "report", key="r")]


def beside(visit: Visit, noun: str) -> list[Context]:
    """Return the links to the pages of plugins that stand beside the list of a noun and not in the menu."""
    return [_page(visit, name, options) for name, options in _brought(visit) if options.get("beside") == noun]


def _brought(visit: Visit) -> Iterator[tuple[str, dict[str, Any]]]:
    for _plugin, (name, _target, options) in visit.crm.plugins.brought("register_pages"):
        yield name, options


def _page(visit: Visit, name: str, options: Mapping[str, Any]) -> Context:
    title, icon = _(str(options.get("title") or name)), str(options.get("icon") or "plug")
    return _link(f"p/{name}", title, visit.url.page(name), icon)


def _pages(visit: Visit) -> dict[str, list[Context]]:
    """Return the links to the pages of plugins by group."""
    found: dict[str, list[Context]] = {name: [] for name in GROUPS}
    for name, options in _brought(visit):
        if options.get("menu", True) and not options.get("beside"):
            group = options.get("group")
            found[group if group in GROUPS else "tools"].append(_page(visit, name, options))
    return found


def _more(visit: Visit) -> list[Context]:
    return [_noun(visit.url, noun) for noun in visit.crm.nouns.values() if noun.name not in _APART]


def _last(visit: Visit) -> list[Context]:
    if not visit.crm.guard.may("settings", "user", None):
        return []
    settings = _link("settings", _("Settings"), visit.url.settings(), "settings", key="s")
    return [_noun(visit.url, visit.crm.nouns["user"]), settings]


def _noun(url: Url, noun: Noun, *, dock: bool = False) -> Context:
    icon = "person" if noun.name == "user" else ICONS.get(noun.name, "file")
    return _link(noun.plural, noun.entity.many(), url.list(noun.name), icon, key=_KEYS.get(noun.name, ""), dock=dock)


def _link(
    name: str, title: str, address: str, icon: str, *, key: str = "", dock: bool = False, count: int = 0, tone: str = ""
) -> Context:
    shown = str(count) if count else ""
    return {"name": name, "title": title, "address": address, "icon": icon, "count": shown, "tone": tone, "key": key,
            "dock": dock}  # fmt: skip


def _overdue(crm: Workspace) -> int:
    """Count what one should have done before today."""
    late = (where("owner") == crm.actor) & ~where("done").exists() & (where("due") < crm.today().isoformat())
    return crm.activities.count(late)
