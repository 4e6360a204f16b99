"""A store of a plugin: a workspace that the settings send elsewhere works as one with its own files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm.settings_file import change_setting
from tests.command_line import CommandLine

MIRROR = '''"""Every change is told to a second disk too."""

import json
from pathlib import Path

from crm import hookimpl
from crm.store.commit import Store


class Mirrored(Store):
    second = Path()

    def commit(self, draft):
        line = super().commit(draft)
        if line is not None:
            with (self.second / "journal").open("a", encoding="utf-8") as file:
                file.write(json.dumps([line.n, line.command]) + "\\n")
        return line


def opened(root, address, kinds, mending=False):
    store = Mirrored(root / "data", kinds, mending=mending)
    store.second = Path(address.partition(":")[2])
    if not store.second.is_dir():
        raise OSError(f"{store.second} is away")
    return store


@hookimpl
def register_stores(register):
    register("mirror", opened)
'''


@pytest.fixture
def mirrored(line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CRM_PLUGINS")
    folder = line.root / "config" / "plugins"
    folder.mkdir(exist_ok=True)
    (folder / "mirror.py").write_text(MIRROR, encoding="utf-8")
    second = tmp_path / "second"
    second.mkdir()
    change_setting(line.root / "config" / "crm.yaml", ("store",), f"mirror:{second}")
    return second


def test_a_plugin_s_store_keeps_the_records(line: CommandLine, mirrored: Path) -> None:
    line("deal", "add", "Щебень")
    line("deal", "win", 1)
    line("undo")
    told = [json.loads(row)[1] for row in (mirrored / "journal").read_text(encoding="utf-8").splitlines()]
    assert [command for command in told if command.startswith(("deal", "undo"))] == ["deal add", "deal win", "undo"]
    assert line.show("deal/1")["outcome"] is None
    assert line("deal", "show", 1, "--as-of", "today", "--json").json["title"] == "Щебень"
    line("check")


def test_a_store_that_does_not_open_is_the_plugin_s_failure(line: CommandLine, mirrored: Path) -> None:
    mirrored.rmdir()
    err = line("deal", "add", "Щебень", code=7).err
    assert "«mirror»" in err
    assert "is away" in err


def test_a_store_that_nobody_brings_is_told(line: CommandLine) -> None:
    change_setting(line.root / "config" / "crm.yaml", ("store",), "postgresql://localhost/crm")
    assert "no plugin brings stores of the kind «postgresql»" in line("deal", "add", "Щебень", code=3).err
