"""Every place where a query is answered says the same: SQL, a draft, a past moment, `FolderDB`, and TinyDB itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage

from crm.store.commit import Store
from crm.store.draft import Draft
from crm.store.evaluation import evaluate
from crm.store.past import PastStore
from crm.store.schema import Kind
from crm.store.select import Selection, count, select
from crm.store.tinytable import FolderDB
from tests.store.shelf import Ticking, shelf_of_tables, write
from tests.store.test_query import COLUMNS, MONEY, Doc, documents, queries, view

DEAL = Kind("deal", "deals", COLUMNS, (), frozenset(MONEY), lambda _doc: (), lambda _doc: "", view, ("stage",))
orders = st.lists(
    st.sampled_from(["id", "-id", "stage", "-stage", "-amount", "price", "x", "-nest", "count", "-updated", "rev"]),
    max_size=2,
).map(tuple)
changes = st.lists(st.sampled_from([{"stage": "b"}, {"x": 1}, {"won": True}, None]), max_size=6)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.store.disk.flush", lambda _descriptor: None)


def opened(data: Path) -> Store:
    (data / "journal").mkdir(parents=True)
    return Store(data, {"deal": DEAL}, clock=Ticking(), wait=10)


def change(draft: Draft, wished: list[Doc | None]) -> None:
    """Change the first records, one by one, and add another; a record is removed where nothing is wished."""
    for key, fields in enumerate(wished, 1):
        if draft.get("deal", key) is None:
            continue
        if fields is None:
            draft.remove("deal", key)
        else:
            draft.update("deal", key, fields)
    draft.create("deal", {"stage": "a"})


def ids(docs: Any) -> list[int]:
    return [doc["id"] for doc in docs]


def by_tinydb(store: Store, query: QueryInstance) -> list[int]:
    """Ask TinyDB's own query of every document that stock TinyDB reads from the table files."""
    docs = shelf_of_tables(store.data, store.kinds)["deal"]
    return [key for key, doc in sorted(docs.items()) if evaluate(query, view(doc))]


def by_index(store: Store, query: QueryInstance, sort: tuple[str, ...] = ("id",)) -> list[int]:
    selection = Selection(query, sort, trashed=None)
    found = ids(select(store.index, DEAL, selection))
    assert count(store.index, DEAL, selection) == len(found)
    return found


def outcome(search: Callable[[QueryInstance], Any], query: QueryInstance) -> object:
    try:
        return ids(search(query))
    except (TypeError, ValueError) as error:
        return type(error)


@settings(max_examples=200, deadline=None)
@given(documents, changes, queries, orders, st.integers(0, 3))
def test_a_query_is_answered_alike_everywhere(
    docs: list[Doc], wished: list[Doc | None], query: QueryInstance, sort: tuple[str, ...], skipped: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(opened(Path(folder) / "data")) as store:
        write(store, lambda draft: [draft.create("deal", own(doc)) for doc in docs])
        before = by_tinydb(store, query)
        assert by_index(store, query) == before
        drafted: list[list[int]] = []
        numbers: list[int] = []

        def work(draft: Draft) -> None:
            change(draft, wished)
            drafted.append(ids(draft.select(DEAL, Selection(query, sort, trashed=None))))
            drafted.append(ids(draft.select(DEAL, Selection(query, sort, 2, skipped, None))))
            numbers.append(draft.count(DEAL, Selection(query, sort, 2, skipped, None)))

        write(store, work)
        assert by_index(store, query) == by_tinydb(store, query)
        found = by_index(store, query, sort)
        assert drafted == [found, found[skipped : skipped + 2]]
        assert numbers == [len(found)]
        with closing(PastStore(store, 1, clock=Ticking())) as past:
            assert by_index(past, query) == before


@settings(max_examples=100, deadline=None)
@given(documents, queries)
def test_folder_db_answers_as_stock_tinydb(docs: list[Doc], query: QueryInstance) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(opened(Path(folder) / "data")) as store:
        write(store, lambda draft: [draft.create("deal", own(doc)) for doc in docs])
        mine = FolderDB(store, lambda command: store.writing(actor="olga", via="tinydb", command=command))
        stock = TinyDB(storage=MemoryStorage)
        stock.table("deals").insert_multiple(shelf_of_tables(store.data, store.kinds)["deal"].values())
        assert outcome(mine.table("deals").search, query) == outcome(stock.table("deals").search, query)


def own(doc: Doc) -> Doc:
    return {name: value for name, value in doc.items() if name not in ("id", "rev", "updated")}
