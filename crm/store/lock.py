"""The one writer's lock of a workspace, on both kinds of system; a dead holder's lock is free at once."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from crm.errors import Busy
from crm.locale import _
from crm.store.disk import explained

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT = 10.0
"""Seconds that a writer waits for another."""


@contextmanager
def locked(path: Path, *, holder: str, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock at `path`, named for others as `holder`; raise Busy, naming who holds it, after `wait` seconds."""
    with explained(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        with explained(path):
            _wait_for(descriptor, wait, path)
        _sign(descriptor, holder)
        yield
    finally:
        _release(descriptor)
        os.close(descriptor)


def _wait_for(descriptor: int, wait: float, path: Path) -> None:
    deadline = time.monotonic() + wait
    pause = 0.0005
    while not _try(descriptor):
        if time.monotonic() >= deadline:
            raise Busy(
                _("The workspace is busy: {holder} is writing.").format(holder=_holder(path)),
                _("Wait until it ends, or stop it, and repeat."),
            )
        time.sleep(pause)
        pause = min(pause * 1.5, 0.01)


def _sign(descriptor: int, holder: str) -> None:
    """Write who holds the lock; only for the message, so that a full disk does not stop a reader of it."""
    with suppress(OSError):
        _note(descriptor, f"{holder} (pid {os.getpid()})".encode().ljust(120)[:120] + b"\n")


def _holder(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(_SIGNATURE)
            return file.read(120).decode(errors="replace").strip() or _("another process")
    except OSError:
        return _("another process")


if os.name == "nt":  # pragma: no cover - the other system
    import msvcrt

    _SIGNATURE = 1  # the first byte is locked there, and a locked byte cannot be read

    def _note(descriptor: int, text: bytes) -> None:
        os.lseek(descriptor, _SIGNATURE, os.SEEK_SET)
        os.write(descriptor, text)

    def _try(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        with suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    _SIGNATURE = 0

    def _note(descriptor: int, text: bytes) -> None:
        os.pwrite(descriptor, text, _SIGNATURE)

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(descriptor: int) -> None:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
