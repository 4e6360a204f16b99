"""The bytes of letters: files in `data/files/`, named by the SHA-256 of what they hold, written before the record."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

from crm.errors import NotFound
from crm.locale import _

if TYPE_CHECKING:
    from pathlib import Path

    from crm.sales.desk import Desk


def keep(crm: Desk, data: bytes) -> str:
    """Keep the bytes of a letter durably and return the name of their file."""
    name = f"{sha256(data).hexdigest()}.eml"
    path = _path(crm, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{os.getpid()}.{name}")
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    return name


def kept(crm: Desk, name: str) -> bytes:
    """Return the bytes of a letter; raise NotFound where the file is gone."""
    try:
        return _path(crm, name).read_bytes()
    except OSError as error:
        raise NotFound(
            _("The file of the letter is not there: data/files/{name}.").format(name=name),
            _("Restore it from a backup: crm restore."),
        ) from error


def _path(crm: Desk, name: str) -> Path:
    return crm.store.data / "files" / name
