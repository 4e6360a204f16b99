"""The commands of a day: accept, my, calendar, find, convert."""

from __future__ import annotations

from tests.command_line import CommandLine


def test_accept_shows_what_is_known_of_a_client(line: CommandLine) -> None:
    line("contact", "add", "Иван Петров", "--phone", "8 916 123-45-67")
    line("deal", "add", "Щебень", "--contact", "contact/1")
    line("activity", "add", "call", "Уточнить", "--about", "contact/1", "--due", "tomorrow")
    line("activity", "add", "call", "Сделано", "--about", "contact/1", "--set", "result=да")
    line("activity", "done", 2)
    said = line("accept", "+7 916 1234567").lines
    assert said[0].startswith("contact/1 Иван Петров")
    assert [row.split()[0] for row in said[1:]] == ["Phones:", "Owner:", "deal/1", "activity/1"]
    assert line.ids("lead") == []
    assert line("accept", "89161234567", "--json").json["ref"] == "contact/1"
    assert line("accept", "89161234567", "--ids").out == "1\n"


def test_accept_adds_a_lead_else(line: CommandLine) -> None:
    said = line("accept", "Василий", "щебень", "--phone", "8 916 123-45-67", "--source", "call_in")
    assert said.out.startswith("lead/1 Василий щебень")
    assert line.show("lead/1")["source"] == "call_in"
    line("accept", code=2)


def test_my_and_calendar(line: CommandLine) -> None:
    line("activity", "add", "call", "Вчера", "--due", "yesterday")
    line("activity", "add", "call", "Завтра", "--due", "tomorrow", "--owner", "petr")
    rows = line("my", "--json").json
    assert [(row["subject"], row["when"]) for row in rows] == [("Вчера", "overdue")]
    assert [row["subject"] for row in line("my", "--user", "all", "--json").json] == ["Вчера", "Завтра"]
    assert [row["when"] for row in line("my", "--user", "petr", "--day", "tomorrow", "--json").json] == ["today"]
    assert [row["owner"] for row in line("calendar", "--json").json] == ["petr"]


def test_find(line: CommandLine) -> None:
    line("contact", "add", "Иван Петров", "--phone", "8 916 123-45-67")
    line("deal", "add", "Щебень для Петрова")
    assert [row["ref"] for row in line("find", "петров", "--json").json] == ["contact/1", "deal/1"]
    assert [row["ref"] for row in line("find", "петров", "--noun", "contact", "--json").json] == ["contact/1"]
    assert [row["ref"] for row in line("find", "123-45", "--json").json] == ["contact/1"]
    assert line("find", "ничего", "--json").json == []


def test_convert_prints_the_deal_else_the_client(line: CommandLine) -> None:
    for name in "AB":
        line("lead", "add", name)
    assert line("lead", "convert", 1, "--deal").out.startswith("deal/1 A")
    assert line("lead", "convert", 2, "--company", "ООО Ромашка").out.startswith("company/1 ООО Ромашка")


def test_a_stage_holds_the_deals_that_are_open_in_it(line: CommandLine) -> None:
    for title in "АБВ":
        line("deal", "add", title)
    line("deal", "win", 1)
    line("deal", "lose", 2, "--reason", "price")
    assert line("deal", "list", "--stage", "new", "--ids").out.split() == ["3"]
    assert line("deal", "list", "--stage", "new", "--outcome", "won", "--ids").out.split() == ["1"]
    assert line("deal", "list", "--stage", "lost", "--ids").out.split() == ["2"]
    assert line("deal", "list", "--where", "stage = new", "--ids").out.split() == ["1", "2", "3"]
