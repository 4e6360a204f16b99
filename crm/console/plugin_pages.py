"""The pages that plugins bring, at `/p/NAME` and `/p/NAME.json`; a page that fails names its plugin."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from crm.console.brought import ask, parts
from crm.console.routes import page
from crm.console.visit import Sent, View
from crm.errors import NotFound
from crm.locale import _
from crm.model.report import Table
from crm.plugin_loading import failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.console.visit import Answer, Context, Visit
    from crm.plugin_loading import Plugin


@page("/p/<name>")
def plugin_page(visit: Visit, name: str) -> Answer:
    """Show the page of a plugin."""
    for plugin, (page_name, target, options) in visit.crm.plugins.brought("register_pages"):
        if page_name == name:
            made = ask(visit, plugin, "register_pages", (name, target), visit.query.without())
            if made is None:
                raise failed(plugin, "register_pages", TypeError("a page is a mapping, not None"))
            if "file" in made:
                return _sent(plugin, made["file"])
            title = str(made.get("title") or _(str(options.get("title") or name)))
            shown = {"plugin": _shown(visit, plugin, title, made)}
            return View("plugin_page.html", title, _section(visit, name, options), shown, partial(_data, made))
    raise NotFound(_("There is no page «{name}».").format(name=name), _("Look in the menu."))


def _section(visit: Visit, name: str, options: Mapping[str, Any]) -> str:
    """Return the link of the menu that is current: the page's own, or the list that it stands beside."""
    noun = visit.crm.nouns.get(str(options.get("beside")))
    return noun.plural if noun is not None else f"p/{name}"


def _sent(plugin: Plugin, file: Mapping[str, Any]) -> Sent:
    try:
        return Sent(str(file["name"]), str(file["type"]), bytes(file["data"]))
    except (KeyError, TypeError) as error:
        raise failed(plugin, "register_pages", error) from error


def _shown(visit: Visit, plugin: Plugin, title: str, made: Mapping[str, Any]) -> Context:
    try:
        shown = parts(visit, made)
    except TypeError as error:
        raise failed(plugin, "register_pages", error) from error
    outside = "" if plugin.built_in else plugin.name
    return {"title": title, "from_outside": outside, "filters": _filters(made), "address": visit.here, **shown}


def _filters(made: Mapping[str, Any]) -> list[Context]:
    """Return the controls that a page asks for: mappings of name, title, type, value, and options as pairs."""
    from crm.console.controls import control, options

    return [
        control(
            str(one["name"]), str(one.get("title") or one["name"]), str(one.get("type", "text")), one.get("value", ""),
            options=options(one.get("options") or [], [str(one.get("value", ""))]),
        )
        for one in made.get("filters") or []
    ]  # fmt: skip


def _data(made: Mapping[str, Any]) -> Context:
    """Return a page as scripts get it: tables of figures as their rows."""
    return {name: _plain(value) for name, value in made.items() if name != "filters"}


def _plain(value: Any) -> Any:
    if isinstance(value, Table):
        return {"rows": value.rows, "totals": value.totals, "notes": list(value.notes)}
    return [_plain(one) for one in value] if isinstance(value, list) else value
