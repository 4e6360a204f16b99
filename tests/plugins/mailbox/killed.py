"""Write a letter to two people and send it, and be killed at step N: `python killed.py ROOT N`.

A step is each side of a commit, and of each moment at which the mail server learns something of the letter.
"""

from __future__ import annotations

import os
import signal
import smtplib
import sys
from collections.abc import Callable
from typing import Any

from crm.entrance import open_workspace
from crm.plugins.mailbox.composing import Draft
from crm.plugins.mailings.post import Postman
from crm.store.commit import Store

steps = 0


def step() -> None:
    global steps
    steps += 1
    if steps == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)


def around(owner: type, name: str, counts: Callable[..., bool]) -> None:
    """Make both sides of a method a step, for the calls that count."""
    inner = getattr(owner, name)

    def outer(*arguments: Any, **named: Any) -> Any:
        counted = counts(*arguments)
        if counted:
            step()
        result = inner(*arguments, **named)
        if counted:
            step()
        return result

    setattr(owner, name, outer)


around(Store, "commit", lambda *_: True)
around(Postman, "hand_over", lambda *_: True)
around(smtplib.SMTP, "send", lambda _smtp, data: isinstance(data, bytes))

with open_workspace(sys.argv[1], actor="olga", language="en") as crm:
    letters: Any = crm.collection("letter")
    letters.write(Draft(("anna@example.ru", "ivan@example.ru"), "КП", "Добрый день!"))
    letters.deliver()
