"""Whole commands, from the shell's point of view, against a bare interpreter and one that imports click."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from benchmarks.clock import Command, peak_megabytes, processes
from benchmarks.table import Row

PASS = (sys.executable, "-I", "-c", "pass")
CLICK = (sys.executable, "-I", "-c", "import click")
LIST = ("deal", "list", "--stage", "proposal", "--owner", "olga", "--limit", "50")
MOST_GROWTH, MOST_MEGABYTES = 1.15, 40.0
_numbers = count(1)


def crm(*words: str) -> list[str]:
    """Return the command that a user types, of this very installation."""
    return [str(Path(sys.executable).with_name("crm")), *words]


def _fixed(words: Sequence[str]) -> Command:
    return lambda: words


def _lead_add() -> Sequence[str]:
    return crm("lead", "add", "Москва, Василий, щебень", "--phone", f"+7903{next(_numbers):07d}")


COMMANDS: dict[str, tuple[Command, float]] = {
    "crm lead add": (_lead_add, 1.6),
    "crm deal show": (_fixed(crm("deal", "show", "7")), 1.5),
    "crm deal list --stage --owner": (_fixed(crm(*LIST)), 1.7),
}


def rows(roots: dict[int, Path], rounds: int) -> Iterator[Row]:
    """Measure every command at every size."""
    here = str(next(iter(roots.values())))
    version = processes(_fixed(crm("--version")), _fixed(PASS), here, here, rounds)
    yield Row("`crm --version`", "python -I -c pass", "", version.cpu, 1.5, wall=version.wall)
    usage = processes(_fixed(crm("--help")), _fixed(CLICK), here, here, rounds)
    yield Row("`crm --help`", "import click", "", usage.cpu, 1.4, wall=usage.wall)
    for name, (command, goal) in COMMANDS.items():
        yield from _command(name, command, goal, roots, rounds)


def _command(name: str, command: Command, goal: float, roots: dict[int, Path], rounds: int) -> Iterator[Row]:
    small, large = min(roots), max(roots)
    for size, root in roots.items():
        taken = processes(command, _fixed(CLICK), str(root), str(root), rounds)
        yield Row(f"`{name}`", "import click", f"{size:,}", taken.cpu, goal, wall=taken.wall)
    grown = processes(command, command, str(roots[large]), str(roots[small]), rounds)
    yield Row(f"`{name}`, growth", f"itself at {small:,}", f"{large:,}", grown.cpu, MOST_GROWTH, wall=grown.wall)
    memory = peak_megabytes(command(), str(roots[large]))
    yield Row(f"`{name}`, memory", "", f"{large:,}", memory, MOST_MEGABYTES, "MB")
