"""`crm log`, `crm diff`, `crm undo`, `crm redo`, `crm trash`, histories of records."""

from __future__ import annotations

import json

from tests.command_line import CommandLine


def test_a_record_s_history_is_field_by_field(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    line("deal", "set", 1, "comment=да", "amount=5")
    rows = line("deal", "history", 1).lines
    assert "comment: — → да" in rows[1]
    assert "amount: — → 5.00 RUB" in rows[1]
    lines = line("deal", "history", 1, "--json").json
    assert [one["command"] for one in lines] == ["deal set", "deal add"]
    assert lines[0]["changes"][0]["after"]["comment"] == "да"


def test_the_history_of_one_record_hides_the_others_of_a_bulk(line: CommandLine) -> None:
    for title in "AB":
        line("deal", "add", title)
    line("deal", "set", 1, 2, "comment=да")
    assert [change["ref"] for change in line("deal", "history", 1, "--json").json[0]["changes"]] == ["deal/1"]


def test_the_log_is_narrowed(line: CommandLine) -> None:
    line("deal", "add", "A")
    line("lead", "add", "B", user="petr")
    assert [row["command"] for row in line("log", "--json").json] == ["lead add", "deal add"]
    assert [row["command"] for row in line("log", "--user", "petr", "--json").json] == ["lead add"]
    assert [row["command"] for row in line("log", "--ref", "deal/1", "--json").json] == ["deal add"]
    assert line("log", "--since", "tomorrow", "--json").json == []
    assert len(line("log", "--limit", 1).lines) == 2
    assert [json.loads(row)["n"] for row in line("log", "--nl").lines] == [2, 1]
    assert line("log", "--ids").out == "2\n1\n"


def test_undo_says_what_it_took_back(line: CommandLine) -> None:
    line("deal", "add", "A")
    line("deal", "win", 1)
    assert line("undo").out.startswith("deal/1 — undone: deal win (2)")
    assert line("redo").out.startswith("deal/1 — done again: deal win")
    assert line("undo", "--json").json["refs"] == ["deal/1"]
    assert line("redo", "--ids").out == "deal/1\n"
    line("undo", 77, code=3)
    line("undo", "x", code=4)
    assert line("undo", 2).out.startswith("deal/1 — undone: deal win (2)")
    refused = line("undo", 2, code=5).err
    assert "Change 2 (deal win) was taken back already, by change 7. Do it again with: crm redo 2" in refused
    assert line("redo", 2).out.startswith("deal/1 — done again: deal win (2)")
    assert "Change 2 (deal win) stands" in line("redo", 2, code=5).err
    line("undo", "--ref", "deal/1")
    assert line("redo", "--ref", "deal/1", "--json").json["numbers"] == [2]


def test_undo_of_one_record_and_of_a_number(line: CommandLine) -> None:
    line("deal", "add", "A")
    line("deal", "add", "B")
    line("deal", "set", 1, "comment=да")
    line("deal", "set", 2, "comment=да")
    line("undo", "--ref", "deal/1")
    assert [doc["comment"] for doc in line("deal", "--json").json] == [None, "да"]
    line("undo", 4)
    assert [doc["comment"] for doc in line("deal", "--json").json] == [None, None]


def test_diff_shows_the_net_difference(line: CommandLine) -> None:
    line("deal", "add", "A")
    rows = line("diff", "--from", "2020-01-01", "--json").json
    assert {"ref": "deal/1", "label": "A", "field": "title", "old": None, "new": "A"} in rows
    assert line("diff", "--from", "2020-01-01", "--to", "2020-01-02", "--json").json == []


def test_the_trash(line: CommandLine) -> None:
    line("deal", "add", "A")
    line("lead", "add", "B")
    line("deal", "delete", 1)
    line("lead", "delete", 1)
    assert {row["ref"] for row in line("trash", "--json").json} == {"deal/1", "lead/1"}
    assert line("trash", "restore", "deal/1", "--ids").out == "1\n"
    assert line("trash", "purge").out == ""
    assert line("trash", "purge", "--days", 0, "--ids").out == "lead/1\n"
    line("lead", "show", 1, code=3)
    line("undo")
    assert line.show("lead/1")["deleted"]


def test_a_dry_run_in_json_shows_the_change_as_the_log_would(line: CommandLine) -> None:
    line("deal", "add", "--title", "Щебень")
    drafted = line("deal", "move", 1, "proposal", "--dry-run", "--json").json
    assert drafted["dry_run"] is True
    assert [(one["ref"], one["before"]["stage"], one["after"]["stage"]) for one in drafted["changes"]] == [
        ("deal/1", "new", "proposal")
    ]
    assert line.show("deal/1")["stage"] == "new"


def test_a_record_that_is_named_twice_is_changed_and_printed_once(line: CommandLine) -> None:
    line("deal", "add", "--title", "Щебень")
    assert line("deal", "move", 1, "deal/1", "proposal", "--ids").out.split() == ["1"]
    assert line.show("deal/1")["rev"] == 2
