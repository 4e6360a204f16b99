"""Backup of a workspace into one file, and the way back: into an empty folder, every checksum verified."""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
import zipfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from struct import error as StructError  # noqa: N812
from typing import IO, TYPE_CHECKING, Any
from zlib import error as ZlibError  # noqa: N812

from crm.errors import Damaged, InvalidValue, NotFound, Refused
from crm.locale import _
from crm.store import disk
from crm.store.archive import MANIFEST, MARK, kind_of_archive, write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.store.commit import Store

_CHUNK = 1 << 20
_LARGEST_MANIFEST = 1 << 28
_PLAIN = re.compile(r"(config|data)(/[^/\\\x00-\x1f]+)+" if os.name != "nt" else r"(config|data)(/[^/\\:\x00-\x1f]+)+")
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, ZlibError, StructError, RuntimeError)
_TORN = (*_BROKEN, ValueError, LookupError, TypeError, AttributeError)


def backup(store: Store, target: Path) -> int:
    """Write a snapshot of the whole workspace to a .zip or .tar.gz file; return how many files it holds.

    Writers wait meanwhile; caches, passing files and `data/backups/` stay out. Raises WrongUsage for another name,
    OutsideFailed and Refused as the disk has it.
    """
    kind_of_archive(target)
    if not target.parent.is_dir():
        raise NotFound(_("There is no folder {folder}.").format(folder=target.parent), _("Make it and repeat."))
    with store.locked("backup"), disk.explained(target):
        store.catch_up()
        return write_archive(store.data.parent, target)


def restore(archive: Path, folder: Path) -> int:
    """Make a workspace of a backup in `folder`, which is empty or not there yet; return how many files it has.

    Raises NotFound without an archive, Refused for a folder that holds something or for names that lead out of it,
    InvalidValue for what is no backup, Damaged for a torn one; nothing is left behind then.
    """
    if not archive.is_file():
        raise NotFound(_("There is no file {file}.").format(file=archive))
    folder = folder.resolve()
    _refuse_filled(folder)
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    with disk.explained(folder):
        disk.make_folder(folder.parent)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
    try:
        count = _unpack(archive, beside)
        with disk.explained(folder):
            _place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return count


def _place(whole: Path, folder: Path) -> None:
    """Put what was unpacked into its place; an empty folder stays the one it is, as somebody may stand in it."""
    if not folder.is_dir():
        disk.rename(whole, folder)
        disk.flush_folder(folder.parent)
        return
    for name in ("data", "config"):  # with its settings it becomes a workspace
        if (whole / name).is_dir():
            disk.rename(whole / name, folder / name)
    disk.flush_folder(folder)


def _refuse_filled(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(_("{folder} is not empty.").format(folder=folder), _("Choose a new folder."))


def _unpack(archive: Path, folder: Path) -> int:
    try:
        with closing(_opened(archive)) as source:
            manifest = _manifest(source, archive)
            names = list(source.names())
            _refuse_unsafe(names, manifest)
            for name in manifest:
                _unpack_one(source, name, manifest[name], folder)
            return len(manifest)
    except _TORN as error:
        raise _torn(archive) from error


def _torn(archive: Path) -> Damaged:
    return Damaged(
        _("{file} is not a whole backup: it is torn, damaged, or something else.").format(file=archive),
        _("Take another copy of it."),
    )


def _manifest(source: _Zip | _Tar, archive: Path) -> dict[str, dict[str, Any]]:
    """Read what the archive says of itself; it stands last, so a torn one lacks it."""
    names = set(source.names())
    if MANIFEST not in names:
        if any(_PLAIN.fullmatch(name) for name in names):
            raise _torn(archive)
        raise InvalidValue(
            _("{file} is not a backup of a workspace.").format(file=archive), _("Make one with: crm backup FILE")
        )
    with source.open(MANIFEST) as file:
        manifest = json.loads(file.read(_LARGEST_MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("what") != MARK:
        raise ValueError(MANIFEST)
    files: dict[str, dict[str, Any]] = manifest["files"]
    return files


def _refuse_unsafe(names: list[str], manifest: dict[str, dict[str, Any]]) -> None:
    """Refuse names that lead out of the folder, links, doubles and what the manifest does not list."""
    for name in names:
        plain = _PLAIN.fullmatch(name) is not None and not {".", ".."} & set(name.split("/"))
        if name != MANIFEST and (not plain or name not in manifest):
            raise Refused(_("The archive holds what no backup does: {name}.").format(name=name[:200]))
    if len(names) != len(set(names)) or set(names) != {MANIFEST, *manifest}:
        raise ValueError("files")


def _unpack_one(source: _Zip | _Tar, name: str, about: dict[str, Any], folder: Path) -> None:
    digest, left = sha256(), int(about["size"])
    with source.open(name) as file, _copy(folder / name) as copy:
        while chunk := file.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise ValueError(name)
            digest.update(chunk)
            with disk.explained(folder):
                copy.write(chunk)
        with disk.explained(folder):
            copy.flush()
            disk.flush(copy.fileno())
    if left or digest.hexdigest() != about["sha256"]:
        raise ValueError(name)


def _copy(target: Path) -> IO[bytes]:
    with disk.explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        return open(target, "xb")


class _Zip:
    def __init__(self, archive: Path) -> None:
        self.archive = zipfile.ZipFile(archive)

    def names(self) -> Iterator[str]:
        for entry in self.archive.infolist():
            sort = entry.external_attr >> 28
            yield entry.filename if sort in (0, 8) else f"{entry.filename} →"

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name)

    def close(self) -> None:
        self.archive.close()


class _Tar:
    def __init__(self, archive: Path) -> None:
        self.archive = tarfile.open(archive, "r:gz")  # noqa: SIM115

    def names(self) -> Iterator[str]:
        for entry in self.archive:
            yield entry.name if entry.isreg() else f"{entry.name} →"

    def open(self, name: str) -> IO[bytes]:
        file = self.archive.extractfile(name)
        if file is None:
            raise KeyError(name)
        return file

    def close(self) -> None:
        self.archive.close()


def _opened(archive: Path) -> _Zip | _Tar:
    """Open an archive by what it is, whatever it is called."""
    with open(archive, "rb") as file:
        return _Tar(archive) if file.read(2) == b"\x1f\x8b" else _Zip(archive)
