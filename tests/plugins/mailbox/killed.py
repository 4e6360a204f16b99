"""Write a letter to two people, send it, be killed at step N: `python -m tests.plugins.mailbox.killed ROOT N`."""

from __future__ import annotations

import sys
from typing import Any

from crm.entrance import open_workspace
from crm.plugins.mailbox.composing import Draft
from tests.plugins.killing import kill_at

kill_at(int(sys.argv[2]))
with open_workspace(sys.argv[1], actor="olga", language="en") as crm:
    letters: Any = crm.collection("letter")
    letters.write(Draft(("anna@example.ru", "ivan@example.ru"), "КП", "Добрый день!"))
    letters.deliver()
