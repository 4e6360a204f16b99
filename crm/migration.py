"""Bringing the data of an older format up to this program's, after an automatic backup, one step a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.entrance import written_format
from crm.errors import Damaged
from crm.locale import _
from crm.store import disk
from crm.store.archive import write_archive
from crm.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STEPS: dict[int, Callable[[Path], None]] = {}
"""What brings a workspace (its root) to the next format, by the format it starts from; 1 is the first format there was.

A step may be run again after an interruption, so it does nothing to what it has done already.
"""


def migrate(root: Path, target: int) -> list[int]:
    """Bring the data at `root` up to the format `target`; return the formats it went through.

    The workspace as it was goes to `data/backups/` first. Raises Damaged where a step is missing, Busy, and what the
    disk says.
    """
    with disk.explained(root), locked(root / "data" / ".lock", holder="upgrade"):
        written = written_format(root)
        written = target if written is None else written
        missing = [version for version in range(written, target) if version not in STEPS]
        if missing:
            raise Damaged(
                _("This program cannot read data of the format {n}.").format(n=missing[0]),
                _("Open it once with an earlier version of the program."),
            )
        if written < target:
            _back_up(root, written)
        for version in range(written, target):
            STEPS[version](root)
            _note(root, version + 1)
        return list(range(written + 1, target + 1))


def _back_up(root: Path, version: int) -> None:
    """Keep the workspace as it is, once: a step that was interrupted must not replace the copy by a half of itself."""
    target = root / "data" / "backups" / f"format-{version}.zip"
    disk.make_folder(target.parent)
    if not target.exists():
        write_archive(root, target)


def _note(root: Path, version: int) -> None:
    path = root / "data" / "format"
    beside = path.with_name(".format.new")
    disk.write_new(beside, f"{version}\n".encode())
    disk.rename(beside, path)
    disk.flush_folder(path.parent)
