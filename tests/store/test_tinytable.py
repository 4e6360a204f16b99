from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.operations import add, delete, increment
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from crm.entrance import open_workspace
from crm.errors import InvalidValue, NotFound, Refused
from crm.store.commit import Store
from crm.store.draft import Draft
from crm.store.tinytable import FolderDB
from tests.conftest import make_workspace
from tests.store.shelf import Doc, assert_agrees, lines, open_store, shelf_of_tables

BY_STORE = ("id", "rev", "created", "updated")
OPERATIONS = 2000


def database(store: Store) -> FolderDB:
    def writing(command: str) -> AbstractContextManager[Draft]:
        return store.writing(actor="olga", via="tinydb", command=command)

    return FolderDB(store, writing)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr("crm.store.disk.flush", lambda _descriptor: None)
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def deals(store: Store) -> Table:
    return database(store).table("deals")


def own(doc: Doc) -> Doc:
    return {name: value for name, value in doc.items() if name not in BY_STORE}


def plain(result: object) -> object:
    """Return what a verb gave, without what the store keeps in each document."""
    if isinstance(result, Document):
        return result.doc_id, own(result)
    return [plain(one) for one in result] if isinstance(result, list) else result


def outcome(verb: Callable[[Table], object], table: Table) -> object:
    try:
        return plain(verb(table))
    except (ValueError, RuntimeError) as error:
        return type(error).__name__


class Operations:
    """Random operations; what they are made of is drawn once, so that both tables get the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def document(self) -> Doc:
        doc: Doc = {"name": self.random.choice("абвг")}
        if self.random.random() < 0.6:
            doc["count"] = self.random.randrange(6)
        if self.random.random() < 0.3:
            doc["tags"] = [self.random.choice("xyz")]
        return doc

    def condition(self) -> QueryInstance:
        name, least = self.random.choice("абвг"), self.random.randrange(6)
        conditions: list[QueryInstance] = [
            where("name") == name,
            where("count") >= least,
            (where("name") == name) & (where("count") < least),
            ~where("count").exists() | where("tags").any(["x"]),
            where("name").test(lambda text: str(text) > name),
        ]
        return self.random.choice(conditions)

    def ids(self, highest: int) -> list[int]:
        return self.random.sample(range(1, highest + 3), k=min(3, highest))

    def next(self, highest: int) -> Callable[[Table], object]:
        some, cond, ids = self.document(), self.condition(), self.ids(highest)
        many = [self.document() for _n in range(self.random.randrange(4))]
        ahead, one = Document(some, doc_id=highest + self.random.randrange(3)), self.random.randrange(1, highest + 2)
        verbs: list[tuple[int, Callable[[Table], object]]] = [
            (8, lambda table: table.insert(some)),
            (4, lambda table: table.insert_multiple(many)),
            (1, lambda table: table.insert(ahead)),
            (4, lambda table: table.update(some, cond)),
            (2, lambda table: table.update(some, doc_ids=ids)),
            (2, lambda table: table.update(delete("count"), where("count") == 3)),
            (2, lambda table: table.update(increment("count"), where("count").exists() & cond)),
            (1, lambda table: table.update(add("name", "!"), cond)),  # type: ignore[arg-type]
            (2, lambda table: table.update_multiple([(some, cond), ({"late": 1}, where("name") == "а")])),
            (3, lambda table: table.upsert(some, cond)),
            (1, lambda table: table.upsert(ahead)),
            (1, lambda table: table.remove(cond)),
            (3, lambda table: table.remove(doc_ids=ids)),
            (3, lambda table: table.search(cond)),
            (2, lambda table: table.get(cond)),
            (2, lambda table: table.get(doc_id=one)),
            (1, lambda table: table.get(doc_ids=ids)),
            (2, lambda table: table.contains(cond)),
            (1, lambda table: table.contains(doc_id=one)),
            (2, lambda table: table.count(cond)),
            (1, lambda table: table.all()),
            (1, len),
            (1, lambda table: [doc.doc_id for doc in table]),
        ]
        if self.random.random() < 0.004:
            return lambda table: table.truncate()
        return self.random.choices([verb for _weight, verb in verbs], [weight for weight, _verb in verbs])[0]


@pytest.mark.parametrize("seed", [1, 2])
def test_it_behaves_as_stock_tinydb(store: Store, deals: Table, seed: int) -> None:
    stock = TinyDB(storage=MemoryStorage).table("deals")
    operations = Operations(seed)
    for number in range(OPERATIONS // 2):
        following = store.index.next_id("deal")
        stock._next_id = following  # type: ignore[assignment]  # the one difference: an id is never given again
        verb = operations.next(following)
        assert outcome(verb, deals) == outcome(verb, stock), f"operation {number}"
        if number % 50 == 0:
            assert plain(deals.all()) == plain(stock.all())
    assert plain(deals.all()) == plain(stock.all())
    assert {n: own(doc) for n, doc in shelf_of_tables(store.data, store.kinds)["deal"].items()} == {
        doc.doc_id: doc for doc in stock.all()
    }
    assert_agrees(store)


def test_every_table_file_opens_with_stock_tinydb(store: Store, deals: Table) -> None:
    deals.insert_multiple({"name": f"Сделка {n}", "count": n} for n in range(600))
    files = sorted((store.data / "tables" / "deals").iterdir())
    assert len(files) == 3
    found: list[Any] = []
    for path in files:
        with TinyDB(path) as db:
            found += db.table("deals").all()
            assert db.table("deals").count(where("count") >= 0) == len(db.table("deals"))
    assert found == deals.all()


def test_one_verb_is_one_change_set(store: Store, deals: Table) -> None:
    deals.insert_multiple([{"name": "а"}, {"name": "б"}])
    deals.upsert({"name": "в", "count": 1}, where("name") == "в")
    deals.update({"stage": "new"})
    deals.update({"stage": "new"})
    assert [(line.command, len(line.changes)) for line in lines(store.data)] == [
        ("tinydb deals", 2),
        ("tinydb deals", 1),
        ("tinydb deals", 3),
    ]


def test_a_verb_that_fails_leaves_nothing(store: Store, deals: Table) -> None:
    deals.insert({"name": "а"})
    with pytest.raises(ZeroDivisionError):
        deals.update(lambda doc: doc.update(name=1 // 0))
    with pytest.raises(ValueError, match="not a Mapping"):
        deals.insert_multiple([{"name": "б"}, 5])  # type: ignore[list-item]
    assert [own(doc) for doc in deals.all()] == [{"name": "а"}]
    assert store.number == 1


def test_what_the_store_keeps_is_not_written(deals: Table) -> None:
    deals.insert({"name": "а", "id": 77, "rev": 9})
    deals.update({"id": 78, "rev": 5, "created": "never"})
    assert deals.get(doc_id=1) == {**deals.all()[0], "id": 1, "rev": 1}


def test_none_clears_a_field(deals: Table) -> None:
    deals.insert({"name": "а", "stage": "new"})
    deals.update({"stage": None})
    assert own(deals.all()[0]) == {"name": "а"}


def test_a_removed_id_can_be_given_again_by_name_only(deals: Table) -> None:
    deals.insert_multiple([{"name": "а"}, {"name": "б"}])
    deals.remove(doc_ids=[1])
    assert deals.insert(Document({"name": "в"}, doc_id=1)) == 1
    assert deals.insert({"name": "г"}) == 3
    first = deals.all()[0]
    assert (first["name"], first["rev"]) == ("в", 3)
    deals.truncate()
    assert deals.insert({"name": "д"}) == 4


@pytest.mark.parametrize("doc_id", [0, -1, 10**9])
def test_an_id_far_ahead_is_refused(store: Store, deals: Table, doc_id: int) -> None:
    with pytest.raises(InvalidValue, match="cannot be the id"):
        deals.insert(Document({"name": "а"}, doc_id=doc_id))
    assert store.number == 0


@pytest.mark.parametrize(
    "document",
    [{"name": {"a": 1}}, {"amount": 5}, {"count": 10**30}, {"x": float("nan")}, {"phones": 5}, {"name": "\ud800"}],
)
def test_a_value_that_could_not_be_read_back_is_refused(store: Store, deals: Table, document: Doc) -> None:
    with pytest.raises(InvalidValue):
        deals.insert(document)
    assert store.number == 0
    assert deals.insert({"name": "а"}) == 1


def test_another_process_is_seen_at_once(store: Store, deals: Table) -> None:
    query = where("name") == "а"
    assert deals.search(query) == []
    other = open_store(store.data)
    database(other).table("deals").insert({"name": "а"})
    other.close()
    assert len(deals.search(query)) == 1
    assert deals.insert({"name": "б"}) == 2


def test_tables_are_those_of_the_workspace(store: Store) -> None:
    db = database(store)
    assert db.tables() == {"deals", "leads"}
    with pytest.raises(NotFound, match="«orders»"):
        db.table("orders")
    with pytest.raises(NotFound):
        db.insert({"name": "а"})
    with pytest.raises(Refused):
        db.drop_tables()


def test_within_a_transaction_it_sees_what_is_drafted(store: Store, deals: Table) -> None:
    deals.insert({"name": "а"})
    with store.writing(actor="olga", via="python", command="both"):
        deals.insert({"name": "б"})
        deals.remove(doc_ids=[1])
        assert [doc["name"] for doc in deals.all()] == ["б"]
        assert len(deals) == 1
        assert deals.update({"count": 1}) == [2]
    assert [line.command for line in lines(store.data)] == ["tinydb deals", "both"]


def test_a_workspace_gives_its_records_as_tinydb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PLUGINS", "none")
    with open_workspace(make_workspace(tmp_path / "shop"), actor="olga") as crm:
        lead = crm.leads.add(name="Олег")
        table = crm.tinydb().table("leads")
        assert table.get(doc_id=lead.id) == lead.doc
        table.update({"comment": "перезвонить"}, where("name") == "Олег")
        assert crm.leads.get(1).comment == "перезвонить"
        from crm.sales.undo import undo

        undo(crm)
        assert crm.leads.get(1).comment == ""
