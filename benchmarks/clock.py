"""Paired timing: what is measured and what it is measured against run in turn, and the medians are compared."""

from __future__ import annotations

import gc
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

Action = Callable[[], object]


class Pair(NamedTuple):
    """Median seconds of two actions, and the median of their ratios round by round."""

    ours: float
    floor: float
    ratio: float


def seconds(action: Action) -> float:
    """Return how long an action takes on the wall clock."""
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def pair(ours: Action, floor: Action, rounds: int = 7) -> Pair:
    """Run two actions in turn, after one round that does not count."""
    ours()
    floor()
    rows = [(seconds(ours), seconds(floor)) for _round in range(rounds)]
    return Pair(
        statistics.median(row[0] for row in rows),
        statistics.median(row[1] for row in rows),
        statistics.median(row[0] / row[1] for row in rows),
    )


def process(command: Sequence[str], folder: str) -> Action:
    """Return an action that runs a command as a whole process and insists that it succeeds."""

    def run() -> None:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    return run


def peak_megabytes(command: Sequence[str], folder: str) -> float:
    """Return the largest memory that a command's process holds, in MB."""
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(["python3", "-c", code, *command], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return int(done.stdout) / 1024


def own_peak_megabytes() -> float:
    """Return the largest memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
