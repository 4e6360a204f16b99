"""Days that nobody works in, on the command line."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine

COMMANDS = (
    ("report", "sales", "--from"),
    ("report", "planning", "--to"),
    ("motivator", "--day"),
    ("rules", "test", "--since"),
    ("log", "--since"),
    ("diff", "--from"),
    ("my", "--day"),
    ("calendar", "--from"),
)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_refuses_an_odd_day(line: CommandLine, words: tuple[str, ...], day: str) -> None:
    said = line(*words, day, code=4)
    assert day in said.err
    assert "Traceback" not in said.err


def test_the_trash_is_not_older_than_a_hundred_years(line: CommandLine) -> None:
    assert "36500" in line("trash", "purge", "--days", "99999999", code=4).err
    line("trash", "purge", "--days", "36500")
