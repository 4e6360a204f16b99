"""`crm accept`: a stranger becomes a lead, of a client everything known is shown (T9, T10); simple mode (S1, S2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import CommandLine


def test_of_a_known_client_his_data_is_shown(line: CommandLine) -> None:
    line("company", "add", "ООО Ромашка")
    line("contact", "add", "Иван Петров", "--phone", "8 916 123-45-67", "--email", "i@example.ru", "--company", 1)
    line("deal", "add", "Щебень", "--contact", 1, "--company", 1)
    line("deal", "add", "Песок", "--contact", 1)
    line("deal", "win", 2)
    line("activity", "add", "call", "Набрать", "--about", "deal/1", "--due", "tomorrow")
    told = line("accept", "89161234567").out
    for known in (
        "contact/1",
        "+7 916 123-45-67",
        "i@example.ru",
        "ООО Ромашка",
        "deal/1 Щебень",
        "activity/1 Набрать",
    ):
        assert known in told
    doc = line("accept", "89161234567", "--json").json
    assert (doc["ref"], doc["known"], doc["deals"], doc["activities"]) == (
        "contact/1", True, ["deal/1", "deal/2"], ["activity/1"],
    )  # fmt: skip
    assert line.ids("accept", "89161234567") == [1]
    assert line.ids("lead") == []


def test_of_a_stranger_it_is_said_that_he_is_new(line: CommandLine) -> None:
    doc = line("accept", "Василий 8 916 123-45-67", "--source", "Сайт", "--json").json
    assert (doc["ref"], doc["known"], doc["source"]) == ("lead/1", False, "site")


def test_my_of_nobody_is_told(line: CommandLine) -> None:
    line("user", "add", "Пётр", "--login", "petr")
    line("my", "--user", "nobody", code=3)
    assert line("my", "--user", "Пётр", "--json").json == []
    assert line("my", "--user", "all", "--json").json == []


@pytest.fixture
def simple(line: CommandLine) -> CommandLine:
    path: Path = line.root / "config" / "crm.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nmode: classic", "\nmode: simple"), encoding="utf-8")
    return line


def test_without_leads_the_person_in_the_name_becomes_the_contact(simple: CommandLine) -> None:
    simple("lead", "add", "Москва, Василий, щебень", "--phone", "8 916 123-45-67", "--amount", "500")
    deal = simple.show("deal/1")
    assert (deal["title"], deal["amount"]["amount"], deal["contacts"]) == (
        "Москва, Василий, щебень",
        "500.00",
        ["contact/1"],
    )
    assert simple.show("contact/1")["name"] == "Василий"
    assert simple.ids("lead") == []


def test_the_language_of_a_wrong_language(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_LANG", "ru")
    assert "Языка" in line("--lang", "xx", "deal", "list", code=2).err


def test_the_doctor_speaks_one_language(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_LANG", "uk")
    assert "данi" not in line("doctor").out
    assert "дані" in line("doctor").out
