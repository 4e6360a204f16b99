"""Files that documents keep in `data/files`, named by the SHA-256 of their bytes: pages as made, signed copies."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from crm.errors import Damaged, OutsideFailed
from crm.locale import _

if TYPE_CHECKING:
    from crm.sales.desk import Desk


def digest(content: bytes) -> str:
    """Return the name of some bytes."""
    return sha256(content).hexdigest()


def keep(crm: Desk, content: bytes, suffix: str = "") -> str:
    """Write bytes under their name, flushed before they are there, and return the name; a dry run writes nothing."""
    name = digest(content)
    path = _folder(crm) / f"{name}{suffix}"
    if not crm.dry_run and not path.exists():
        try:
            _write(path, content)
        except OSError as error:
            raise OutsideFailed(
                _("{file} cannot be written: {why}.").format(file=path.name, why=error.strerror or error),
                _("Make room on the disk, or see who may write to data/files."),
            ) from error
    return name


def kept(crm: Desk, name: str, suffix: str = "") -> bytes | None:
    """Return the bytes kept under a name, None where they are gone; raise Damaged where they are others."""
    try:
        content = (_folder(crm) / f"{name}{suffix}").read_bytes()
    except FileNotFoundError:
        return None
    if digest(content) != name:
        raise Damaged(
            _("data/files/{file}: its bytes do not fit its name.").format(file=f"{name}{suffix}"),
            _("Take it from a backup."),
        )
    return content


def _folder(crm: Desk) -> Path:
    return crm.settings.root / "data" / "files"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with passing.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
