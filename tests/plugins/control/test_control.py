"""`crm control` on a real workspace: the eight variants, levels, explanation, past dates."""

from __future__ import annotations

from typing import Any

import pytest

from crm.plugins.control.variants import VARIANTS
from tests.command_line import CommandLine


@pytest.fixture
def team(line: CommandLine) -> CommandLine:
    """Two people, three clients: Ромашка (olga) is fine, Лютик (petr) has an overdue call, Мак (petr) has no deal."""
    line("user", "add", "Ольга", "--login", "olga", "--department", "sales")
    line("user", "add", "Пётр", "--login", "petr", "--role", "manager")
    for name, owner in (("Ромашка", "olga"), ("Лютик", "petr"), ("Мак", "petr")):
        line("company", "add", name, "--industry", "retail", "--address", "Москва", "--owner", owner)
        line("contact", "add", f"Иван {name}", "--set", f"last_name={name}", "--phone", "8 916 123-45-67",
             "--company", name, "--owner", owner)  # fmt: skip
    line("deal", "add", "Щебень", "--company", "Ромашка", "--owner", "olga")
    line("deal", "add", "Песок", "--company", "Лютик", "--owner", "petr")
    line("activity", "add", "call", "Уточнить", "--about", "deal/1", "--due", "tomorrow", "--owner", "olga")
    line("activity", "add", "call", "Перезвонить", "--about", "deal/2", "--due", "2026-01-12", "--owner", "petr")
    line("activity", "add", "call", "Поговорили", "--about", "deal/1", "--owner", "olga", "--set", "done=yes")
    return line


@pytest.fixture
def rows(team: CommandLine) -> Any:
    return lambda *words: team("control", *words, "--json").json


def test_the_light_of_each_client(rows: Any) -> None:
    assert [(row["ref"], row["light"], row["rules"]) for row in rows()] == [
        ("company/2", "red", ["no_overdue"]),
        ("company/3", "red", ["active_deal"]),
        ("company/1", "green", []),
    ]


def test_touches_per_client(rows: Any) -> None:
    assert [(row["owner"], row["clients"], row["touches"], row["untouched"]) for row in rows("touches")] == [
        ("olga", 1, 1, 0),
        ("petr", 2, 0, 2),
    ]


def test_activities_by_owner(rows: Any) -> None:
    assert [
        (row["owner"], row["light"], row["overdue"], row["planned"], row["done"]) for row in rows("activities")
    ] == [
        ("olga", "green", 0, 1, 1),
        ("petr", "red", 1, 0, 0),
    ]


def test_warm_clients_were_reached_lately(rows: Any) -> None:
    assert [(row["ref"], row["touches"], row["deals"]) for row in rows("warm")] == [("company/1", 1, ["deal/1"])]


def test_open_deals_the_worst_first(rows: Any) -> None:
    assert [(row["ref"], row["light"], row["rules"]) for row in rows("deals")] == [
        ("deal/2", "red", ["no_overdue"]),
        ("deal/1", "green", []),
    ]


def test_clients_by_colour(rows: Any) -> None:
    assert [(row["owner"], row["red"], row["yellow"], row["green"]) for row in rows("clients")] == [
        ("olga", 0, 0, 1),
        ("petr", 2, 0, 0),
    ]


def test_clients_with_their_deals(rows: Any) -> None:
    assert [(row["client"], row["ref"]) for row in rows("clients-deals")] == [
        ("company/1", "company/1"), ("company/1", "deal/1"), ("company/2", "company/2"), ("company/2", "deal/2"),
        ("company/3", "company/3"),
    ]  # fmt: skip


def test_the_funnel_in_detail(rows: Any) -> None:
    (stage,) = rows("funnel")
    assert (stage["deals"], stage["red"], stage["green"], stage["refs"]) == (2, 1, 1, ["deal/1", "deal/2"])


def test_there_are_the_base_light_and_seven_variants() -> None:
    assert len(VARIANTS) == 8


@pytest.mark.parametrize(
    ("words", "refs"),
    [
        (["--level", "own"], ["company/1"]),
        (["--level", "department"], ["company/2", "company/3", "company/1"]),
        (["--level", "company"], ["company/2", "company/3", "company/1"]),
        (["--department", "sales"], ["company/2", "company/3", "company/1"]),
        (["--owner", "petr"], ["company/2", "company/3"]),
        (["--color", "green"], ["company/1"]),
    ],
)
def test_levels(rows: Any, words: list[str], refs: list[str]) -> None:
    assert [row["ref"] for row in rows(*words)] == refs


def test_a_light_explains_itself(team: CommandLine) -> None:
    light = team("control", "--explain", "company/2", "--json").json
    assert light["light"] == "red"
    overdue = next(one for one in light["findings"] if one["rule"] == "no_overdue")
    assert overdue["refs"] == ["activity/2"]
    assert overdue["threshold"]
    assert "crm activity done 2" in overdue["advice"]
    assert "next_activity" in team("control", "--explain", "deal/1").out


def test_the_light_of_a_past_day(team: CommandLine) -> None:
    assert team("control", "--as-of", "2026-01-01", "--json").json == []


def test_thresholds_are_read_from_the_settings(team: CommandLine) -> None:
    (team.root / "config" / "control.yaml").write_text("client: {no_overdue: yellow}\n", "utf-8")
    assert team("control", "--color", "yellow", "--ids").out == "company/2\n"
    (team.root / "config" / "control.yaml").write_text("client: {no_overdue: blue}\n", "utf-8")
    assert "control.yaml" in team("control", code=4).err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nonsense"], 4, "clients-deals"),
        (["--explain", "deal/77"], 3, "deal/77"),
        (["--explain", "activity/1"], 4, "no light"),
        (["--owner", "petr", "--department", "sales"], 2, "--owner"),
    ],
)
def test_bad_questions(team: CommandLine, words: list[str], code: int, said: str) -> None:
    assert said in team("control", *words, code=code).err


def test_a_person_without_a_department_is_told(team: CommandLine) -> None:
    assert len(team("control", "--level", "department", "--json", user="petr").json) == 3, "the only department"
    departments = team.root / "config" / "departments.yaml"
    departments.write_text("departments: [{id: sales, title: Sales}, {id: service, title: Service}]\n", "utf-8")
    assert "department" in team("control", "--level", "department", user="petr", code=5).err
