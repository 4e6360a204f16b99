"""Delivery of events to plugins: after the commit, at least once recorded, exactly once applied per plugin.

`data/delivery.json` keeps, for each plugin, the journal line up to which it has heard everything, and what was parked
after five failures; a newer position alone stands in the index, which costs no file. What a plugin writes in reaction
carries that note in its own journal line. Without the index, a plugin may be asked again about the last lines.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import CrmError, NotFound
from crm.hookspecs_names import EVENTS, RECORD_ARGUMENT
from crm.locale import _
from crm.plugin_loading import Plugin, failed
from crm.store.journal import Position, dump
from crm.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.record import Record
    from crm.store.journal import Line
    from crm.workspace import Workspace

ATTEMPTS = 5
_NOTE = "delivery"
_DURABLE = ("failures", "parked", "attempt")
_LINES_BETWEEN = 100
DEEPEST = 8
"""Reactions to reactions that are delivered; deeper ones are a loop."""


class Heard(NamedTuple):
    """An event as a plugin hears it."""

    name: str
    ref: str
    n: int
    time: str
    actor: str
    command: str
    details: dict[str, Any]


class Delivery:
    """The events of one workspace on their way to its plugins."""

    def __init__(self, crm: Workspace) -> None:
        self.crm = crm
        self.path = crm.root / "data" / "delivery.json"
        self.state: dict[str, Any] = {}
        self._filed: dict[str, Any] = {}
        self._filed_at = 0

    # --- the notes of who heard what ----------------------------------------------------------------------------------

    def read(self) -> dict[str, Any]:
        """Read the notes; without any, everything so far counts as heard."""
        try:
            self.state = json.loads(self.path.read_bytes())
            self.state["position"] = Position(*self.state["position"])
        except (OSError, ValueError, KeyError, TypeError):
            position = self.crm.store.index.position()
            self.state = {"position": position, "cursors": {}, "failures": {}, "parked": []}
        self._filed = {name: json.loads(dump(self.state.get(name))) for name in _DURABLE}
        self._filed_at = self.state["position"].n
        newer = json.loads(self.crm.store.index.meta(_NOTE) or "null")
        if newer and newer["position"][0] >= self._filed_at:
            self.state["position"], self.state["cursors"] = Position(*newer["position"]), newer["cursors"]
        return self.state

    def _write(self) -> None:
        """Keep the notes: in the index, and in the file when more than positions changed or many lines went by."""
        note = {"position": list(self.state["position"]), "cursors": self.state["cursors"]}
        with suppress(sqlite3.Error):
            self.crm.store.index.set_meta(_NOTE, dump(note))
        changed = any(self.state.get(name) != value for name, value in self._filed.items())
        if changed or self.state["position"].n - self._filed_at >= _LINES_BETWEEN or not self.path.exists():
            self._write_file()

    def _write_file(self) -> None:
        self._filed = {name: json.loads(dump(self.state.get(name))) for name in _DURABLE}
        temporary = self.path.with_name(".delivery.new")
        with suppress(OSError):
            temporary.write_text(dump({**self.state, "position": list(self.state["position"])}))
            temporary.replace(self.path)

    # --- delivering ---------------------------------------------------------------------------------------------------

    def pending(self) -> bool:
        """Tell whether something was committed that not every plugin has heard of."""
        position: Position = self.read()["position"]
        return position.n < self.crm.store.number

    def start(self) -> None:
        """Begin the notes of a new workspace at its first line."""
        if not self.path.exists():
            self.read()
            self._write()

    def run(self) -> None:
        """Tell the plugins everything that they have not heard; failures become warnings, never errors."""
        listeners = self._listeners()
        if not listeners:
            self._pass_by()
            return
        with suppress(CrmError), locked(self.path.with_name(".delivery"), holder="delivery"):
            self.read()
            self._catch_up_cursors()
            for plugin in listeners:
                self.state["cursors"].setdefault(plugin.name, self.state["position"].n)
            self._run(listeners)
            self._write()

    def _pass_by(self) -> None:
        """Where nobody listens, what happened is past: a plugin that comes later does not hear of it."""
        self.read()
        self.state["position"] = self.crm.store.index.position()
        self._write()

    def _listeners(self) -> list[Plugin]:
        hearing = (plugin for plugin in self.crm.plugins if any(hook.startswith("on_") for hook in plugin.hooks))
        return [plugin for plugin in hearing if not self._is_idle(plugin)]

    def _is_idle(self, plugin: Plugin) -> bool:
        """Tell whether a plugin has nothing to do: the list in its settings that it works from is empty.

        `rules` is the list of that name in `config/rules.yaml`, `site.webhooks` another one of `config/site.yaml`.
        """
        file, _dot, name = plugin.idle_without.partition(".")
        return bool(file) and not self.crm.settings.plain(file).get(name or file)

    def _catch_up_cursors(self) -> None:
        """Believe the journal where a crash came between a reaction and its note."""
        attempt = self.state.pop("attempt", None)
        for line, _end in self._unheard():
            if "cursor" in line.extra:
                name = line.extra["plugin"]
                self.state["cursors"][name] = max(self.state["cursors"].get(name, 0), line.extra["cursor"])
        if attempt and self.state["cursors"].get(attempt["plugin"], 0) < attempt["n"]:
            self._note_failure(attempt["plugin"], attempt["n"], _("it ended the process"))

    def _run(self, listeners: list[Plugin]) -> None:
        stuck: set[str] = set()
        everyone_at = self.state["position"]
        for line, end in self._unheard():
            for plugin in listeners:
                if plugin.name in stuck or self.state["cursors"][plugin.name] >= line.n:
                    continue
                if not self._tell(plugin, line):
                    stuck.add(plugin.name)
            if not stuck:
                everyone_at = end
        self.state["position"] = everyone_at

    def _unheard(self) -> Iterator[tuple[Line, Position]]:
        """Yield the lines behind the common position; the one just written is at hand without reading it again."""
        last = self.crm.store.last
        if last is not None and last.before == self.state["position"] and last.end == self.crm.store.index.position():
            yield last.line, last.end
            yield from self.crm.store.journal.read(last.end)
            return
        yield from self.crm.store.journal.read(self.state["position"])

    def _tell(self, plugin: Plugin, line: Line) -> bool:
        """Tell one plugin one journal line; return False when it has to be asked again."""
        heard = list(events_of(line, plugin))
        if heard and line.extra.get("depth", 0) >= DEEPEST:
            self._park(plugin.name, line.n, _("reactions to reactions without an end"))
            heard = []
        if heard:
            try:
                self._react(plugin, line, heard)
            except CrmError as error:
                if not self._note_failure(plugin.name, line.n, str(error)):
                    return False
        self.state["cursors"][plugin.name] = line.n
        self.state["failures"].pop(plugin.name, None)
        return True

    def _react(self, plugin: Plugin, line: Line, heard: list[Heard]) -> None:
        if plugin.built_in or not hasattr(os, "fork"):
            if not plugin.built_in:
                self.state["attempt"] = {"plugin": plugin.name, "n": line.n}
                self._write_file()
            self.react(plugin, line, heard)
            return
        from crm.apart import react_apart

        react_apart(self, plugin, line, heard)

    def react(self, plugin: Plugin, line: Line, heard: list[Heard]) -> None:
        """Let a plugin react; what it writes is one change set together with its cursor."""
        note = {
            "plugin": plugin.name,
            "cause": line.n,
            "cursor": line.n,
            "depth": line.extra.get("depth", 0) + 1,
        }
        try:
            with self.crm.reacting(plugin.name, line.actor, note):
                for event in heard:
                    record = self._record(event.ref)
                    if record is not None:
                        self.crm.plugins.call(plugin, event.name, **_arguments(self.crm, event, record))
        except CrmError as error:
            self._log(error)
            raise
        except Exception as error:
            failure = failed(plugin, heard[0].name, error)
            failure.__cause__ = error
            self._log(failure)
            raise failure from error

    def _record(self, ref: str) -> Record | None:
        try:
            return self.crm.record(ref)
        except NotFound:
            return None

    def _log(self, error: BaseException) -> None:
        import traceback

        with suppress(OSError):
            folder = self.crm.root / "data" / "log"
            folder.mkdir(exist_ok=True)
            with open(folder / "plugins.log", "a", encoding="utf-8") as log:
                log.write("".join(traceback.format_exception(error)) + "\n")

    def _note_failure(self, name: str, n: int, why: str) -> bool:
        """Count a failure and warn; return True when the event is parked and the plugin goes on."""
        known = self.state["failures"].get(name)
        count = known["count"] + 1 if known and known["n"] == n else 1
        self.state["failures"][name] = {"n": n, "count": count, "why": why}
        self.crm.warnings.append(why)
        if count < ATTEMPTS:
            return False
        self._park(name, n, why)
        return True

    def _park(self, name: str, n: int, why: str) -> None:
        self.state["parked"].append({"plugin": name, "n": n, "why": why})
        self.crm.warnings.append(
            _("Change {n} is parked for the plugin «{plugin}»; retry with: crm events retry.").format(n=n, plugin=name)
        )

    # --- what people ask ----------------------------------------------------------------------------------------------

    def skip(self, name: str) -> None:
        """Let a plugin begin now: what happened while it was off is not told to it."""
        with locked(self.path.with_name(".delivery"), holder="delivery"):
            self.read()
            self.state["cursors"][name] = self.crm.store.number
            self._write()
            self._write_file()

    def retry(self) -> list[dict[str, Any]]:
        """Tell parked events again; return those that are still parked."""
        with locked(self.path.with_name(".delivery"), holder="delivery"):
            parked = list(self.read()["parked"])
            for entry in parked:
                if (why := self._retry_one(entry)) is None:
                    self.state["parked"].remove(entry)
                else:
                    entry["why"] = why
                self._write_file()
            self._write()
        left: list[dict[str, Any]] = self.state["parked"]
        return left

    def _retry_one(self, entry: dict[str, Any]) -> str | None:
        """Tell one parked event again, unless it was applied before its note was kept; return why it stays parked."""
        from crm.store import history

        line = history.line(self.crm.store, entry["n"])
        plugin = self.crm.plugins.all.get(entry["plugin"])
        if line is None or plugin is None or not plugin.works:
            return str(entry["why"])
        caused = (history.line(self.crm.store, n) for n in history.caused_by(self.crm.store, line.n))
        if any(one and (one.extra.get("plugin"), one.extra.get("cause")) == (plugin.name, line.n) for one in caused):
            return None
        try:
            self._react(plugin, line, list(events_of(line, plugin)))
        except CrmError as error:
            return str(error)
        return None


def events_of(line: Line, plugin: Plugin) -> Iterator[Heard]:
    about = (line.n, line.time, line.actor, line.command)
    for event in line.events:
        if event["name"] not in plugin.hooks:
            continue
        details = {key: value for key, value in event.items() if key not in ("name", "ref")}
        yield Heard(event["name"], event["ref"], *about, details)
    if "on_record_changed" in plugin.hooks:
        for change in line.changes:
            if change.after is not None:
                details = {"before": change.before, "after": change.after}
                yield Heard("on_record_changed", change.ref, *about, details)


def _arguments(crm: Workspace, event: Heard, record: Record) -> dict[str, Any]:
    arguments: dict[str, Any] = {"crm": crm, RECORD_ARGUMENT.get(event.name, "record"): record, "event": event}
    if event.name == "on_stage_changed":
        arguments |= {"old_stage": event.details["old_stage"], "new_stage": event.details["new_stage"]}
    return arguments


def say(warnings: list[str]) -> None:
    """Print warnings to stderr, each once."""
    for warning in dict.fromkeys(warnings):
        print(warning, file=sys.stderr)


__all__ = ["ATTEMPTS", "EVENTS", "Delivery", "Heard", "say"]
