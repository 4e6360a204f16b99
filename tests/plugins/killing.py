"""Being killed at step N: what counts as a step, for scripts that a test runs in a process of their own.

A step is each side of a commit, and of each moment at which the mail server learns something of a letter.
"""

from __future__ import annotations

import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crm.plugins.mailings.post import Postman
from crm.store.commit import Store

PROJECT = Path(__file__).parents[2]


def was_killed(module: str, root: Path, number: int) -> bool:
    """Run a module of the tests in a process that is killed at a step; tell whether it was, before it ended."""
    done = subprocess.run(
        [sys.executable, "-m", module, root, str(number)], cwd=PROJECT, capture_output=True, check=False
    )
    assert done.returncode <= 0, done.stderr.decode()
    return done.returncode < 0


class Steps:
    """Count steps and kill this process at one of them."""

    def __init__(self, killed_at: int) -> None:
        self.killed_at = killed_at
        self.count = 0

    def step(self) -> None:
        self.count += 1
        if self.count == self.killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: type, name: str, counts: Callable[..., bool]) -> None:
        """Make both sides of a method a step, for the calls that count."""
        inner = getattr(owner, name)

        def outer(*arguments: Any, **named: Any) -> Any:
            counted = counts(*arguments)
            if counted:
                self.step()
            result = inner(*arguments, **named)
            if counted:
                self.step()
            return result

        setattr(owner, name, outer)


def kill_at(number: int) -> None:
    """Kill this process at the step of this number."""
    steps = Steps(number)
    steps.around(Store, "commit", lambda *_: True)
    steps.around(Postman, "hand_over", lambda *_: True)
    steps.around(smtplib.SMTP, "send", lambda _smtp, data: isinstance(data, bytes))
