"""The open workspaces of the console: one to a thread, opened anew when settings, plugins or the index are others."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm.locale import use_language
from crm.settings import stamp
from crm.store.memo import Memo
from crm.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Office:
    """Gives each request a workspace that acts for who asks; `language` overrides that of the settings."""

    def __init__(self, root: Path, language: str = "") -> None:
        self.root = root
        self.language = language
        self._own = threading.local()
        self._lock = threading.Lock()
        self._memo = Memo()
        self._memo_of: object = None

    @contextmanager
    def workspace(self, login: str) -> Iterator[Workspace]:
        """Give the workspace of this thread for one request of `login`."""
        crm = self._current()
        use_language(self.language or crm.settings.language)
        crm.act_as(login)
        use_language(self.language or spoken_by(crm, login) or crm.settings.language)
        yield crm

    @contextmanager
    def machine(self, plugin: str) -> Iterator[Workspace]:
        """Give the workspace of this thread for one request of a machine that `plugin` answers."""
        with self.workspace(plugin) as crm:
            crm.serve(plugin)
            try:
                yield crm
            finally:
                crm.via = "console"

    def _current(self) -> Workspace:
        now = self._stamp()
        crm: Workspace | None = getattr(self._own, "crm", None)
        if crm is None or self._own.stamp != now:
            if crm is not None:
                crm.close()
            self._own.crm = crm = Workspace(self.root, "", via="console")
            self._own.stamp = self._stamp()
            self._share_memo(crm)
        return crm

    def _share_memo(self, crm: Workspace) -> None:
        """Let the threads know what one of them has reckoned, while settings, plugins and index are the same."""
        with self._lock:
            if self._memo_of != self._own.stamp:
                self._memo_of, self._memo = self._own.stamp, Memo()
            crm.store.index.memo = self._memo

    def _stamp(self) -> object:
        return stamp(self.root), _plugin_files(self.root / "config" / "plugins"), _identity(self.root)


def spoken_by(crm: Workspace, login: str) -> str:
    """Return the language that a person has chosen, empty for none."""
    for record_id in crm.store.index.lookup("user", "login", login):
        doc = crm.doc("user", record_id)
        if doc is not None and "deleted" not in doc:
            return str(doc.get("language", ""))
    return ""


def _plugin_files(folder: Path) -> list[tuple[str, int]]:
    try:
        return sorted((entry.name, entry.stat().st_mtime_ns) for entry in os.scandir(folder) if entry.is_file())
    except OSError:
        return []


def _identity(root: Path) -> int:
    """Return what tells one index file from another that took its place."""
    try:
        return (root / "data" / "cache" / "index.sqlite").stat().st_ino
    except OSError:
        return 0
