"""Whole commands, from the shell's point of view, against a bare interpreter and one that imports click."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.clock import pair, peak_megabytes, process
from benchmarks.table import Row

PASS = [sys.executable, "-I", "-c", "pass"]
CLICK = [sys.executable, "-I", "-c", "import click"]
COMMANDS = {
    "crm lead add": (["lead", "add", "Москва, Василий, щебень", "--phone", "8 916 123-45-67"], 1.6),
    "crm deal show": (["deal", "show", "7"], 1.5),
    "crm deal list --stage --owner": (
        ["deal", "list", "--stage", "proposal", "--owner", "olga", "--limit", "50"],
        1.7,
    ),
}
MOST_GROWTH, MOST_MEGABYTES = 1.15, 40.0


def crm(*words: str) -> list[str]:
    """Return the command that a user types, of this very installation."""
    return [str(Path(sys.executable).with_name("crm")), *words]


def rows(roots: dict[int, Path], rounds: int) -> Iterator[Row]:
    """Measure every command at every size."""
    here = str(next(iter(roots.values())))
    version = pair(process(crm("--version"), here), process(PASS, here), rounds)
    yield Row("`crm --version`", "python -I -c pass", "", version.ratio, 1.5)
    usage = pair(process(crm("--help"), here), process(CLICK, here), rounds)
    yield Row("`crm --help`", "import click", "", usage.ratio, 1.4)
    for name, (words, goal) in COMMANDS.items():
        times = {}
        for size, root in roots.items():
            measured = pair(process(crm(*words), str(root)), process(CLICK, str(root)), rounds)
            times[size] = measured.ours
            yield Row(f"`{name}`", "import click", f"{size:,}", measured.ratio, goal)
        small, large = min(roots), max(roots)
        growth = pair(process(crm(*words), str(roots[large])), process(crm(*words), str(roots[small])), rounds)
        yield Row(f"`{name}`, growth", f"itself at {small:,}", f"{large:,}", growth.ratio, MOST_GROWTH)
        memory = peak_megabytes(crm(*words), str(roots[large]))
        yield Row(f"`{name}`, memory", "", f"{large:,}", memory, MOST_MEGABYTES, "MB")
