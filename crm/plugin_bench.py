"""The test bench of plugins (N12): a throw-away workspace, a sale in it that says every event, and what came of each.

Events go the real way: committed, delivered, the reaction committed with its cursor.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.delivery import Delivery, events_of
from crm.entrance import open_workspace
from crm.errors import CrmError, PluginFailed
from crm.hookspecs import CONTRIBUTIONS
from crm.initialise import initialise
from crm.locale import _, language, use_language
from crm.plugin_finding import examine_apart
from crm.plugin_loading import Plugin, failed
from crm.plugin_story import steps
from crm.settings_file import change_setting
from crm.store.journal import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crm.plugin_loading import Plugins
    from crm.store.journal import Change, Line
    from crm.workspace import Workspace

ACTOR = "olga"
_SHOWN = 4


class Outcome(NamedTuple):
    """What one hook did on the bench: how often it was asked, what it changed or brought, and why it failed."""

    hook: str
    times: int
    did: str
    error: str = ""


def throw_away(folder: Path, *, currency: str = "", code: str = "en") -> Path:
    """Make a workspace that nobody will miss in `folder`; its admin is olga."""
    return initialise(folder, code, currency, name="Bench", login=ACTOR)


def try_out(plugin: Plugin, others: Iterable[Plugin] = (), *, root: Path | None = None) -> list[Outcome]:
    """Load a plugin apart, let it take part in a whole sale beside the built-in plugins, and return what it did.

    `others` are third parties that are kept out; the plugin's settings are those of the workspace at `root`.
    """
    apart = Plugin(plugin.name, plugin.target, plugin.origin)
    examine_apart(apart)
    if apart.error:
        return [Outcome("load", 1, "", apart.error)]
    code = language()
    try:
        with TemporaryDirectory(prefix="crm-bench-") as folder:
            return _Bench(plugin, throw_away(Path(folder) / "shop", code=code)).run(others, root)
    finally:
        use_language(code)


class _Bench:
    """One plugin in one throw-away workspace."""

    def __init__(self, plugin: Plugin, root: Path) -> None:
        self.name = plugin.name
        self.target = plugin.target
        self.root = root
        self._times: dict[str, int] = {}
        self._did: dict[str, dict[str, None]] = {}
        self._errors: dict[str, str] = {}

    def run(self, others: Iterable[Plugin], source: Path | None) -> list[Outcome]:
        """Tell the story and return what became of each hook."""
        self._seat(others, source)
        with open_workspace(self.root, actor=ACTOR, language=language()) as crm:
            plugin = crm.plugins.get(self.name)
            Delivery(crm).skip(self.name)
            self._watch_vetoes(crm.plugins)
            self._load_contributions(crm, plugin)
            for step in steps(crm):
                self._watch(crm, plugin, step)
            self._tick(crm, plugin)
            return [self._outcome(hook) for hook in plugin.hooks]

    def _seat(self, others: Iterable[Plugin], source: Path | None) -> None:
        """Bring the plugin with its settings into the workspace, and keep other third parties out."""
        if self.target.endswith(".py"):
            folder = self.root / "config" / "plugins"
            folder.mkdir(exist_ok=True)
            shutil.copyfile(self.target, folder / f"{self.name}.py")
        if source is not None:
            with suppress(FileNotFoundError):
                name = f"{self.name}.yaml"
                shutil.copyfile(source / "config" / name, self.root / "config" / name)
        off = [other.name for other in others if other.name != self.name and not other.built_in]
        change_setting(self.root / "config" / "crm.yaml", ["plugins", "disabled"], off)

    def _watch_vetoes(self, plugins: Plugins) -> None:
        """Note each time that the plugin is asked before a change, and what it said."""
        call = plugins.call

        def noted(plugin: Plugin, hook: str, **arguments: Any) -> Any:
            if (plugin.name, hook) != (self.name, "check_change"):
                return call(plugin, hook, **arguments)
            self._times[hook] = self._times.get(hook, 0) + 1
            try:
                return call(plugin, hook, **arguments)
            except PluginFailed as error:
                self._fail(hook, str(error))
                raise
            except CrmError as error:
                self._note(hook, str(error))
                raise

        plugins.call = noted  # type: ignore[method-assign]

    # --- events ------------------------------------------------------------------------------------------------------

    def _watch(self, crm: Workspace, plugin: Plugin, step: Callable[[], object]) -> None:
        """Take one step of the story and note what the plugin heard, did and failed in."""
        start = crm.store.index.position()
        with suppress(CrmError):  # what a veto forbids may be what a later step needs
            step()
        self._read(crm, plugin, start)

    def _read(self, crm: Workspace, plugin: Plugin, start: Position) -> None:
        lines = {line.n: line for line, _end in crm.store.journal.read(start)}
        failure = Delivery(crm).read()["failures"].get(self.name)
        for line in lines.values():
            hooks = [event.name for event in events_of(line, plugin) if event.name in plugin.hooks]
            for hook in hooks:
                self._times[hook] = self._times.get(hook, 0) + 1
            for hook in dict.fromkeys(hooks):
                for done in self._reactions(lines.values(), line.n):
                    self._note(hook, done)
        if failure is not None and failure["n"] in lines:
            heard = [event.name for event in events_of(lines[failure["n"]], plugin) if event.name in plugin.hooks]
            self._fail(_named_in(failure["why"], heard), failure["why"])
            Delivery(crm).skip(self.name)

    def _reactions(self, lines: Iterable[Line], cause: int) -> Iterator[str]:
        for line in lines:
            if line.extra.get("plugin") == self.name and line.extra.get("cause") == cause:
                yield from (_told(change) for change in line.changes)

    def _tick(self, crm: Workspace, plugin: Plugin) -> None:
        """Let the clock tick once and note what the plugin says that it did."""
        from crm.due import tick

        if "do_what_is_due" in plugin.hooks:
            self._times["do_what_is_due"] = 1
            for told in tick(crm):
                if told.plugin == self.name and told.error is not None:
                    self._fail("do_what_is_due", told.text)
                elif told.plugin == self.name:
                    self._note("do_what_is_due", told.text)

    # --- contributions -----------------------------------------------------------------------------------------------

    def _load_contributions(self, crm: Workspace, plugin: Plugin) -> None:
        """Import everything that the plugin brings; a page and a lint rule are called too."""
        for hook in plugin.hooks:
            if hook in CONTRIBUTIONS:
                self._times[hook] = 1
        for hook, name, target, _options in plugin.brings:
            try:
                _use(crm, plugin, hook, name, target)
            except (Exception, SystemExit) as error:
                self._fail(hook, str(failed(plugin, hook, error)))
            self._note(hook, name)

    # --- the account -------------------------------------------------------------------------------------------------

    def _note(self, hook: str, did: str) -> None:
        self._did.setdefault(hook, {})[did] = None

    def _fail(self, hook: str, why: str) -> None:
        self._errors.setdefault(hook, why)

    def _outcome(self, hook: str) -> Outcome:
        did = list(self._did.get(hook, ()))
        more = _(" and {n} more").format(n=len(did) - _SHOWN) if len(did) > _SHOWN else ""
        return Outcome(hook, self._times.get(hook, 0), "; ".join(did[:_SHOWN]) + more, self._errors.get(hook, ""))


def _use(crm: Workspace, plugin: Plugin, hook: str, name: str, target: str) -> None:
    """Import what a plugin brings under a name, and call it where a look at an empty workspace is enough."""
    if hook in ("register_entities", "register_settings"):
        return  # the workspace has them already
    made = crm.plugins.contribution(plugin, hook, name, target)
    if hook == "register_pages":
        dict(made(crm, {}))
    elif hook == "register_lint_rules":
        list(made(crm))


def _told(change: Change) -> str:
    """Return what a change did in a few words: `activity/1 +: kind, about` for a new record."""
    names = [name for name in change.after or {} if name not in ("id", "rev", "created", "updated")]
    return f"{change.ref}{' +' if change.before is None else ''}: {', '.join(names)}"


def _named_in(why: str, hooks: list[str]) -> str:
    """Return the hook that a failure names, else the first that was called."""
    return next((hook for hook in hooks if hook in why), hooks[0] if hooks else "load")


def workspace_for(folder: Path) -> Any:
    """Return a throw-away workspace in `folder`, opened for olga, its admin."""
    return open_workspace(throw_away(folder), actor=ACTOR)
