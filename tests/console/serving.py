"""A console of its own for a test: a process that serves a workspace until the test is done with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(root: Path, login: str = "olga") -> Iterator[str]:
    """Serve a workspace and give the link that signs `login` in; the process ends by itself when it is asked to."""
    command = [sys.executable, "-m", "crm", "-w", str(root), "--as", login, "console", "--no-browser", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        code = server.wait(timeout=20)
        server.stdout.close()
    assert code == 0


def base_of(link: str) -> str:
    """Return where a console is that gave a link to sign in."""
    return link.partition("/signin")[0]
