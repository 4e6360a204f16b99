"""Send mailing/1 of the workspace given, and be killed at step N: `python -m tests.plugins.mailings.killed ROOT N`."""

from __future__ import annotations

import sys
from typing import Any

from crm.entrance import open_workspace
from tests.plugins.killing import kill_at

kill_at(int(sys.argv[2]))
with open_workspace(sys.argv[1], actor="olga", language="en") as crm:
    mailings: Any = crm.collection("mailing")
    mailings.send(1, sleep=lambda _seconds: None)
