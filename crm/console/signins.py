"""The journal of sign-ins: who came in, by link or password, who was turned away, who left; a file a month."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crm.console.browsers import told
from crm.console.routes import page
from crm.console.visit import View
from crm.locale import N_, _

if TYPE_CHECKING:
    from pathlib import Path

    from crm.console.visit import Context, Visit

SHOWN = 200
_HOW = {
    "link": (N_("came in by the link"), "good"), "password": (N_("came in with a password"), "good"),
    "refused": (N_("was refused: wrong name or password"), "bad"),
    "throttled": (N_("has to wait: too many tries"), "bad"),
    "spent": (N_("a link that was used or too old"), "warn"), "out": (N_("signed out"), ""),
}  # fmt: skip


def note(root: Path, login: str, how: str, browser: str) -> None:
    """Add a line to the journal; a folder that cannot be written does not keep anybody out."""
    now = datetime.now(UTC)
    line = {"time": now.isoformat(timespec="seconds"), "login": login[:100], "how": how, "browser": browser[:200]}
    try:
        folder = root / "data" / "log"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"signins-{now:%Y-%m}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError:
        return


def journal(root: Path, limit: int = SHOWN, login: str = "") -> list[dict[str, Any]]:
    """Return the last lines, the newest first, of everybody or of one person; lines that cannot be read are passed."""
    found: list[dict[str, Any]] = []
    for path in sorted((root / "data" / "log").glob("signins-*.jsonl"), reverse=True):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [one for one in map(_read, reversed(lines)) if one and login in ("", one["login"])]
        if len(found) >= limit:
            break
    return found[:limit]


def _read(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
        datetime.fromisoformat(line["time"])
    except (ValueError, KeyError, TypeError):
        return None
    return {name: str(line.get(name, "")) for name in ("time", "login", "how", "browser")}


@page("/settings/signins")
def signins(visit: Visit) -> View:
    """Show who came in and who was turned away, to who may change settings."""
    visit.crm.guard.check("settings", "workspace", None)
    found = journal(visit.crm.root, login=visit.query.get("login"))
    shown: Context = {"rows": [_row(visit, one) for one in found], "back": visit.url.settings()}
    return View("signins.html", _("Sign-ins"), "settings", {"signins": shown}, {"signins": found})


def _row(visit: Visit, line: dict[str, Any]) -> Context:
    text, tone = _HOW.get(line["how"], (line["how"], ""))
    return {
        "when": visit.shown.clock.moment(datetime.fromisoformat(line["time"])),
        "login": line["login"] or "—",
        "name": visit.shown.names.get(line["login"], ""),
        "text": _(text),
        "tone": tone,
        "browser": told(line["browser"]),
        "agent": line["browser"],
        "address": visit.url.settings("signins") + f"?login={line['login']}"
        if line["login"] in visit.shown.names
        else "",
    }
