from __future__ import annotations

import pytest

from crm.entrance import open_workspace
from crm.sales.nearness import nearness
from tests.command_line import CommandLine


@pytest.mark.parametrize(
    ("text", "name", "near"),
    [
        ("deal 5", "Deal 5", 0), ("ёлка", "Елка", 0), ("роза", "«Роза» и Ко", 1), ("deal 5", "Deal 51", 3),
        ("иван петров", "Петров Сергей Иван", 2), ("", "x", 3), ("?", "x", 3),
    ],
)  # fmt: skip
def test_the_name_itself_is_the_nearest(text: str, name: str, near: int) -> None:
    assert nearness(text, name) == near


def test_who_is_called_so_is_found_among_thousands(line: CommandLine) -> None:
    with open_workspace(line.root, actor="olga") as crm:
        with crm.transaction("many"):
            for number in range(1500):
                crm.deals.add(title=f"Deal {number}")
        assert next(record.label for record in crm.find("deal 5", limit=3)) == "Deal 5"
        assert [record.label for record in crm.find("deal 51", limit=1)] == ["Deal 51"]


def test_what_others_have_hides_nothing_of_ones_own(line: CommandLine) -> None:
    line("user", "add", "Ольга", "--login", "olga", "--role", "admin")
    line("user", "add", "Иван", "--login", "ivan", "--role", "manager")
    access = line.root / "config" / "access.yaml"
    access.write_text(access.read_text(encoding="utf-8").replace("read: all", "read: own"), encoding="utf-8")
    with open_workspace(line.root, actor="olga") as crm, crm.transaction("many"):
        crm.deals.add(title="Deal of Ivan", owner="ivan")
        for number in range(300):
            crm.deals.add(title=f"Deal {number}", owner="olga")
    with open_workspace(line.root, actor="ivan") as crm:
        assert [record.label for record in crm.find("deal", limit=5)] == ["Deal of Ivan"]
