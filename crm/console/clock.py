"""The console's own clock: each minute it does what is due, as `crm tick` does from cron; failures are logged."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from crm.due import tick

if TYPE_CHECKING:
    from crm.console.office import Office

INTERVAL = 60.0
"""Seconds between two ticks; the first comes after one of them."""


class Clock(threading.Thread):
    """A thread that ticks until the process ends or `stop` is called; a tick that is cut off is a crash like any."""

    def __init__(self, office: Office, interval: float = INTERVAL) -> None:
        super().__init__(name="clock", daemon=True)
        self._office = office
        self._interval = interval
        self._ended = threading.Event()

    def run(self) -> None:
        """Tick."""
        while not self._ended.wait(self._interval):
            self.tick()

    def tick(self) -> None:
        """Do what is due; what fails is in `data/log/plugins.log` and is tried again by the next tick."""
        with self._office.workspace("clock") as crm:
            for _told in tick(crm):
                pass

    def stop(self) -> None:
        """Tick no more."""
        self._ended.set()
