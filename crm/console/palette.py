"""What appears while one types: places, commands and records for the search box; known clients for a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.layout import navigation
from crm.console.routes import page
from crm.console.visit import Plain
from crm.errors import CrmError, InvalidValue
from crm.locale import _
from crm.model.phone import format_phone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.console.visit import Context, Visit
    from crm.model.record import Record

PLACES, RECORDS = 6, 8
_CLIENTS = ("contact", "company", "lead")


@page("/palette")
def palette(visit: Visit) -> Plain:
    """Name the places, commands and records that fit a text."""
    text = visit.query.get("text").strip()
    places = [one for one in _places(visit) if _fits(text, str(one["title"]))]
    return Plain([*places[:PLACES], *_records(visit, text, tuple(visit.crm.nouns), RECORDS)])


@page("/known")
def known(visit: Visit) -> Plain:
    """Name the clients that fit the text of a request, each with his numbers and what is going on with him."""
    found = _records(visit, visit.query.get("text").strip(), _CLIENTS, RECORDS)
    return Plain([{**one, "about": _about(visit, one["ref"], one["about"])} for one in found])


def _places(visit: Visit) -> Iterator[Context]:
    for group in navigation(visit):
        for link in group["links"]:
            yield _choice(link["title"], _("section"), link["address"], link["icon"])
    for noun in visit.crm.nouns.values():
        if noun.name not in ("view", "user", "payment") and visit.crm.guard.may("create", noun.name, None):
            title = _("Add: {noun}").format(noun=noun.entity.one())
            yield _choice(title, _("command"), visit.url.add(noun.name), "plus")
    yield _choice(_("Take a request"), _("command"), visit.url.accept(), "lead")
    for _plugin, (name, _target, options) in visit.crm.plugins.brought("register_reports"):
        yield _choice(_(str(options.get("title") or name)), _("report"), visit.url.report(name), "report")
    yield _choice(_("My settings"), _("command"), visit.url.page("profile"), "person")


def _choice(title: str, about: str, address: str, icon: str) -> Context:
    return {"title": title, "about": about, "address": address, "icon": icon, "ref": ""}


def _fits(text: str, title: str) -> bool:
    """Tell whether every word of a text begins a word of a title."""
    words = title.casefold().replace(":", " ").split()
    return bool(text) and all(any(word.startswith(part) for word in words) for part in text.casefold().split())


def _records(visit: Visit, text: str, nouns: tuple[str, ...], limit: int) -> list[Context]:
    if len(text) < 2:
        return []
    try:
        found: list[Record] = visit.crm.find(_without_trunk(text), nouns=nouns, limit=limit)
    except InvalidValue:
        return []
    return [
        {
            "title": one.label,
            "about": visit.crm.nouns[one.noun].entity.one(),
            "address": visit.url.record(one.ref),
            "icon": visit.shown.icon(one.noun),
            "ref": one.ref,
        }
        for one in found
    ]


def _without_trunk(text: str) -> str:
    """Return the beginning of a Russian number without its 8, which a stored number does not have."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    plain = all(sign.isdecimal() or sign in " ()-" for sign in text)
    return digits[1:] if plain and digits.startswith("8") and 4 < len(digits) < 11 else text


def _about(visit: Visit, ref: str, kind: str) -> str:
    """Return what is known of a client in a line: kind, number, the deal at work."""
    record = visit.crm.record(ref)
    numbers = [format_phone(number) for number in record.doc.get("phones", [])[:1]]
    deal = _deal(visit, record)
    return " · ".join(filter(None, (kind, *numbers, deal)))


def _deal(visit: Visit, record: Record) -> str:
    field = {"contact": "contacts", "company": "company"}.get(record.noun)
    if field is None:
        stage = record.doc.get("stage")
        return visit.shown.text(visit.crm.nouns["lead"].fields["stage"], stage) if stage else ""
    open_: Any = ~where("outcome").exists()
    try:
        deals = list(visit.crm.deals.holding(field, [record.ref], open_))
    except CrmError:
        return ""
    if not deals:
        return _("no open deals")
    newest = max(deals, key=lambda one: str(one.doc.get("updated")))
    more = f" +{len(deals) - 1}" if len(deals) > 1 else ""
    return f"{newest.label}{more}"
