from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

MUTATING = ("write", "fsync", "replace", "open", "unlink", "mkdir", "truncate", "ftruncate", "rmdir", "rename")
Shot = tuple[int, bool]
"""At which call to die, and whether half of what it writes is written before."""


class Gun:
    """Kills its process at a call that changes the disk; without a shot it only writes down the calls."""

    def __init__(self, shot: Shot | None = None) -> None:
        self.shot = shot
        self.calls: list[str] = []
        self.real: dict[str, Callable[..., Any]] = {}

    def load(self) -> None:
        for name in MUTATING:
            self.real[name] = getattr(os, name)
            setattr(os, name, self._loaded(name))

    def unload(self) -> None:
        for name, real in self.real.items():
            setattr(os, name, real)
        self.real = {}

    def _loaded(self, name: str) -> Callable[..., Any]:
        real = self.real[name]

        def call(*args: Any, **options: Any) -> Any:
            if name != "open" or args[1] & os.O_CREAT:
                self.calls.append(name)
                if self.shot is not None and len(self.calls) == self.shot[0]:
                    if self.shot[1]:
                        real(args[0], bytes(args[1])[: len(args[1]) // 2])
                    die()
            return real(*args, **options)

        return call

    def shots(self) -> list[Shot]:
        """Return every way to die on the way that was written down."""
        shots = []
        for number, name in enumerate(self.calls, 1):
            shots.append((number, False))
            if name == "write":
                shots.append((number, True))
        return shots


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_child(work: Callable[[int], object]) -> tuple[bytes, int]:
    """Do `work` in a child process; return what it wrote to the descriptor that it is given, and how it ended."""
    return in_children([work])[0]


def in_children(works: Sequence[Callable[[int], object]]) -> list[tuple[bytes, int]]:
    """Do each of `works` in a child process of its own, all at once."""
    started = [_start(work) for work in works]
    ended = []
    for child, reader in started:
        with os.fdopen(reader, "rb") as pipe:
            said = pipe.read()
        ended.append((said, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))
    return ended


def _start(work: Callable[[int], object]) -> tuple[int, int]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            work(writer)
            code = 0
        except BaseException as error:
            os.write(writer, repr(error).encode())
        finally:
            os._exit(code)
    os.close(writer)
    return child, reader
