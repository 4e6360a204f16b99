"""Finding plugins anew, when the cached list is out of date: built-in ones, entry points, files in `config/plugins/`.

Third-party plugins are looked at in a process of their own, so that one that exits or crashes harms nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from crm.hookspecs import CONTRIBUTIONS, HOOKS
from crm.locale import _
from crm.plugin_loading import BUILT_IN, Plugin, load_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 30
"""How long a third-party plugin may take to be looked at."""


def find(root: Path | None, wish: str | None) -> list[Plugin]:
    """Return every plugin, the broken ones with their error; a later one of the same name is refused by name."""
    plugins: dict[str, Plugin] = {}
    for name in BUILT_IN:
        plugins[name] = examine(Plugin(name, f"crm.plugins.{name}.plugin", "crm"))
    for plugin in _third_parties(root, wish):
        if plugin.name in plugins:
            plugin.error = _("the name is taken by {origin}").format(origin=plugins[plugin.name].origin)
            plugin.name = f"{plugin.name} ({plugin.origin})"
        else:
            examine_apart(plugin)
        plugins[plugin.name] = plugin
    return list(plugins.values())


def _third_parties(root: Path | None, wish: str | None) -> Iterator[Plugin]:
    if wish == "":
        return
    if wish:
        for module in filter(None, (part.strip() for part in wish.split(","))):
            yield Plugin(module.rpartition(".")[2], module, "CRM_PLUGINS")
    else:
        yield from _entry_points()
    folder = root / "config" / "plugins" if root else None
    if folder is not None and folder.is_dir():
        for path in sorted(folder.glob("*.py")):
            yield Plugin(path.stem, str(path), f"config/plugins/{path.name}")


def _entry_points() -> Iterator[Plugin]:
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group="crm.plugins"), key=lambda one: one.name):
        distribution = f"{point.dist.name} {point.dist.version}" if point.dist else "?"
        yield Plugin(point.name, point.value, distribution)


def examine(plugin: Plugin) -> Plugin:
    """Import a plugin and note its hooks and contributions, or its error."""
    try:
        target = load_target(plugin.target)
        plugin.summary = ((target.__doc__ or "").strip().splitlines() or [""])[0]
        plugin.hooks = _hooks_of(target)
        plugin.idle_without = str(getattr(target, "idle_without", ""))
        plugin.brings = [row for hook in plugin.hooks if hook in CONTRIBUTIONS for row in _contributions(target, hook)]
    except (Exception, SystemExit) as error:
        plugin.error = f"{type(error).__name__}: {error}".strip().splitlines()[0][:300]
    return plugin


def _hooks_of(target: Any) -> list[str]:
    import pluggy

    from crm import hookspecs

    manager = pluggy.PluginManager("crm")
    manager.add_hookspecs(hookspecs)
    manager.register(target)
    manager.check_pending()
    return [name for name in HOOKS if manager.subset_hook_caller(name, []).get_hookimpls()]


def _contributions(target: Any, hook: str) -> list[list[Any]]:
    rows: list[list[Any]] = []

    def register(what: Any, made_by: Any = None, **options: Any) -> None:
        if not isinstance(what, str | type):
            raise TypeError(f"{hook}: a name or a class is needed, not {what!r}")
        name = what if isinstance(what, str) else _place_of(what)
        if hook == "register_entities":
            options["noun"] = _noun_of(what)
        if hook == "register_commands" and not isinstance(made_by, str):
            options.setdefault("help", getattr(made_by, "help", "") or "")
        rows.append([hook, name, _place_of(made_by) if isinstance(made_by, type) else _text(made_by), options])

    getattr(target, hook)(register=register)
    return rows


def _noun_of(what: Any) -> str:
    from crm.model.record import Record

    if not (isinstance(what, type) and issubclass(what, Record) and what.noun and what.plural):
        raise TypeError(f"register_entities: a subclass of Record with noun and plural is needed, not {what!r}")
    return what.noun


def _place_of(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _text(made_by: Any) -> str:
    return made_by if isinstance(made_by, str) else ""


def examine_apart(plugin: Plugin) -> None:
    """Look at a plugin in another process; its own prints are dropped, its death is its error."""
    code = "from crm.plugin_finding import answer; answer()"
    request = json.dumps({"target": plugin.target, "name": plugin.name, "path": sys.path})
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], input=request, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        known = json.loads(done.stdout.rpartition("\x00")[2] or "{}")
    except (subprocess.TimeoutExpired, ValueError):
        known = {}
    if not known:
        plugin.error = _("it ended the process while it was loaded")
        return
    plugin.summary, plugin.hooks = known["summary"], known["hooks"]
    plugin.brings, plugin.error = known["brings"], known["error"]
    plugin.idle_without = known["idle_without"]


def answer() -> None:
    """Answer, in that other process, what the plugin named on stdin brings."""
    request = json.loads(sys.stdin.read())
    sys.path[:] = request["path"]
    plugin = examine(Plugin(request["name"], request["target"], ""))
    sys.stdout.write("\x00" + json.dumps(plugin.plain()))
    sys.stdout.flush()
