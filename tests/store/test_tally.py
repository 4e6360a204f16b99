from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tinydb.queries import where

from crm.store import tally
from crm.store.commit import Store
from crm.store.index import Index
from crm.store.select import Selection, count, totals
from tests.store.shelf import assert_agrees, open_store, write

RUB, USD = ({"amount": "10.50", "currency": code} for code in ("RUB", "USD"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "data")) as opened:
        write(opened, lambda draft: [draft.create("deal", {"stage": "new", "amount": RUB}) for _n in range(3)])
        write(opened, lambda draft: draft.create("deal", {"stage": "won", "amount": USD, "count": 1}))
        yield opened


LIVING = Selection()


def sums(store: Store, selection: Selection = LIVING) -> set[tuple[object, ...]]:
    rows = totals(store.index, store.kinds["deal"], selection, ("stage",), "amount")
    return {(*by, currency, number, minor) for by, currency, number, minor in rows}


def questions(index: Index) -> list[str]:
    asked: list[str] = []
    index.db.set_trace_callback(asked.append)
    return asked


def test_numbers_and_sums_are_ready(store: Store) -> None:
    asked = questions(store.index)
    assert sums(store) == {("new", "RUB", 3, 315000), ("won", "USD", 1, 105000)}
    assert count(store.index, store.kinds["deal"], Selection(where("stage") == "new")) == 3
    assert not any("doc_deal" in sql for sql in asked)


def test_changes_are_counted_at_once(store: Store) -> None:
    write(store, lambda draft: draft.update("deal", 1, {"stage": "won", "amount": USD}))
    write(store, lambda draft: draft.update("deal", 2, {"deleted": "2026-01-02T00:00:00+00:00"}))
    write(store, lambda draft: draft.update("deal", 3, {"amount": None}))
    assert sums(store) == {("new", None, 1, 0), ("won", "USD", 2, 210000)}
    assert sums(store, Selection(trashed=True)) == {("new", "RUB", 1, 105000)}
    write(store, lambda draft: draft.remove("deal", 3))
    assert sums(store) == {("won", "USD", 2, 210000)}
    assert_agrees(store)


def test_a_line_that_is_applied_again_is_counted_once(store: Store) -> None:
    line, end = list(store.journal.read(store.journal.find(1) or store.index.position()))[-1]
    store.apply(line, end)
    assert_agrees(store)


def test_what_is_not_counted_is_read(store: Store) -> None:
    asked = questions(store.index)
    assert sums(store, Selection(where("count") == 1)) == {("won", "USD", 1, 105000)}
    assert sums(store, Selection(where("name").exists() | where("other").exists())) == set()
    assert all("tally_deal" not in sql for sql in asked)


def test_a_tally_that_is_wrong_is_found(store: Store) -> None:
    assert tally.holds(store.index, store.kinds["deal"])
    store.index.db.execute("UPDATE tally_deal SET number = number + 1 WHERE stage = 'won'")
    assert not tally.holds(store.index, store.kinds["deal"])
