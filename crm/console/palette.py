"""What appears while one types in the search box: places, commands and records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.acquaintance import find
from crm.console.menu import beside, navigation
from crm.console.routes import page
from crm.console.visit import Plain
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.console.visit import Context, Visit

PLACES, RECORDS = 6, 8
_LONG = 4
"""Letters of a word beyond which its last one may be that of another case: «сделку» finds «сделка»."""


@page("/palette")
def palette(visit: Visit) -> Plain:
    """Name the places, commands and records that fit a text."""
    text = visit.query.get("text").strip()
    places = [one for one in _places(visit) if _fits(text, f"{one['title']} {one.pop('called', '')}")]
    return Plain([*places[:PLACES], *_records(visit, text, tuple(visit.crm.nouns), RECORDS)])


def _places(visit: Visit) -> Iterator[Context]:
    for group in navigation(visit):
        for link in group["links"]:
            yield _choice(link["title"], _("section"), link["address"], link["icon"])
    for noun in visit.crm.nouns.values():
        for link in beside(visit, noun.name):
            yield _choice(link["title"], _("section"), link["address"], link["icon"])
        if noun.name in ("view", "user", "payment") or not noun.entity.by_hand:
            continue
        if visit.crm.guard.may("create", noun.name, None):
            title = _("Add: {noun}").format(noun=noun.entity.one())
            yield {**_choice(title, _("command"), visit.url.add(noun.name), "plus"), "called": _("create new make")}
    yield _choice(_("Take a request"), _("command"), visit.url.accept(), "lead")
    for _plugin, (name, _target, options) in visit.crm.plugins.brought("register_reports"):
        yield _choice(_(str(options.get("title") or name)), _("report"), visit.url.report(name), "report")
    yield _choice(_("Journal of changes"), _("section"), visit.url.journal(), "history")
    yield _choice(_("Trash"), _("section"), visit.url.trash(), "trash")
    yield _choice(_("What changed between two days"), _("section"), visit.url.comparison(), "history")
    yield _choice(_("My settings"), _("command"), visit.url.page("profile"), "person")


def _choice(title: str, about: str, address: str, icon: str) -> Context:
    return {"title": title, "about": about, "address": address, "icon": icon, "ref": "", "lines": []}


def _fits(text: str, title: str) -> bool:
    """Tell whether every word of a text begins a word of a title; the ending of a longer one may be another case."""
    words = title.casefold().replace(":", " ").split()
    parts = [part[:-1] if len(part) > _LONG else part for part in text.casefold().split()]
    return bool(text) and all(any(word.startswith(part) for word in words) for part in parts)


def _records(visit: Visit, text: str, nouns: tuple[str, ...], limit: int) -> list[Context]:
    return [
        {
            "title": one.label,
            "about": visit.crm.nouns[one.noun].entity.one(),
            "address": visit.url.record(one.ref),
            "icon": visit.shown.icon(one.noun),
            "ref": one.ref,
            "lines": [],
        }
        for one in find(visit, text, nouns, limit)
    ]
