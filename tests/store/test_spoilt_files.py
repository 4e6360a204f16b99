"""Every file of a workspace emptied, lost, cut or filled with noise: nothing is lost, nothing is a bug."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.conftest import make_workspace

KNOWN = (0, 3, 4, 8)
"""All is well; there is no workspace; a settings file does not fit; the data is damaged. A bug ends with 1."""


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _noise(path: Path) -> None:
    path.write_bytes(random.Random(path.name).randbytes(200))


@pytest.fixture
def shop(tmp_path: Path) -> CommandLine:
    line = CommandLine(make_workspace(tmp_path / "shop"))
    line("lead", "add", "Анна", "--phone", "+79161234567")
    line("company", "add", "Ромашка")
    line("deal", "add", "Окна", "--company", 1, "--amount", 100)
    line("deal", "move", 1, "qualified")
    return line


def _state(line: CommandLine) -> list[object]:
    return [line(noun, "show", 1, "--json").json for noun in ("lead", "company", "deal")]


@pytest.mark.parametrize("spoil", [_emptied, _cut, _noise, Path.unlink])
def test_a_spoilt_file_is_named_and_loses_nothing(
    shop: CommandLine, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    was = _state(shop)
    files = [path.relative_to(shop.root) for path in shop.root.rglob("*") if path.is_file()]
    for name in sorted(files):
        work = CommandLine(tmp_path / "work")
        shutil.copytree(shop.root, work.root)
        spoil(work.root / name)
        for words in (["deal", "list"], ["lead", "add", "Пётр"], ["check"], ["check", "--repair"]):
            told = work(*words, code=None)
            assert told.code in KNOWN, (name, words, told)
            assert told.code != 4 or name.name in told.err, (name, told)
            assert told.code != 3 or name.name == "crm.yaml", (name, told)
        if not told.code:
            assert work("check").code == 0, name
            assert _state(work) == was, name
        else:  # nothing was written over: with the file put back, all is there
            shutil.copy2(shop.root / name, work.root / name)
            assert _state(work) == was, name
        shutil.rmtree(work.root)


def test_the_id_of_a_workspace_is_never_made_anew(shop: CommandLine) -> None:
    data = shop.root / "data"
    for lost in (["workspace-id"], ["workspace-id", "format"]):
        for name in lost:
            (data / name).unlink()
        assert "workspace-id" in shop("check", code=8).out
        assert "backup" in shop("check", "--repair", code=8).out
        assert not (data / "workspace-id").exists()
        shop("lead", "list")
        (data / "workspace-id").write_text("0" * 32)
        shop("check")
