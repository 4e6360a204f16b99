"""What reads and writes print: JSON, lines of JSON, CSV, ids, tab-separated text, and a table for a terminal."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from datetime import datetime

import pytest

from tests.command_line import CommandLine, environment


@pytest.fixture
def deals(line: CommandLine) -> CommandLine:
    line("deal", "add", "Щебень", "--amount", "1500", "--comment", "два\tслова\nи строка")
    line("deal", "add", "Песок, мытый", "--amount", "10 USD")
    return line


def test_json_of_a_list_is_one_array(deals: CommandLine) -> None:
    rows = deals("deal", "list", "--json").json
    assert [row["ref"] for row in rows] == ["deal/1", "deal/2"]
    assert deals("lead", "list", "--json").json == []


def test_json_of_a_show_is_one_object(deals: CommandLine) -> None:
    doc = deals("deal", "show", 1, "--json").json
    assert list(doc)[:6] == ["id", "ref", "rev", "created", "updated", "owner"]
    assert (doc["id"], doc["ref"], doc["rev"], doc["owner"]) == (1, "deal/1", 1, "olga")
    assert doc["amount"] == {"amount": "1500.00", "currency": "RUB"}
    for name in ("created", "updated"):
        assert datetime.fromisoformat(doc[name]).utcoffset() is not None


def test_nl_is_one_object_a_line(deals: CommandLine) -> None:
    lines = deals("deal", "list", "--nl").lines
    assert [json.loads(text) for text in lines] == deals("deal", "list", "--json").json
    assert json.loads(deals("deal", "show", 1, "--nl").out)["id"] == 1


def test_csv_has_a_header_and_every_field(deals: CommandLine) -> None:
    rows = list(csv.DictReader(io.StringIO(deals("deal", "list", "--csv").out)))
    assert [(row["id"], row["title"]) for row in rows] == [("1", "Щебень"), ("2", "Песок, мытый")]
    assert {"stage", "amount", "owner", "comment", "probability"} <= rows[0].keys()
    assert rows[1]["amount"] == "10.00 USD"
    shown = next(csv.DictReader(io.StringIO(deals("deal", "show", 2, "--csv").out)))
    assert shown["title"] == "Песок, мытый"


def test_ids_are_one_a_line(deals: CommandLine) -> None:
    assert deals("deal", "list", "--ids").out == "1\n2\n"
    assert deals("deal", "show", 2, "--ids").out == "2\n"
    assert deals("lead", "list", "--ids").out == ""


def test_piped_output_is_tab_separated_with_a_header(deals: CommandLine) -> None:
    lines = [text.split("\t") for text in deals("deal", "list").lines]
    assert lines[0][:3] == ["id", "owner", "title"]
    assert {len(cells) for cells in lines} == {len(lines[0])}
    assert lines[2][2] == "Песок, мытый"
    assert deals("lead", "list").lines == [deals("lead", "list").lines[0]], "a header without rows"
    assert "\x1b" not in deals("deal", "list").out


def test_piped_show_is_a_field_a_line(deals: CommandLine) -> None:
    shown = dict(text.split("\t", 1) for text in deals("deal", "show", 1).lines)
    assert shown["title"] == "Щебень"
    assert shown["comment"] == "два слова и строка"


def test_a_terminal_gets_a_table(deals: CommandLine) -> None:
    told = _on_a_terminal(deals, "deal", "list")
    assert "Щебень" in told
    assert "\t" not in told


def test_a_terminal_is_limited_to_50_and_told_so(line: CommandLine) -> None:
    line("product", "add", "P0")
    with _opened(line) as crm, crm.transaction("many"):
        for number in range(1, 60):
            crm.products.add(name=f"P{number}")
    told = _on_a_terminal(line, "product", "list")
    assert "P49" in told
    assert "P50" not in told
    assert "--all" in told
    assert "P59" in _on_a_terminal(line, "product", "list", "--all")
    assert len(line.ids("product", "list")) == 60
    assert len(line.ids("product", "list", "--limit", 3)) == 3


def _opened(line: CommandLine):  # type: ignore[no-untyped-def]
    from crm import open_workspace

    return open_workspace(line.root, actor="olga")


def _on_a_terminal(line: CommandLine, *words: str) -> str:
    """Return what a command shows on a terminal 200 columns wide."""
    leader, follower = pty.openpty()
    env = environment({"COLUMNS": "200", "LINES": "50", "TERM": "xterm"})
    with subprocess.Popen(
        [sys.executable, "-m", "crm", *words], stdin=follower, stdout=follower, stderr=follower, env=env, cwd=line.root
    ) as process:
        os.close(follower)
        told = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            told += piece
        process.wait(60)
    os.close(leader)
    assert process.returncode == 0, told
    return told.decode()


def test_a_write_prints_one_line_that_names_the_record(line: CommandLine) -> None:
    for words in (
        ["deal", "add", "Щебень"],
        ["deal", "set", 1, "comment=да"],
        ["deal", "move", 1, "proposal"],
        ["deal", "win", 1],
        ["deal", "reopen", 1],
        ["deal", "assign", 1, "petr"],
        ["deal", "delete", 1],
        ["deal", "restore", 1],
    ):
        ended = line(*words)
        assert len(ended.lines) == 1
        assert ended.out.startswith("deal/1 "), ended


def test_a_write_with_json_prints_the_whole_record(line: CommandLine) -> None:
    made = line("deal", "add", "Щебень", "--json").json
    assert made == line.show("deal/1")
    moved = line("deal", "move", 1, "proposal", "--json").json
    assert (moved["stage"], moved["rev"]) == ("proposal", 2)
    assert moved == line.show("deal/1")


def test_a_write_with_ids_prints_the_id_alone(line: CommandLine) -> None:
    assert line("deal", "add", "Щебень", "--ids").out == "1\n"
    assert line("deal", "move", 1, "proposal", "--ids").out == "1\n"


def test_links_are_refs_and_custom_fields_stand_beside_the_others(line: CommandLine) -> None:
    (line.root / "config" / "fields.yaml").write_text("deal:\n  - {name: delivery_date, type: date}\n")
    line("company", "add", "ООО Ромашка")
    line("contact", "add", "Иван Петров", "--company", "ООО Ромашка")
    line("deal", "add", "Щебень", "--company", "company/1", "--contact", "Петров", "--set", "delivery_date=2026-12-01")
    doc = line.show("deal/1")
    assert (doc["company"], doc["contacts"], doc["delivery_date"]) == ("company/1", ["contact/1"], "2026-12-01")


def test_all_output_options_are_on_every_read(line: CommandLine) -> None:
    line("lead", "add", "A")
    for words in (["lead", "list"], ["lead", "history", 1], ["my"], ["find", "A"], ["log"], ["trash", "list"]):
        assert isinstance(line(*words, "--json").json, list)
        for form in ("--nl", "--csv", "--ids"):
            line(*words, form)
