"""The static files of the console, held in memory: style, scripts, icons."""

from __future__ import annotations

import gzip
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class File(NamedTuple):
    """A file as it is sent."""

    type: str
    data: bytes
    packed: bytes
    """The same as gzip."""


def _file(path: Path) -> File:
    data = path.read_bytes()
    return File(_TYPES[path.suffix], data, gzip.compress(data, mtime=0))


class Files:
    """Every file of `static/`; `stamp` is another one as soon as one of them is."""

    def __init__(self) -> None:
        folder = Path(__file__).parent / "static"
        paths = sorted(path for path in folder.iterdir() if path.suffix in _TYPES)
        self._files = {path.name: _file(path) for path in paths}
        content = blake2b(digest_size=6)
        for name, file in self._files.items():
            content.update(name.encode() + file.data)
        self.stamp = content.hexdigest()

    def get(self, name: str) -> File | None:
        """Return a file by name, or None."""
        return self._files.get(name)
