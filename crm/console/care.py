"""Care of the data: what the doctor says of data, settings, plugins and machine; the workspace as one file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crm.console.cells import text_cell
from crm.console.journal import ledger
from crm.console.routes import page
from crm.console.visit import Sent, View
from crm.diagnosis import diagnose
from crm.locale import _
from crm.store.backup import backup as write

if TYPE_CHECKING:
    from crm.console.visit import Visit


@page("/settings/care")
def care(visit: Visit) -> View:
    """Show what the doctor finds, and the way to a backup."""
    visit.crm.guard.check("settings", "workspace", None)
    found = [(name, ok, text) for name, ok, text in diagnose(visit.crm.root, visit.crm.actor)]
    rows = [
        {"cells": [text_cell(name), {"type": "tags", "tags": [_verdict(ok=ok)]}, text_cell(text)], "acts": []}
        for name, ok, text in found
    ]
    made = ledger(
        _("Care of the data"), visit.url.settings("care"), [_("What"), _("State"), _("What the doctor says")], rows, "",
        links=[{"title": _("Save a backup"), "address": visit.url.settings("backup")},
               {"title": _("Settings"), "address": visit.url.settings()}],
    )  # fmt: skip
    data = {"doctor": [{"name": name, "ok": ok, "text": text} for name, ok, text in found]}
    return View("ledger.html", made["title"], "settings", {"ledger": made}, data)


def _verdict(*, ok: bool) -> dict[str, str]:
    return {"text": _("good") if ok else _("ailing"), "tone": "good" if ok else "bad"}


@page("/settings/backup")
def backup(visit: Visit) -> Sent:
    """Send the whole workspace as one file."""
    visit.crm.guard.check("settings", "workspace", None)
    visit.crm.guard.check("export", "workspace", None)
    name = f"{visit.crm.settings.account.name or visit.crm.root.name} {visit.crm.today().isoformat()}.zip"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "backup.zip"
        write(visit.crm.store, file)
        return Sent(name, "application/zip", file.read_bytes())
