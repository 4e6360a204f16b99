"""The file of settings that a page was made from: a save of an older page is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.settings import load_settings
from crm.settings_file import check_seal, sealed

if TYPE_CHECKING:
    from pathlib import Path

    from crm.console.visit import Visit


def file_of(visit: Visit, name: str) -> Path:
    """Return where a file of the settings is written."""
    return visit.crm.root / "config" / f"{name}.yaml"


def seal_of(visit: Visit, name: str) -> str:
    """Return the seal that the page was posted with, that of the file as it is now where there is none.

    Taken before the file is read, so that what is shown is never older than its seal.
    """
    return visit.form.get("seal") or sealed(file_of(visit, name))


def unchanged(visit: Visit, name: str) -> str:
    """Return the seal of the page that is saved; raise Conflict where the file is another by now."""
    seal = seal_of(visit, name)
    check_seal(file_of(visit, name), seal)
    return seal


def held(visit: Visit, name: str) -> dict[str, Any]:
    """Return what a file holds now, and not when the request began."""
    found: dict[str, Any] = load_settings(visit.crm.root).plain(name)
    return found
