"""Plugins of a workspace: finding them, loading each alone, and calling one of them with a guard around it.

What each plugin brings is found once and cached, so that a command imports only the plugins it needs.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, NotFound, PluginFailed
from crm.locale import _
from crm.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pluggy

BUILT_IN: tuple[str, ...] = (
    "quotes",
    "invoices",
    "pricelist",
    "parcels",
    "onec",
    "bank",
    "documents",
    "goals",
    "motivator",
    "control",
    "lint",
    "processes",
    "automation",
    "telephony",
    "planner",
    "timetable",
    "site",
    "messenger",
    "scoring",
    "sla",
    "mailings",
    "mailbox",
    "reports",
    "views",
)
CACHE_FORMAT = 3
CORE_NOUNS = ("lead", "contact", "company", "deal", "activity", "product", "user")


class Plugin:
    """What is known of one plugin without importing it."""

    def __init__(self, name: str, target: str, origin: str, **known: Any) -> None:
        self.name = name
        self.target = target
        self.origin = origin
        self.summary: str = known.get("summary", "")
        self.hooks: list[str] = known.get("hooks", [])
        self.brings: list[list[Any]] = known.get("brings", [])
        self.idle_without: str = known.get("idle_without", "")
        self.error: str = known.get("error", "")
        self.disabled = False

    @property
    def built_in(self) -> bool:
        """Tell whether the plugin came with the program."""
        return self.origin == "crm"

    @property
    def works(self) -> bool:
        """Tell whether the plugin takes part."""
        return not self.error and not self.disabled

    def plain(self) -> dict[str, Any]:
        """Return what the cache keeps."""
        keys = ("name", "target", "origin", "summary", "hooks", "brings", "idle_without", "error")
        return {key: getattr(self, key) for key in keys}


class Plugins:
    """The plugins of one workspace (or of none, for help texts)."""

    def __init__(self, root: Path | None, disabled: Iterable[str] = ()) -> None:
        self.root = root
        wish = os.environ.get("CRM_PLUGINS")
        self.program = _program()
        """What changes with the program itself."""
        stamp = _stamp(root, wish, self.program)
        self.all = {plugin.name: plugin for plugin in _known(root, wish, stamp)}
        for name in disabled:
            if name in self.all:
                self.all[name].disabled = True
        self._refuse_clashes()
        self._manager: pluggy.PluginManager | None = None
        self._objects: dict[str, Any] = {}
        self._brought: dict[str, list[tuple[Plugin, list[Any]]]] = {}

    def _refuse_clashes(self) -> None:
        """Leave out a plugin that brings a noun, a command, a report … of a name that another one brought before it.

        Verbs of a noun are added by several plugins under the noun's name.
        """
        brought = (row for plugin in self for row in plugin.brings if row[0] == "register_entities")
        nouns = {*CORE_NOUNS, *(row[3].get("noun", "") for row in brought)}
        taken = {("register_entities", noun): "crm" for noun in CORE_NOUNS}
        for plugin in self:
            named = [
                (hook, options.get("noun", "") if hook == "register_entities" else name)
                for hook, name, _target, options in plugin.brings
            ]
            named = [key for key in named if key[0] != "register_settings"]
            named = [key for key in named if key[0] != "register_commands" or key[1] not in nouns]
            clash = next((key for key in named if taken.get(key, plugin.name) != plugin.name), None)
            if clash is None:
                taken |= dict.fromkeys(named, plugin.name)
            else:
                plugin.error = _("«{name}» is brought by «{other}» already").format(name=clash[1], other=taken[clash])

    def __iter__(self) -> Iterator[Plugin]:
        return (plugin for plugin in self.all.values() if plugin.works)

    def with_hook(self, hook: str) -> list[Plugin]:
        """Return the working plugins that implement a hook."""
        return [plugin for plugin in self if hook in plugin.hooks]

    def brought(self, hook: str) -> Iterator[tuple[Plugin, list[Any]]]:
        """Return (plugin, [name, target, options]) for each contribution of a kind, without importing the plugin."""
        if hook not in self._brought:
            every = ((plugin, row) for plugin in self.all.values() for row in plugin.brings)
            self._brought[hook] = [(plugin, rest) for plugin, (kind, *rest) in every if kind == hook]
        return ((plugin, rest) for plugin, rest in self._brought[hook] if plugin.works)

    def get(self, name: str) -> Plugin:
        """Return a plugin by name; raise NotFound."""
        if name not in self.all:
            raise NotFound(_("There is no plugin «{name}».").format(name=name), _("See the list: crm plugin list."))
        return self.all[name]

    def load(self, plugin: Plugin) -> Any:
        """Import a plugin and return its object."""
        if plugin.name not in self._objects:
            self._objects[plugin.name] = load_target(plugin.target)
        return self._objects[plugin.name]

    def contribution(self, plugin: Plugin, hook: str, name: str, target: str) -> Any:
        """Return what a plugin registered under a name: imported from its place, else asked for anew."""
        if target:
            return load_target(target)
        found: dict[str, Any] = {}

        def register(what: str, made_by: Any = None, **_options: Any) -> None:
            found[what] = made_by

        self.call(plugin, hook, register=register)
        return found[name]

    def call(self, plugin: Plugin, hook: str, **arguments: Any) -> Any:
        """Call one hook of one plugin; what it prints goes to stderr, what it raises becomes a PluginFailed.

        A veto in check_change goes through as it is.
        """
        try:
            with redirect_stdout(sys.stderr):
                caller = self._caller(plugin, hook)
                return caller(**arguments)
        except CrmError as error:
            if hook == "check_change" or plugin.built_in:
                raise
            raise failed(plugin, hook, error) from error
        except (Exception, SystemExit) as error:
            raise failed(plugin, hook, error) from error

    def _caller(self, plugin: Plugin, hook: str) -> Any:
        manager = self._pluggy()
        target = self.load(plugin)
        if not manager.is_registered(target):
            manager.register(target, plugin.name)
        others = [other for other in manager.get_plugins() if other is not target]
        return manager.subset_hook_caller(hook, others)

    def _pluggy(self) -> pluggy.PluginManager:
        if self._manager is None:
            import pluggy

            from crm import hookspecs

            self._manager = pluggy.PluginManager("crm")
            self._manager.add_hookspecs(hookspecs)
        return self._manager


def failed(plugin: Plugin, hook: str, error: BaseException) -> PluginFailed:
    """Name the plugin that failed, where, and why."""
    why = f"{type(error).__name__}: {error}".strip().splitlines()[0][:300]
    return PluginFailed(
        _("The plugin «{name}» ({origin}) failed in {hook}: {why}.").format(
            name=plugin.name, origin=plugin.origin, hook=hook, why=why.rstrip(".")
        ),
        _("See data/log/plugins.log; switch it off with: crm plugin disable {name}.").format(name=plugin.name),
    )


def load_target(target: str) -> Any:
    """Import `package.module`, `package.module:attribute` or a `.py` file."""
    if target.endswith(".py"):
        return _load_file(Path(target))
    from importlib import import_module

    module, _colon, attribute = target.partition(":")
    loaded: Any = import_module(module)
    for name in filter(None, attribute.split(".")):
        loaded = getattr(loaded, name)
    return loaded() if isinstance(loaded, type) else loaded


def _load_file(path: Path) -> Any:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(f"crm_plugin_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


# --- finding, with a cache --------------------------------------------------------------------------------------------


def _known(root: Path | None, wish: str | None, stamp: list[Any]) -> list[Plugin]:
    if wish == "none":
        return []
    path = _cache_path(root)
    with suppress(OSError, ValueError, KeyError, TypeError):
        cached = json.loads(path.read_bytes())
        if cached["stamp"] == stamp:
            return [Plugin(**known) for known in cached["plugins"]]
    from crm.plugin_finding import find

    plugins = find(root, wish)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".plugins.{os.getpid()}")
        temporary.write_text(json.dumps({"stamp": stamp, "plugins": [plugin.plain() for plugin in plugins]}))
        temporary.replace(path)
    return plugins


def _cache_path(root: Path | None) -> Path:
    if root is not None:
        return root / "data" / "cache" / "plugins.json"
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")
    return Path(base) / "crm" / "plugins.json"


def _stamp(root: Path | None, wish: str | None, program: list[Any]) -> list[Any]:
    """Describe what the list of plugins depends on: the program, folders of packages, files of plugins."""
    stamp: list[Any] = [CACHE_FORMAT, sys.version, wish, *program]
    if wish is None:  # the first folder is that of the script: another one for `crm` and for `python -m crm`
        stamp += [[entry, _mtime(entry)] for entry in sys.path[1:]]
    elif wish:
        stamp += [[entry, _mtime(entry)] for entry in sys.path]
    if root is not None and wish != "":
        stamp.append(_times(os.path.join(root, "config", "plugins")))
    return stamp


def _program() -> list[Any]:
    """Describe the program: its version and when it was installed; for a clone, each module that brings nouns."""
    package = os.path.dirname(os.path.abspath(__file__))
    if os.path.isdir(os.path.join(package, "defaults")):
        return [__version__, _mtime(__file__)]
    folders = ["model", *(os.path.join("plugins", name) for name in BUILT_IN)]
    return [__version__, *(_times(os.path.join(package, folder)) for folder in folders)]


def _times(folder: str) -> list[Any]:
    try:
        entries = [entry for entry in os.scandir(folder) if entry.name.endswith(".py")]
    except OSError:
        return []
    return sorted([entry.name, entry.stat().st_mtime_ns, entry.stat().st_size] for entry in entries)


def _mtime(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
