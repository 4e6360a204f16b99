"""The console's own clock: each minute it does what is due, as `crm tick` does from cron; failures are logged."""

from __future__ import annotations

import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm.due import tick
from crm.store.search import bring_up

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
        self._told = ""

    def run(self) -> None:
        """Make ready what the first search would wait for, then tick."""
        self.make_ready()
        while not self._ended.wait(self._interval):
            self.tick()

    def tick(self) -> None:
        """Do what is due; what fails is noted in `data/log/clock.log` and tried again by the next tick."""
        try:
            with self._office.workspace("clock") as crm:
                for told in tick(crm):
                    if told.error is not None:
                        self._note(f"{told.plugin}: {told.text}")
        except Exception:  # whatever it is, the clock goes on: the folder may be mended meanwhile
            self._note(traceback.format_exc())

    def make_ready(self) -> None:
        """Bring the index of words up: over a million records that takes seconds, and nobody's search waits for it."""
        try:
            with self._office.workspace("clock") as crm:
                bring_up(crm.store)
        except Exception:  # the search brings it up itself, and says what is wrong
            self._note(traceback.format_exc())

    def _note(self, text: str) -> None:
        """Write a failure down, once as long as it stays the same."""
        if text == self._told:
            return
        self._told = text
        folder = self._office.root / "data" / "log"
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
            with open(folder / "clock.log", "a", encoding="utf-8") as log:
                log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {text}\n")

    def stop(self) -> None:
        """Tick no more."""
        self._ended.set()
