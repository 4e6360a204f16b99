"""Lists of settings as tables: stages of a pipeline, entries of a dictionary, departments; saved as one change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tinydb.queries import where

from crm.console.controls import control, options
from crm.console.routes import action, page
from crm.console.settings_choices import CHOSEN, WORDS, added, chosen, shown_value
from crm.console.settings_goals import summary
from crm.console.settings_pages import DICTIONARIES, FIELDED
from crm.console.settings_seal import file_of, held, seal_of, unchanged
from crm.console.visit import Done, View
from crm.errors import CrmError, InvalidValue, Misplaced, NotFound, Refused
from crm.locale import N_, _, language
from crm.settings_editing import Blank
from crm.settings_file import change_settings, reorder_items

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit

    Change = tuple[list[str | int], object]

_ID = re.compile("[a-z][a-z0-9_]*")
_MORE = {
    "classifiers": {"values": N_("Values, with semicolons")},
    "directions": {"documents": N_("Documents, with commas")},
    "activity_kinds": {"directed": N_("Incoming or outgoing")},
    "units": {"code": N_("Code of ОКЕИ")},
}
"""What entries of some dictionaries have beside their title."""
_NUMBERS = ("probability", "norm_days", "norm")


class Items(NamedTuple):
    """A list in a file of the settings: where it stands, and which of its values are edited as columns."""

    title: str
    file: str
    keys: tuple[str, ...]
    columns: dict[str, str]
    pipeline: str = ""
    key: str = "id"
    """What names an item in the file."""


def _items(visit: Visit, name: str) -> Items:
    """Return the list that an address names; raise NotFound."""
    visit.crm.guard.check("settings", "workspace", None)
    kind, _dot, which = name.partition(".")
    settings = visit.crm.settings
    stages = {
        "title": N_("Title"), "probability": N_("Probability, %"), "norm_days": N_("Norm, days"),
        "color": N_("Colour"), "goals": N_("Moves on when"),
    }  # fmt: skip
    if kind == "pipeline" and which == settings.leads.id:
        columns = {"title": stages["title"], "norm_days": stages["norm_days"]}
        return Items(settings.leads.title.text(), "pipelines", ("leads", "stages"), columns, which)
    if kind == "pipeline" and any(one.id == which for one in settings.pipelines):
        title = settings.pipeline(which).title.text()
        return Items(title, "pipelines", ("pipelines", which, "stages"), stages, which)
    if kind == "dictionary" and which in settings.plain("dictionaries"):
        title = _(DICTIONARIES[which]) if which in DICTIONARIES else which
        more = _MORE.get(which, {})
        return Items(title, "dictionaries", (which, "entries"), {"title": N_("Title"), **more})
    if kind == "fields" and which in FIELDED and which in visit.crm.nouns:
        columns = {
            "title": N_("Title"), "type": N_("Kind"), "options": N_("Choices, with semicolons"),
            "required": N_("Required"),
        }  # fmt: skip
        title = _("Own fields: {noun}").format(noun=visit.crm.nouns[which].entity.many())
        return Items(title, "fields", (which,), columns, key="name")
    if name == "departments":
        columns = {"title": N_("Title"), "head": N_("Head"), "norm": N_("Points a day")}
        return Items(_("Departments"), "departments", ("departments",), columns)
    raise NotFound(_("There is no such list of settings."), _("Look in the settings."))


def _held(visit: Visit, items: Items) -> list[dict[str, Any]]:
    """Return the items as the file has them."""
    node: Any = held(visit, items.file)
    for key in items.keys:
        node = next(one for one in node if one["id"] == key) if isinstance(node, list) else node.get(key) or []
    return [{**item, "id": item[items.key]} for item in node]


def _shown(item: dict[str, Any], column: str) -> str:
    value = item.get(column)
    if column == "goals":
        return summary(value or [])
    if column in CHOSEN:
        return shown_value(column, value)
    if isinstance(value, dict):
        return str(value.get(language()) or next(iter(value.values()), ""))
    return "" if value is None else str(value)


@page("/settings/items/<name>")
def items(visit: Visit, name: str) -> View:
    """Show a list of settings as a table to edit."""
    return _table(visit, name, _items(visit, name), "")


def _table(visit: Visit, name: str, items: Items, failure: str, wrong: tuple[str, str] = ("", "")) -> View:
    """Return the table; `wrong` is the name of a control that does not fit, and what is wrong with it."""
    seal, listed = seal_of(visit, items.file), _held(visit, items)
    used = _used(visit, items)
    rows = [
        {
            "id": item["id"],
            "title": _shown(item, "title"),
            "fields": [_marked(_field(visit, items, item, column), wrong) for column in items.columns],
            "used": str(used.get(item["id"], "")) if items.pipeline else "",
            "first": place == 0,
            "last": place == len(listed) - 1,
        }
        for place, item in enumerate(listed)
    ]
    shown: Context = {
        "title": items.title, "action": visit.url.settings(f"items/{name}"), "back": visit.url.settings(),
        "columns": [_(title) for title in items.columns.values()], "rows": rows, "failure": failure,
        "used": bool(items.pipeline), "file": visit.url.settings(f"file/{items.file}"),
        "file_name": f"{items.file}.yaml", "seal": seal,
        "new": {name: visit.form.get(f"+{name}") for name in ("title", "id")},
    }  # fmt: skip
    data = {"items": [{"id": row["id"], "title": row["title"]} for row in rows]}
    return View("settings_items.html", items.title, "settings", {"items": shown}, data, 422 if failure else 200)


def _marked(field: Context, wrong: tuple[str, str]) -> Context:
    return {**field, "error": wrong[1]} if field["name"] == wrong[0] else field


def _field(visit: Visit, items: Items, item: dict[str, Any], column: str) -> Context:
    name, title = f"{item['id']}.{column}", f"{_(items.columns[column])}: {_shown(item, 'title')}"
    typed = visit.form.get(name) if name in visit.form else _shown(item, column)
    if column == "goals":
        shown = control(name, title, "link", typed or "—")
        return {**shown, "address": visit.url.settings(f"goals/{items.pipeline}")}
    if column in CHOSEN and column not in WORDS:
        return control(name, title, "select", typed, options=chosen(visit, column, typed))
    if column == "head":
        people = [("", "—"), *visit.shown.active.items()]
        return control(name, title, "select", typed, options=options(people, [typed]))
    return control(name, title, "decimal" if column in _NUMBERS else "text", typed)


def _used(visit: Visit, items: Items) -> dict[str, int]:
    """Return how many open deals, or leads, stand in each stage."""
    if not items.pipeline:
        return {}
    if items.pipeline == visit.crm.settings.leads.id:
        groups = visit.crm.leads.totals("stage")
    else:
        query: Any = (where("pipeline") == items.pipeline) & ~where("outcome").exists()
        groups = visit.crm.deals.totals("stage", query=query)
    return {str(group.by[0]): group.count for group in groups}


# --- saving -----------------------------------------------------------------------------------------------------------


@action("/settings/items/<name>")
def save(visit: Visit, name: str) -> Answer:
    """Save every changed value; then move, remove or add an item where that was asked."""
    items = _items(visit, name)
    verb, _colon, which = visit.form.get("do").partition(":")
    try:
        seal = unchanged(visit, items.file)
        _change(visit, items, seal, _removed(visit, items, which) if verb == "remove" else [])
        if verb in ("up", "down"):
            _reorder(visit, items, which, -1 if verb == "up" else 1)
    except Misplaced as error:
        return _table(visit, name, items, error.problem, (_placed(visit, items, error), error.problem))
    except CrmError as error:
        return _table(visit, name, items, str(error))
    return Done(_("Settings are saved"), visit.back(visit.url.settings(f"items/{name}")))


def _placed(visit: Visit, items: Items, error: Misplaced) -> str:
    """Return the name of the control whose value is at the place of an error, empty for none of them."""
    listed, depth = _held(visit, items), len(items.keys)
    row = error.place[depth] if len(error.place) > depth + 1 else None
    if isinstance(row, int) and row < len(listed):
        return f"{listed[row]['id']}.{error.place[depth + 1]}"
    return ""


def _change(visit: Visit, items: Items, seal: str, gone: list[Change]) -> None:
    changes: list[Change] = []
    for item in _held(visit, items):
        for column in items.columns:
            if column == "goals":
                continue
            typed = visit.form.get(f"{item['id']}.{column}", _shown(item, column)).strip()
            if typed != _shown(item, column):
                place: list[str | int] = [*items.keys, item["id"], column]
                if isinstance(item.get(column), dict):
                    place.append(language())
                value = added(item, column, typed) if column in CHOSEN else _value(items, column, typed)
                changes.append((place, value))
    changes += [*_added(visit, items), *gone]
    if changes:
        change_settings(file_of(visit, items.file), changes, seal=seal)


def _value(items: Items, column: str, typed: str) -> object:
    if column == "title" and not typed:
        raise InvalidValue(_("A title is needed."), _("Write what people read."))
    if column not in _NUMBERS:
        return typed
    if not typed:
        return Blank()
    if not typed.isdecimal():
        raise InvalidValue(
            _("«{typed}» is not a whole number: {column}.").format(typed=typed, column=_(items.columns[column])),
            _("Write digits alone."),
        )
    return int(typed)


def _added(visit: Visit, items: Items) -> list[Change]:
    title = visit.form.get("+title").strip()
    if not title:
        return []
    taken = {item["id"] for item in _held(visit, items)}
    wished = visit.form.get("+id").strip() or _free(taken)
    if wished in taken or not _ID.fullmatch(wished):
        raise InvalidValue(
            _("«{id}» cannot be the id of a new item.").format(id=wished),
            _("Latin letters, digits and _ that no other item has."),
        )
    more = {"type": "text"} if items.key == "name" else {}
    return [([*items.keys, wished], {items.key: wished, "title": {language(): title}, **more})]


def _free(taken: set[str]) -> str:
    return next(name for number in range(1, 10_000) if (name := f"item_{number}") not in taken)


def _reorder(visit: Visit, items: Items, which: str, by: int) -> None:
    order = [item["id"] for item in _held(visit, items)]
    if which in order and 0 <= order.index(which) + by < len(order):
        place = order.index(which)
        order[place], order[place + by] = order[place + by], order[place]
        reorder_items(file_of(visit, items.file), list(items.keys), order)


def _removed(visit: Visit, items: Items, which: str) -> list[Change]:
    """Return the change that takes an item out; raise Refused while records stand in it."""
    count = _used(visit, items).get(which, 0)
    if count:
        raise Refused(
            _("Records stand in this stage: {n}.").format(n=count), _("Move them to another one, then remove it.")
        )
    return [([*items.keys, which], None)]
