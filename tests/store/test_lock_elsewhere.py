"""The lock as the other system has it: its branch runs here, over a stand-in for that system's own module."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from crm.errors import Busy
from crm.store import lock


class Msvcrt(ModuleType):
    """What the lock uses of `msvcrt`: one byte at the descriptor's place, for the whole machine, not waited for."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        assert (os.lseek(descriptor, 0, os.SEEK_CUR), count) == (0, 1)
        fcntl.flock(descriptor, fcntl.LOCK_UN if mode == self.LK_UNLCK else fcntl.LOCK_EX | fcntl.LOCK_NB)


class Elsewhere(ModuleType):
    """The module `os` of a system that calls itself `nt` and has no `pwrite`."""

    name = "nt"

    def __getattr__(self, name: str) -> Any:
        if name in ("pwrite", "pread", "fork"):
            raise AttributeError(name)
        return getattr(os, name)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Any:
    spec = importlib.util.spec_from_file_location("lock_elsewhere", str(lock.__file__))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "os", Elsewhere("os"))
        patched.setitem(sys.modules, "msvcrt", Msvcrt("msvcrt"))
        spec.loader.exec_module(module)
    return module


def test_the_lock_of_the_other_system_keeps_one_out_and_names_the_holder(elsewhere: Any, tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with elsewhere.locked(path, holder="olga, deal move", wait=0):
        other = elsewhere.locked(path, holder="anna", wait=0)
        with pytest.raises(Busy, match=rf"olga, deal move \(pid {os.getpid()}\) is writing"):
            other.__enter__()
    with elsewhere.locked(path, holder="anna", wait=0):
        assert b"anna" in path.read_bytes()
