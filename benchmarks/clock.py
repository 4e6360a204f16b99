"""Paired timing: what is measured and what it is measured against run in turn, and the medians are compared."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

Action = Callable[[], object]


class Pair(NamedTuple):
    """Median seconds of two actions, and the median of their ratios round by round."""

    ours: float
    floor: float
    ratio: float


def seconds(action: Action, *, waiting: bool = False) -> float:
    """Return the processor time of an action; with `waiting` the wall clock, for what waits for the disk."""
    read = time.perf_counter if waiting else time.process_time
    gc.collect()
    start = read()
    action()
    return read() - start


def pair(ours: Action, floor: Action, rounds: int = 7, *, waiting: bool = False) -> Pair:
    """Run two actions in turn, after one round that does not count."""
    ours()
    floor()
    rows = [(seconds(ours, waiting=waiting), seconds(floor, waiting=waiting)) for _round in range(rounds)]
    return Pair(
        statistics.median(row[0] for row in rows),
        statistics.median(row[1] for row in rows),
        statistics.median(row[0] / row[1] for row in rows),
    )


class Spent(NamedTuple):
    """What a process took: seconds on the wall clock, and seconds of processor time, its own and the system's."""

    wall: float
    cpu: float


Command = Callable[[], Sequence[str]]
"""Gives the words of a command, other ones each time where it must not repeat itself."""


def spent(command: Sequence[str], folder: str) -> Spent:
    """Run a command as a whole process that has to succeed, and return what it took."""
    start = time.perf_counter()
    started = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(started.pid, 0)
    wall = time.perf_counter() - start
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise subprocess.CalledProcessError(started.returncode, command)
    return Spent(wall, usage.ru_utime + usage.ru_stime)


def processes(ours: Command, floor: Command, ours_in: str, floor_in: str, rounds: int) -> Spent:
    """Run two commands in turn and return the medians of their ratios, of wall clock and of processor time."""
    spent(ours(), ours_in)
    spent(floor(), floor_in)
    rows = [(spent(ours(), ours_in), spent(floor(), floor_in)) for _round in range(rounds)]
    return Spent(
        statistics.median(mine.wall / its.wall for mine, its in rows),
        statistics.median(mine.cpu / its.cpu for mine, its in rows),
    )


def peak_megabytes(command: Sequence[str], folder: str) -> float:
    """Return the largest memory that a command's process holds, in MB."""
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    return int(done.stdout) / 1024
