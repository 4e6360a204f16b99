"""What is reckoned once: kept until the next change, by whoever it is made; never older than the index."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tinydb.queries import where

from crm import open_workspace
from crm.store.memo import MOST, Memo
from crm.workspace import Workspace


@pytest.fixture
def other(sales: Workspace) -> Iterator[Workspace]:
    with open_workspace(sales.root, actor="olga") as crm:
        yield crm


def test_an_answer_is_found_once_until_something_changes(sales: Workspace) -> None:
    asked: list[int] = []

    def answer() -> int:
        asked.append(1)
        return sales.deals.count()

    assert [sales.remembered("deals", answer) for _time in range(3)] == [0, 0, 0]
    sales.deals.add(title="Щебень")
    assert [sales.remembered("deals", answer) for _time in range(3)] == [1, 1, 1]
    assert len(asked) == 2


def test_counts_and_sums_follow_the_change_of_another(sales: Workspace, other: Workspace) -> None:
    for crm in (sales, other):
        assert (crm.deals.count(), crm.deals.totals(money="amount")) == (0, [])
    other.deals.add(title="Щебень", amount=100)
    sales.store.refresh()
    assert sales.deals.count(where("owner") == "olga") == 1
    assert [group.minor for group in sales.deals.totals(money="amount")] == [1_000_000]


def test_an_answer_belongs_to_who_asks(sales: Workspace) -> None:
    assert sales.remembered("who", lambda: sales.actor) == "olga"
    sales.act_as("petr")
    assert sales.remembered("who", lambda: sales.actor) == "petr"


def test_within_a_change_set_it_is_reckoned_anew(sales: Workspace) -> None:
    answers = iter(range(3))
    with sales.transaction("twice"):
        assert [sales.remembered("n", lambda: next(answers)) for _time in range(2)] == [0, 1]
    assert [sales.remembered("n", lambda: next(answers)) for _time in range(2)] == [2, 2]


def test_what_was_asked_before_a_change_is_not_kept_behind_it(sales: Workspace) -> None:
    def answer() -> int:
        found = sales.deals.count()
        sales.deals.add(title="Щебень")
        return found

    assert sales.store.index.memo.recall(sales.store.index, "late", answer) == 0
    assert sales.store.index.memo.recall(sales.store.index, "late", lambda: 5) == 5


def test_the_number_of_answers_is_bounded(sales: Workspace) -> None:
    memo, index = Memo(), sales.store.index
    for number in range(MOST + 1):
        memo.recall(index, number, lambda: "first")
    assert memo.recall(index, 0, lambda: "again") == "again"


def test_the_first_records_of_groups_come_with_their_numbers(sales: Workspace) -> None:
    for owner, titles in (("olga", "вбаг"), ("petr", "я")):
        for title in titles:
            sales.deals.add(title=title, owner=owner)
    found = sales.deals.leading("owner", limit=2, sort="title", query=where("title") != "г")
    assert [(led.by, led.count, [one.title for one in led.records]) for led in found] == [
        (("olga",), 3, ["а", "б"]),
        (("petr",), 1, ["я"]),
    ]
