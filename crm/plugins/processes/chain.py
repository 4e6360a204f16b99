"""A process as a chain of steps: what is done, where it stands, what is to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.plugins.processes.process import RUNNING
from crm.plugins.processes.routine import routine

if TYPE_CHECKING:
    from crm.plugins.processes.process import Process
    from crm.workspace import Workspace

DONE, CURRENT, AHEAD = "done", "current", "ahead"
SIGNS = {DONE: "●", CURRENT: "◐", AHEAD: "○"}


class Link(NamedTuple):
    """One step of a chain: its state, and the activity with its owner and day where it has one."""

    id: str
    title: str
    state: str
    activity: str = ""
    owner: str = ""
    due: str = ""

    def plain(self) -> dict[str, Any]:
        """Return what scripts get."""
        return {**self._asdict(), "step": self.id}


def chain(crm: Workspace, process: Process) -> list[Link]:
    """Return the steps of a process in their order; activities of steps that the routine lost are left out."""
    found = []
    for place, step in enumerate(routine(crm, process.routine).steps):
        ref = process.activities[place] if place < len(process.activities) else ""
        doc = crm.record(ref).doc if ref else {}
        state = AHEAD if not ref else CURRENT if step.id == process.step and process.state == RUNNING else DONE
        found.append(
            Link(step.id, step.title.text(), state, ref, str(doc.get("owner", "")), str(doc.get("due", ""))[:10])
        )
    return found


def drawn(links: list[Link]) -> str:
    """Return a chain as one line for a terminal."""
    return " ─ ".join(f"{SIGNS[one.state]} {one.title}" for one in links)
