"""The id that a workspace is made with: what exchange with other programs is keyed by, never made anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.locale import _

if TYPE_CHECKING:
    from pathlib import Path

FILE = "workspace-id"


def read(data: Path) -> str:
    """Return the id of the workspace with this data folder; nothing where it is lost or spoilt."""
    try:
        text = (data / FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return text if re.fullmatch("[0-9a-f]{32}", text) else ""


def lost() -> str:
    """Return what is wrong when there is no id."""
    return _(
        "The id of this workspace is lost: 1C and the list of unsubscribed addresses know it by that id. "
        "Restore the file from a backup."
    )
