"""`crm pipeline`: showing, checking and changing pipelines."""

from __future__ import annotations

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
