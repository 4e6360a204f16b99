"""`crm pipeline`: showing, checking and changing pipelines."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine


def test_list_and_show(line: CommandLine) -> None:
    assert [row["id"] for row in line("pipeline", "--json").json] == ["sales", "service"]
    line("deal", "add", "A", "--stage", "proposal")
    shown = line("pipeline", "show", "--json").json
    assert (shown["id"], [row["deals"] for row in shown["stages"]]) == ("sales", [0, 0, 1, 0, 0])
    assert len(line("pipeline", "show", "service").lines) == 5
    line("pipeline", "show", "nothing", code=4)


def test_changing_the_stages_keeps_the_deals(line: CommandLine) -> None:
    line("deal", "add", "A", "--stage", "proposal")
    assert line("pipeline", "rename", "proposal", "Offer").out == "proposal Offer\n"
    assert line("pipeline", "reorder", "proposal").out == "new qualified invoice signing proposal\n"
    assert "meeting" in line("pipeline", "add-stage", "meeting", "Meeting", "--before", "invoice").out
    assert line("pipeline", "check", "--json").json == []
    assert "Offer" in line("deal", "move", 1, "meeting", "--dry-run").out + line("pipeline", "show").out
    line("deal", "move", 1, "Meeting")
    assert line.show("deal/1")["stage"] == "meeting"


def test_the_comments_of_the_file_stay(line: CommandLine) -> None:
    line("pipeline", "rename", "new", "Fresh")
    text = (line.root / "config" / "pipelines.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Pipelines (воронки)")
    assert "Fresh" in text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["rename", "new", ""], 4),
        (["rename", "new", "  "], 4),
        (["add-stage", "meeting", ""], 4),
        (["reorder", "new", "--before", "new"], 4),
        (["reorder", "nothing"], 4),
        (["rename", "new", "A", "--pipeline", "nothing"], 4),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(line: CommandLine, words: list[str], code: int) -> None:
    path = line.root / "config" / "pipelines.yaml"
    before = path.read_bytes()
    ended = line("pipeline", *words, code=code)
    assert len(ended.err.splitlines()) == 1
    assert path.read_bytes() == before


def test_a_change_is_printed_as_asked(line: CommandLine) -> None:
    assert line("pipeline", "rename", "new", "Fresh", "--ids").out == "new\n"
    assert line("pipeline", "reorder", "new", "--json").json["stages"][-1]["id"] == "new"
    assert (
        line("pipeline", "add-stage", "meeting", "Meeting", "--dry-run", "--json").json["stages"][-1]["id"] == "meeting"
    )
    assert [stage["id"] for stage in line("pipeline", "show", "--json").json["stages"]][-1] == "new"


def test_a_pipeline_shows_the_count_and_sum_of_each_stage_and_outcome(line: CommandLine) -> None:
    for title, amount in (("A", "100"), ("B", "50.50"), ("C", "7"), ("D", "9 XAU")):
        line("deal", "add", title, "--amount", amount)
    line("deal", "win", 3)
    shown = line("pipeline", "show", "--json")
    assert (shown.json["stages"][0]["deals"], shown.json["stages"][0]["sum"]["amount"]) == (3, "150.50")
    assert (shown.json["won"]["deals"], shown.json["won"]["sum"]["amount"]) == (1, "7.00")
    assert shown.json["lost"]["deals"] == 0
    assert "XAU" in shown.err
    assert line("pipeline", "show").lines[1].split("\t")[-2:] == ["3", "150.50 RUB"]
