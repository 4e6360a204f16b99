"""The doctor's look at a workspace: data, settings, plugins, and the machine it is on."""

from __future__ import annotations

import platform
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError
from crm.locale import _, language, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.plugin_loading import Plugin
    from crm.workspace import Workspace

Diagnosis = tuple[str, bool, str]
"""What was looked at, whether it is well, and a sentence."""


def diagnose(root: Path, actor: str = "") -> Iterator[Diagnosis]:
    """Yield what was looked at, in the current language; nothing raises."""
    yield _machine()
    yield _packages()
    settings = _settings(root)
    yield settings
    if settings[1]:
        yield from _workspace(root, actor)


def _machine() -> Diagnosis:
    python = platform.python_version()
    good = sys.version_info >= (3, 11) and sqlite3.sqlite_version_info >= (3, 38)
    return _("machine"), good, f"Python {python}, SQLite {sqlite3.sqlite_version}, {platform.system()}"


def _packages() -> Diagnosis:
    from importlib.util import find_spec

    missing = [name for name in ("weasyprint", "rich", "babel", "lxml", "bottle") if find_spec(name) is None]
    if missing:
        text = _("missing: {names}; install them with: pip install 'crm[all]'").format(names=", ".join(missing))
        return _("packages"), False, text
    return _("packages"), True, _("all there")


def _settings(root: Path) -> Diagnosis:
    from crm.settings import load_settings

    try:
        settings = load_settings(root)
    except CrmError as error:
        return _("settings"), False, str(error)
    return _("settings"), True, f"{settings.language}, {settings.currency}, {settings.account.time_zone}"


def _workspace(root: Path, actor: str) -> Iterator[Diagnosis]:
    from crm.entrance import open_workspace
    from crm.store.check import check

    try:
        with open_workspace(root, actor=actor or None, language=language()) as crm:
            found = [one for one in check(crm.store) if not one.note]
            counts = {noun.entity.many(): crm.collection(noun.name).count() for noun in crm.nouns.values()}
            sizes = ", ".join(f"{title} {count}" for title, count in counts.items())
            broken = [f"{one.name}: {one.error}" for one in crm.plugins.all.values() if one.error and not one.disabled]
            broken += _misfits(crm)
            clock = _clock(crm)
            wrong = list(_defaults(crm))
    except CrmError as error:
        yield _("data"), False, str(error)
        return
    told = ngettext("{n} finding; see: crm check", "{n} findings; see: crm check", len(found)).format(n=len(found))
    yield _("data"), not found, f"{told} ({found[0]})" if found else _("whole")
    yield clock
    yield _("records"), True, sizes
    if wrong:
        yield _("fields"), False, "; ".join(wrong)
    yield _("plugins"), not broken, "; ".join(broken) or _("all work")


def _defaults(crm: Workspace) -> Iterator[str]:
    """Yield the defaults of own fields that do not fit their type."""
    for noun in crm.nouns.values():
        for field in noun.custom.values():
            try:
                field.read(field.default, crm.customs)
            except CrmError as error:
                yield f"config/fields.yaml: {noun.name}: {error}"


def _clock(crm: Workspace) -> Diagnosis:
    """Hold this machine's clock against the last change: times never go back, so one of the future stays in force."""
    last = crm.store.index.position().time
    if last <= (datetime.now(UTC) + timedelta(minutes=5)).isoformat(timespec="seconds"):
        return _("clock"), True, _("goes with the changes")
    text = _("the last change is of {time}; until then every change gets that time").format(time=last)
    return _("clock"), False, text


def _misfits(crm: Workspace) -> Iterator[str]:
    """Yield what is wrong in the settings that plugins declare."""
    for plugin, (target, *_rest) in crm.plugins.brought("register_settings"):
        try:
            crm.settings.section(plugin.name, _declared(crm, plugin, target))
        except CrmError as error:
            yield str(error)
        except Exception as error:
            yield f"{plugin.name}: {type(error).__name__}: {error}"


def declared(crm: Workspace, name: str) -> type[Any] | None:
    """Return what a plugin declares of its file of settings, None where no plugin has a file of that name."""
    for plugin, (target, *_rest) in crm.plugins.brought("register_settings"):
        if plugin.name == name:
            return _declared(crm, plugin, target)
    return None


def _declared(crm: Workspace, plugin: Plugin, target: str) -> type[Any]:
    from importlib import import_module

    module, _colon, shape = target.partition(":")
    crm.plugins.load(plugin)
    found: type[Any] = getattr(import_module(module), shape)
    return found
