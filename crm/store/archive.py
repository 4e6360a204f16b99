"""A workspace in one file: `config/` and `data/` in a zip or tar.gz, with the checksums of all in `manifest.json`."""

from __future__ import annotations

import os
import tarfile
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import IO, TYPE_CHECKING, Protocol

from crm.errors import WrongUsage
from crm.locale import _
from crm.store import disk
from crm.store.journal import Doc, dump
from crm.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = "manifest.json"
MARK = "crm backup"
_LEFT_OUT = {"data/cache", "data/tmp", "data/backups", "data/tables.part", "data/tables.old"}
_OF_PROCESSES = {"data/.lock", "data/.delivery"}


class _Sink(Protocol):
    """An archive in the making."""

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """Add a file of `size` bytes."""

    def close(self) -> None:
        """End the archive."""


class _Zip:
    def __init__(self, file: IO[bytes]) -> None:
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        entry = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self.archive.open(entry, "w", force_zip64=size >= 1 << 30) as target:
            while chunk := file.read(1 << 20):
                target.write(chunk)

    def close(self) -> None:
        self.archive.close()


class _Tar:
    def __init__(self, file: IO[bytes]) -> None:
        self.archive = tarfile.open(fileobj=file, mode="w:gz", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o644
        entry.mtime = int(datetime.now(UTC).timestamp())
        self.archive.addfile(entry, file)

    def close(self) -> None:
        self.archive.close()


class _Measured:
    """The first `size` bytes of a file, summed up while they are read."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.left = size
        self.sum = sha256()

    def read(self, n: int = -1) -> bytes:
        """Read as files do."""
        chunk = self.file.read(self.left if n < 0 else min(n, self.left))
        self.left -= len(chunk)
        self.sum.update(chunk)
        return chunk


def kind_of_archive(target: Path) -> type[_Zip] | type[_Tar]:
    """Return what a file of that name is to be; raise WrongUsage for another name."""
    if target.name.endswith(".zip"):
        return _Zip
    if target.name.endswith((".tar.gz", ".tgz")):
        return _Tar
    raise WrongUsage(
        _("{file}: a backup is a .zip or a .tar.gz file.").format(file=target.name), _("Name it so: backup.zip")
    )


def write_archive(root: Path, target: Path) -> int:
    """Write the workspace at `root` into `target`, flushed and put into its place at once; return how many files.

    Whoever calls keeps writers away.
    """
    sort = kind_of_archive(target)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(beside, "wb") as file:
            count = _fill(sort(file), root)
            file.flush()
            disk.flush(file.fileno())
        disk.rename(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    disk.flush_folder(target.parent)
    return count


def _fill(sink: _Sink, root: Path) -> int:
    files: Doc = {}
    for name in sorted(_names(root)):
        with open(root / name, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            measured = _Measured(file, size)
            sink.add(name, measured, size)  # type: ignore[arg-type]
            files[name] = {"size": size, "sha256": measured.sum.hexdigest()}
    manifest = {"what": MARK, "program": __version__, "time": datetime.now(UTC).isoformat(timespec="seconds")}
    data = dump({**manifest, "files": files}).encode()
    sink.add(MANIFEST, BytesIO(data), len(data))
    sink.close()
    return len(files)


def _names(root: Path) -> Iterator[str]:
    """Yield the files of a workspace as names with slashes; links to folders and what is only passing are left out."""
    for top in ("config", "data"):
        for folder, folders, names in os.walk(root / top):
            within = os.path.relpath(folder, root).replace(os.sep, "/")
            folders[:] = [one for one in folders if one != "__pycache__" and f"{within}/{one}" not in _LEFT_OUT]
            for name in names:
                if os.path.isfile(os.path.join(folder, name)) and not _is_passing(f"{within}/{name}"):
                    yield f"{within}/{name}"


def _is_passing(name: str) -> bool:
    return name in _OF_PROCESSES or name.rpartition("/")[2].startswith(".")
