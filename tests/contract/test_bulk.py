"""Bulk verbs: ids as arguments or on stdin, one command is one change and one undo."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine


@pytest.fixture
def deals(line: CommandLine) -> CommandLine:
    for title in "ABC":
        line("deal", "add", title)
    return line


def stages(line: CommandLine) -> list[str]:
    return [doc["stage"] for doc in line("deal", "list", "--json").json]


@pytest.mark.parametrize("given", ["1\n2\n3\n", "deal/1\ndeal/2\ndeal/3\n", "1\n\ndeal/2\r\n 3"])
def test_ids_and_refs_from_stdin(deals: CommandLine, given: str) -> None:
    deals("deal", "move", "-", "proposal", stdin=given)
    assert stages(deals) == ["proposal"] * 3


def test_ids_as_arguments(deals: CommandLine) -> None:
    ended = deals("deal", "move", 1, "deal/3", "proposal")
    assert [text.split(" ")[0] for text in ended.lines] == ["deal/1", "deal/3"]
    assert stages(deals) == ["proposal", "new", "proposal"]


def test_a_bulk_command_is_one_change_and_one_undo(deals: CommandLine) -> None:
    before = deals.number()
    deals("deal", "move", "-", "proposal", stdin="1\n2\n3\n")
    assert deals.number() == before + 1
    deals("undo")
    assert stages(deals) == ["new"] * 3
    deals("redo")
    assert stages(deals) == ["proposal"] * 3


def test_a_bulk_command_is_all_or_nothing(deals: CommandLine) -> None:
    deals("deal", "win", 2)
    truth = deals.journal()
    ended = deals("deal", "move", 1, 2, 3, "proposal", code=5)
    assert ended.out == ""
    assert "deal/2" in ended.err
    deals("deal", "move", 1, 99, "proposal", code=3)
    assert deals.journal() == truth


def test_no_ids_do_nothing_and_say_so(deals: CommandLine) -> None:
    truth = deals.journal()
    ended = deals("deal", "move", "-", "proposal", stdin="")
    assert ended.out == ""
    assert ended.err
    assert deals.journal() == truth


def test_bulk_json_is_an_array_and_bulk_ids_are_lines(deals: CommandLine) -> None:
    assert [doc["ref"] for doc in deals("deal", "assign", 1, 2, "petr", "--json").json] == ["deal/1", "deal/2"]
    assert deals.ids("deal", "set", 1, 2, "comment=да") == [1, 2]


def test_every_verb_of_many_takes_stdin(deals: CommandLine) -> None:
    deals("deal", "set", "-", "comment=да", stdin="1\n2\n")
    deals("deal", "win", "-", stdin="1\n")
    deals("deal", "lose", "-", "--reason", "price", stdin="2\n")
    deals("deal", "reopen", "-", stdin="1\n2\n")
    deals("deal", "delete", "-", stdin="1\n2\n")
    deals("deal", "restore", "-", stdin="1\n")
    deals("trash", "restore", "-", stdin="deal/2\n")
    deals("deal", "assign", "-", "petr", stdin="1\n2\n3\n")
    for name in ("A", "B"):
        deals("lead", "add", name)
        deals("activity", "add", "call", name)
    deals("lead", "qualify", "-", stdin="1\n2\n")
    deals("lead", "reject", "-", "--reason", "spam", stdin="2\n")
    deals("activity", "done", "-", stdin="1\nactivity/2\n")
    assert [doc["owner"] for doc in deals("deal", "list", "--json").json] == ["petr"] * 3


def test_a_list_pipes_into_a_verb(deals: CommandLine) -> None:
    ended = deals.shell("crm deal list --stage new --ids | crm deal move - qualified --ids")
    assert (ended.code, ended.out) == (0, "1\n2\n3\n")
    assert stages(deals) == ["qualified"] * 3
