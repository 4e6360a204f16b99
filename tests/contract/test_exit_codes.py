"""Each exit code is given once at least; an error is one or two lines on stderr and nothing on stdout."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from tests.command_line import CommandLine, Result

BAD_PLUGIN = '''"""A plugin that checks."""
from crm import Refused, hookimpl


@hookimpl
def check_change(crm, change):
    if change.command == "deal win":
        raise Refused("Not on a Friday.")
    if change.command == "deal lose":
        raise ZeroDivisionError("oops")
'''


def told(ended: Result) -> str:
    """Return what an error says, after checking its form."""
    assert ended.out == ""
    assert ended.err.startswith("crm: ")
    assert 1 <= len(ended.err.splitlines()) <= 2, ended.err
    return ended.err


def test_0_done(line: CommandLine) -> None:
    assert line("deal", "add", "Щебень").err == ""
    assert line("deal").code == 0


def test_1_a_bug(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm.sales.deals import Deals

    line("deal", "add", "Щебень")

    def broken(*_words: object, **_more: object) -> None:
        raise RuntimeError("kaboom")

    monkeypatch.setattr(Deals, "move", broken)
    ended = line("deal", "move", 1, "proposal", code=1)
    assert "kaboom" in told(ended)
    log = (line.root / "data" / "log" / "crm.log").read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "kaboom" in log
    assert "data/log" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["deal", "nonsense"],
        ["deal", "list", "--nonsense"],
        ["deal", "show"],
        ["deal", "set", "1"],
        ["deal", "set", "comment=да"],
        ["deal", "move", "1"],
        ["deal", "lose", "1"],
        ["deal", "list", "--limit", "-1"],
        ["deal", "add", "Щебень", "--set", "comment"],
        ["find"],
        ["diff"],
        ["completion", "csh"],
    ],
)
def test_2_wrong_usage(line: CommandLine, words: list[str]) -> None:
    line("deal", "add", "Щебень")
    told(line(*words, code=2))


def test_2_names_what_was_meant(line: CommandLine) -> None:
    assert "deal" in line("dael", code=2).err
    assert "convert" in line("lead", "covnert", code=2).err


@pytest.mark.parametrize(
    "words",
    [
        ["deal", "show", "99"],
        ["deal", "show", "lead/1"],
        ["deal", "show", "nonsense"],
        ["deal", "set", "99", "comment=да"],
        ["deal", "add", "Щебень", "--company", "ООО Нет такой"],
        ["log", "--ref", "deal/99"],
        ["undo", "--ref", "deal/99"],
        ["redo"],
        ["plugin", "show", "nonsense"],
        ["import", "nowhere.csv", "--into", "lead"],
        ["deal", "assign", "1", "nobody"],
    ],
)
def test_3_not_found(line: CommandLine, words: list[str]) -> None:
    line("user", "add", "Ольга", "--login", "olga", "--role", "admin")
    line("deal", "add", "Щебень")
    told(line(*words, code=3))


@pytest.mark.parametrize(
    "words",
    [
        ["deal", "add"],
        ["deal", "set", "1", "amount=много"],
        ["deal", "set", "1", "nonsense=да"],
        ["deal", "set", "1", "expected_close=однажды"],
        ["deal", "set", "1", "probability=half"],
        ["deal", "move", "1", "nonsense"],
        ["deal", "add", "Щебень", "--amount", "10 EURO"],
        ["lead", "add", "A", "--email", "не адрес"],
        ["deal", "list", "--where", "nonsense = 1"],
        ["deal", "show", "1", "--as-of", "2026-13-45"],
    ],
)
def test_4_invalid_value(line: CommandLine, words: list[str]) -> None:
    line("deal", "add", "Щебень")
    truth = line.journal()
    told(line(*words, code=4))
    assert line.journal() == truth


def test_5_refused_by_rights(line: CommandLine) -> None:
    line("user", "add", "Ольга", "--login", "olga", "--role", "admin")
    line("user", "add", "Пётр", "--login", "petr", "--role", "manager")
    line("deal", "add", "Щебень")
    assert "petr" in told(line("deal", "delete", 1, user="petr", code=5))


def test_5_refused_by_a_rule(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    line("deal", "win", 1)
    assert "reopen" in told(line("deal", "move", 1, "proposal", code=5))
    told(line("deal", "set", 1, "outcome=lost", code=5))
    for number in range(6):
        line("contact", "add", f"Иван {number}")
    line("deal", "link", 1, *(f"contact/{number}" for number in range(1, 6)))
    assert "5" in line("deal", "link", 1, "contact/6", code=5).err


def test_5_refused_by_a_plugin_and_7_when_it_fails(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_PLUGINS")
    (line.root / "config" / "plugins").mkdir()
    (line.root / "config" / "plugins" / "friday.py").write_text(BAD_PLUGIN, encoding="utf-8")
    line("deal", "add", "Щебень")
    truth = line.journal()
    assert "Not on a Friday." in told(line("deal", "win", 1, code=5))
    failed = told(line("deal", "lose", 1, "--reason", "price", code=7))
    assert "friday" in failed
    assert "ZeroDivisionError" in failed
    assert line.journal() == truth


def test_6_a_stale_edit(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    line("deal", "set", 1, "comment=да")
    assert "--rev 2" in told(line("deal", "set", 1, "comment=нет", "--rev", 1, code=6))


def test_6_a_busy_workspace_names_who_holds_it(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm.store.commit import Store

    line("deal", "add", "Щебень")
    made = Store.__init__

    def impatient(*words: object, **more: object) -> None:
        made(*words, **{**more, "wait": 0.0})  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "__init__", impatient)
    held = os.open(line.root / "data" / ".lock", os.O_RDWR | os.O_CREAT)
    os.pwrite(held, b"petr: import (pid 77)".ljust(120) + b"\n", 0)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        assert "petr: import (pid 77)" in told(line("deal", "win", 1, code=6))
        assert line.show("deal/1")["outcome"] is None, "readers take no lock"
    finally:
        os.close(held)
    line("deal", "win", 1)


def test_8_damaged_data_names_file_and_record(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    table = next((line.root / "data" / "tables" / "deals").rglob("*.json"))
    table.write_bytes(table.read_bytes().replace("Щебень".encode(), "Песок".encode()))
    rows = line("check", "--json", code=8).json
    assert rows[0]["file"].endswith(table.name)
    assert rows[0]["what"]


def test_8_an_unknown_version(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    (line.root / "data" / "format").write_text("99\n")
    assert "99" in told(line("deal", code=8))


def test_9_a_full_disk(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from crm.store import disk

    line("deal", "add", "Щебень")
    truth = line.journal()

    def full(*_words: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "write_all", full)
        told(line("deal", "win", 1, code=9))
    assert line.journal() == truth
    line("deal", "win", 1)


def test_an_error_of_a_read_with_json_prints_no_json(line: CommandLine) -> None:
    for words in (["deal", "show", "99", "--json"], ["deal", "list", "--where", "x =", "--json"]):
        assert line(*words, code=None).out == ""


def test_a_bulk_of_good_and_bad_prints_nothing(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    told(line("deal", "show", 1, 99, "--json", code=3))


def test_errors_are_in_the_language_asked_for_and_codes_are_not(line: CommandLine) -> None:
    for language in ("ru", "uk", "en"):
        assert line.bare("--lang", language, "-w", line.root, "deal", "show", 99, code=3).err


def test_stdout_of_a_log_that_cannot_be_written_is_still_clean(line: CommandLine, tmp_path: Path) -> None:
    ended = line.process("deal", "show", "99", "--json", cwd=line.root)
    assert (ended.code, ended.out) == (3, "")
    assert json.loads(line.process("deal", "list", "--json").out) == []
