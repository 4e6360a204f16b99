"""Business processes: strict order, deadlines and owners, one at a time, undo, bad files."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine

ROUTINE = """processes:
  - id: delivery
    title: Delivery
    about: [deal]
    steps:
      - {id: address, title: Settle the address, kind: call, days: 0}
      - {id: picking, title: Pick the goods, owner: petr, days: 2}
"""


@pytest.fixture
def shop(line: CommandLine) -> CommandLine:
    (line.root / "config" / "processes.yaml").write_text(ROUTINE)
    line("user", "add", "Ольга", "--login", "olga")
    line("user", "add", "Пётр", "--login", "petr")
    line("deal", "add", "Щебень")
    return line


def states(line: CommandLine, process: int = 1) -> list[str]:
    return [step["state"] for step in line("process", "chain", process, "--json").json["steps"]]


def test_a_step_begins_when_the_one_before_it_is_done(shop: CommandLine) -> None:
    shop("process", "start", "delivery", "--about", "deal/1")
    assert states(shop) == ["current", "ahead"]
    (first,) = shop("activity", "list", "--json").json
    assert (first["kind"], first["about"], first["owner"]) == ("call", "deal/1", "olga")
    shop("activity", "done", 1, "--result", "завтра в 10")
    assert states(shop) == ["done", "current"]
    second = shop.show("activity/2")
    assert (second["owner"], second["done"]) == ("petr", False)
    assert second["due"] > first["due"]
    shop("process", "do", 1, user="petr")
    assert states(shop) == ["done", "done"]
    assert shop.show("process/1")["state"] == "done"
    assert shop.show("activity/2")["done"] is True


def test_another_activity_of_the_deal_moves_nothing(shop: CommandLine) -> None:
    shop("process", "start", "delivery", "--about", "deal/1")
    shop("activity", "add", "call", "Другое", "--about", "deal/1")
    shop("activity", "done", 2)
    assert states(shop) == ["current", "ahead"]


def test_the_chain_is_drawn(shop: CommandLine) -> None:
    shop("process", "start", "delivery", "--about", "deal/1")
    assert "◐ Settle the address ─ ○ Pick the goods" in shop("process", "chain", 1).out
    assert "Settle the address → Pick the goods" in shop("process", "routines").out


def test_undo_of_a_done_step_takes_the_next_one_back(shop: CommandLine) -> None:
    shop("process", "start", "delivery", "--about", "deal/1")
    shop("activity", "done", 1)
    shop("undo")
    assert states(shop) == ["current", "ahead"]
    shop("activity", "show", 2, code=3)


def test_a_step_of_who_has_left_is_taken_over(shop: CommandLine) -> None:
    shop("user", "set", 2, "active=no")
    shop("process", "start", "delivery", "--about", "deal/1")
    shop("activity", "done", 1)
    second = shop.show("activity/2")
    assert second["owner"] == "olga"
    assert "petr" in second["result"]


def test_cancelling_takes_the_open_activity_away(shop: CommandLine) -> None:
    shop("process", "start", "delivery", "--about", "deal/1")
    shop("process", "cancel", 1)
    assert shop("activity", "list", "--ids").out == ""
    shop("process", "do", 1, code=5)
    shop("undo")
    assert states(shop) == ["current", "ahead"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["start", "nonsense", "--about", "deal/1"], 4, "delivery"),
        (["start", "delivery", "--about", "deal/77"], 3, "deal/77"),
        (["start", "delivery", "--about", "company/1"], 5, "deal"),
        (["start", "delivery", "--about", "deal/1"], 5, "process/1"),
        (["chain", 77], 3, "process/77"),
    ],
)
def test_what_cannot_be_started(shop: CommandLine, words: list[object], code: int, said: str) -> None:
    shop("company", "add", "Ромашка")
    shop("process", "start", "delivery", "--about", "deal/1")
    assert said in shop("process", *words, code=code).err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("processes: [{id: a, title: A, steps: []}]", "no steps"),
        ("processes: [{id: a, title: A, steps: [{id: x, title: X}, {id: x, title: Y}]}]", "same id"),
        ("processes: [{id: a, title: A, about: [ship], steps: [{id: x, title: X}]}]", "ship"),
        ("processes: [{id: a, title: A, steps: [{id: x, title: X, kind: dance}]}]", "dance"),
        ("processes: [{id: a, steps: [{id: x, title: X}]}]", "processes.yaml"),
        ("processes: [", "processes.yaml"),
    ],
)
def test_a_bad_file_is_told(shop: CommandLine, text: str, said: str) -> None:
    (shop.root / "config" / "processes.yaml").write_text(text)
    result = shop("process", "routines", code=None)
    assert result.code in (4, 8)
    assert said in result.err


def test_a_step_that_the_file_lost_is_told(shop: CommandLine) -> None:
    shop("process", "start", "delivery", "--about", "deal/1")
    (shop.root / "config" / "processes.yaml").write_text(ROUTINE.replace("id: address", "id: place"))
    assert "address" in shop("process", "do", 1, code=4).err
    shop("process", "cancel", 1)


def test_the_shipped_examples_run(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    names = line("process", "routines", "--ids").lines
    assert names == ["delivery", "signing", "approval", "shipment"]
    for number, name in enumerate(names, 1):
        line("process", "start", name, "--about", "deal/1")
        while line.show(f"process/{number}")["state"] == "running":
            line("process", "do", number)
