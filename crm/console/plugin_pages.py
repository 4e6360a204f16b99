"""The pages that plugins bring, at `/p/NAME` and `/p/NAME.json`; a page that fails names its plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.console.routes import page
from crm.console.shown import text_cell
from crm.console.visit import View
from crm.errors import CrmError, NotFound
from crm.locale import _
from crm.plugin_loading import failed, load_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.console.visit import Context, Visit
    from crm.plugin_loading import Plugin


@page("/p/<name>")
def plugin_page(visit: Visit, name: str) -> View:
    """Show the page of a plugin."""
    for plugin, (page_name, target, options) in visit.crm.plugins.brought("register_pages"):
        if page_name == name:
            made = _made(visit, plugin, name, target)
            title = str(made.get("title") or _(str(options.get("title") or name)))
            shown = _shown(visit, plugin, title, made)
            return View("plugin_page.html", title, name, {"plugin": shown}, data=dict(made))
    raise NotFound(_("There is no page «{name}».").format(name=name), _("Look in the menu."))


def _made(visit: Visit, plugin: Plugin, name: str, target: str) -> Mapping[str, Any]:
    """Ask a plugin for its page; what it raises or returns amiss becomes PluginFailed with its name."""
    try:
        function = load_target(target) if target else _registered(visit, plugin, name)
        made = function(visit.crm, visit.query.without())
        if not isinstance(made, dict):
            raise TypeError(f"a page is a mapping, not {type(made).__name__}")
        return made
    except CrmError:
        raise
    except Exception as error:
        raise failed(plugin, "register_pages", error) from error


def _registered(visit: Visit, plugin: Plugin, name: str) -> Any:
    pages: dict[str, Any] = {}

    def register(page_name: str, function: Any, **_options: Any) -> None:
        pages[page_name] = function

    visit.crm.plugins.call(plugin, "register_pages", register=register)
    return pages[name]


def _shown(visit: Visit, plugin: Plugin, title: str, made: Mapping[str, Any]) -> Context:
    rows = [row for row in made.get("rows") or [] if isinstance(row, dict)]
    names = list(dict.fromkeys(key for row in rows for key in row))
    table = {
        "title": "",
        "columns": [{"title": _(str(name)), "type": "text"} for name in names],
        "rows": [[text_cell(_text(row.get(name))) for name in names] for row in rows],
        "empty": _("Nothing here yet"),
    }
    return {
        "title": title,
        "name": plugin.name,
        "text": str(made.get("text") or ""),
        "actions": [],
        "html": Markup(made.get("html") or ""),
        "tables": [table] if "rows" in made else [],
        "back": visit.here,
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)
