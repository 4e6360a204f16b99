"""Faults of real file systems: one that is full, one that is mounted read-only, one that belongs to somebody else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.command_line import CommandLine, environment

SMALL = 1536  # KiB: the workspace and a few change sets
NOBODY = 65534
READS: tuple[tuple[object, ...], ...] = (
    ("lead", "list", "--ids"),
    ("lead", "show", 1, "--json"),
    ("lead", "history", 1, "--ids"),
    ("find", "Первый", "--nl"),
    ("log", "--ids"),
    ("lead", "list", "--as-of", "2020-01-01", "--ids"),
    ("report", "funnel", "--json"),
    ("check",),
)
WRITES: tuple[tuple[object, ...], ...] = (
    ("lead", "add", "А"),
    ("lead", "set", 1, "comment=x"),
    ("undo",),
    ("import", "x.csv", "--into", "lead"),
)


def mount(*words: object) -> None:
    done = subprocess.run(["mount", *map(str, words)], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {done.stderr.decode().strip()}")


@pytest.fixture
def unmounting() -> Iterator[Callable[..., None]]:
    """Mount something until the end of the test: the last word is where."""
    mounted: list[object] = []

    def mount_it(*words: object) -> None:
        mount(*words)
        mounted.append(words[-1])

    yield mount_it
    for place in reversed(mounted):
        subprocess.run(["umount", "-l", str(place)], check=False)


def free(folder: Path) -> int:
    about = os.statvfs(folder)
    return about.f_bavail * about.f_frsize


def leave(folder: Path, room: int) -> Path:
    """Fill the disk but for `room` bytes."""
    filler = folder / "filler"
    filler.unlink(missing_ok=True)
    with filler.open("wb") as file:
        file.write(b"x" * max(free(folder) - room, 0))
    return filler


def test_a_full_disk_loses_nothing_that_was_acknowledged(
    line: CommandLine, tmp_path: Path, unmounting: Callable[..., None], fault_points: Callable[[str, int], None]
) -> None:
    """Commands on a disk with room for ever less: each is whole or not there, and says what to do."""
    small = tmp_path / "small"
    small.mkdir()
    unmounting("-t", "tmpfs", "-o", f"size={SMALL}k", "tmpfs", small)
    shop = CommandLine(Path(shutil.copytree(line.root, small / "shop")))
    names = ["Первый"]
    shop("lead", "add", names[0])
    shop.process("lead", "list")
    refused = 0
    for pages in range(24):
        filler = leave(small, pages * 4096)
        name = f"Лид {pages} " + "щебень " * 300
        done = shop.process("lead", "add", name, "--ids")
        assert done.code in (0, 9), done
        if done.code == 0:
            names.append(name.strip())
        else:
            refused += 1
            assert "disk is full" in done.err
            assert "Free some space and repeat." in done.err
        filler.unlink()
        assert shop.process("check").code == 0
        shown = [lead["name"] for lead in shop("lead", "list", "--json").json]
        assert shown == names, pages
    assert 0 < refused < 24
    fault_points("rooms on a full disk", 24)


@pytest.fixture
def world(line: CommandLine) -> CommandLine:
    line("lead", "add", "Первый")
    line("deal", "add", "Щебень", "--amount", 100)
    (line.root / "x.csv").write_text("name\nА\n")
    for words in READS:
        line(*words)
    return line


def assert_read_only(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    for words in READS:
        done = run(*words)
        assert (done.returncode, done.stderr.replace("The data is whole: 2 changes.\n", "")) == (0, ""), words
    for words in WRITES:
        done = run(*words)
        assert done.returncode == 5, (words, done)
        assert "No right to write here" in done.stderr
        assert "work on a copy" in done.stderr


def runner(root: Path, *before: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*before, sys.executable, "-m", "crm", *map(str, words)],
            capture_output=True, text=True, cwd=root, env=environment(), check=False,
        )  # fmt: skip

    return run


@pytest.mark.parametrize("has_index", [True, False], ids=["with index", "without index"])
def test_a_folder_that_is_mounted_read_only(
    world: CommandLine, unmounting: Callable[..., None], has_index: bool, fault_points: Callable[[str, int], None]
) -> None:
    if not has_index:
        shutil.rmtree(world.root / "data" / "cache")
    unmounting("--bind", world.root, world.root)
    unmounting("-o", "remount,bind,ro", world.root)
    assert_read_only(runner(world.root))
    fault_points("commands in a read-only mount", len(READS) + len(WRITES))


def test_a_folder_of_somebody_else(world: CommandLine, fault_points: Callable[[str, int], None]) -> None:
    """Whoever may only read reads all of it; root, who may do all, becomes nobody for it."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become somebody else")
    for path in (world.root, *world.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    opened = [path for path in world.root.parents if path.stat().st_mode & 0o755 != 0o755]
    modes = {path: path.stat().st_mode for path in opened}
    try:
        for path in opened:
            path.chmod(path.stat().st_mode | 0o755)
        nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        assert_read_only(runner(world.root, *nobody))
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    fault_points("commands in another's folder", len(READS) + len(WRITES))
