"""Every call that changes the disk: the one layer where a fault can be injected and where it is explained.

Nothing here knows what the bytes mean.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING

from crm.errors import CrmError, OutsideFailed, ReadOnly
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def explain(error: OSError, path: Path | str) -> CrmError:
    """Turn a fault of the operating system into a sentence: full disk, no right to write, or its own words."""
    where = error.filename or path
    if error.errno in _FULL:
        return OutsideFailed(_("The disk is full: {path}.").format(path=where), _("Free some space and repeat."))
    if error.errno in _CLOSED:
        return ReadOnly(
            _("No right to write here: {path}.").format(path=where),
            _("Ask for write access to the folder, or work on a copy of it."),
        )
    return _failure(where, error.strerror or error)


def _failure(path: Path | str, reason: object) -> OutsideFailed:
    return OutsideFailed(
        _("The disk failed: {path}: {reason}.").format(path=path, reason=reason),
        _("Check the disk, then run `crm check`."),
    )


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Raise the faults of the operating system inside, those that SQLite meets too, as sentences about `path`."""
    try:
        yield
    except OSError as error:
        raise explain(error, path) from error
    except sqlite3.OperationalError as error:
        from crm.store.index_faults import explained as index_explained

        raise index_explained(error) or _failure(path, error) from error


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte; `os.write` may write fewer without an error when the disk fills up."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


_at_the_end = ContextVar("at_the_end", default=False)


@contextmanager
def flushed_at_the_end(folder: Path) -> Iterator[None]:
    """Flush nothing inside, and all that `folder` holds at the end: for what is begun anew after a crash."""
    before = _at_the_end.set(True)
    try:
        yield
    finally:
        _at_the_end.reset(before)
    for path in folder.rglob("*"):
        flush_folder(path) if path.is_dir() else flush_file(path)
    flush_folder(folder)


def flush(descriptor: int) -> None:
    """Wait until the disk holds what was written to `descriptor`."""
    if not _at_the_end.get():
        os.fsync(descriptor)


def flush_file(path: Path) -> None:
    """Wait until the disk holds a file that somebody else wrote."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, data: bytes) -> None:
    """Write a whole file and flush it; a half-written one is removed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
    try:
        try:
            write_all(descriptor, data)
            flush(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        with suppress(OSError):
            os.unlink(path)
        raise


def rename(source: Path, target: Path) -> None:
    """Put `source` in the place of `target` in one step."""
    os.replace(source, target)


def flush_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, that survives a power cut; one that is there is left alone."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)


def append(path: Path, data: bytes, at: int) -> None:
    """Append `data` at offset `at`, cutting what an unfinished write left behind it, and flush.

    When anything fails the file is cut back to `at`, so that no half line stays. A new file is made to last first:
    once the data is flushed nothing can fail any more.
    """
    fresh = not path.exists()
    if fresh:
        make_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        if fresh:
            flush_folder(path.parent)
        try:
            _append(descriptor, data, at)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, at)
            raise
    finally:
        os.close(descriptor)


def _append(descriptor: int, data: bytes, at: int) -> None:
    if os.fstat(descriptor).st_size > at:
        os.ftruncate(descriptor, at)
    os.lseek(descriptor, at, os.SEEK_SET)
    write_all(descriptor, data)
    flush(descriptor)
