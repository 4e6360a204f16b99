from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from tinydb import TinyDB
from tinydb.operations import delete
from tinydb.table import Document

from crm.errors import Damaged, InvalidValue
from crm.store import history
from crm.store.check import check, is_damaged
from crm.store.journal import Position
from crm.store.rebuild import rebuild
from crm.store.repair import repair
from tests.store.conftest import state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm.store.commit import Store
    from crm.store.journal import Doc

    Spoil = Callable[[bytes], bytes]
    Opener = Callable[..., Store]


def _without(*numbers: int) -> Spoil:
    return lambda data: b"".join(line for n, line in enumerate(data.splitlines(True), 1) if n not in numbers)


def _swapped(data: bytes) -> bytes:
    lines = data.splitlines(True)
    lines[1], lines[2] = lines[2], lines[1]
    return b"".join(lines)


SPOILS: dict[str, tuple[str, Spoil]] = {
    "a line in the middle": ("2026-10", _without(3)),
    "the first line": ("2026-10", _without(1)),
    "the last line of a month": ("2026-10", _without(6)),
    "the first line of a month": ("2026-11", _without(1)),
    "the last line": ("2026-11", _without(5)),
    "two last lines": ("2026-11", _without(4, 5)),
    "a cut end": ("2026-11", lambda data: data[:-50]),
    "a lost end of line": ("2026-11", lambda data: data[:-1]),
    "a cut end of a month": ("2026-10", lambda data: data[:-50]),
    "half a month": ("2026-10", lambda data: data[: len(data) // 2]),
    "an emptied month": ("2026-10", lambda data: b""),
    "a month of rubbish": ("2026-11", lambda data: b"x" * len(data)),
    "rubbish at the end": ("2026-11", lambda data: data + b"rubbish\n"),
    "empty lines": ("2026-11", lambda data: data.replace(b"\n", b"\n\n", 2)),
    "a line twice": ("2026-11", lambda data: data + data.splitlines(True)[-1]),
    "lines in another order": ("2026-11", _swapped),
}


@pytest.mark.parametrize("has_index", [True, False], ids=["with index", "without index"])
@pytest.mark.parametrize("name", SPOILS)
def test_a_damaged_journal_goes_on_from_the_state(shop: Store, open_store: Opener, name: str, has_index: bool) -> None:
    was = state(shop)
    shop.close()
    month, spoil = SPOILS[name]
    path = shop.data / "journal" / f"{month}.jsonl"
    path.write_bytes(spoil(path.read_bytes()))
    if not has_index:
        shutil.rmtree(shop.data / "cache")
    store = open_store(mending=True)
    assert is_damaged(check(store))
    repair(store, "olga")
    assert not is_damaged(check(store))
    assert state(store) == was
    rebuild(store)
    assert state(store) == was
    with store.writing(actor="olga", via="cli", command="lead add") as draft:
        draft.create("lead", {"name": "Новый"})
    store.close()
    again = open_store()
    assert not is_damaged(check(again))
    numbers = [line.n for line in history.lines(again, history.Asked())]
    assert numbers == sorted(numbers, reverse=True)
    assert [line.n for line, _end in again.journal.read(Position())] == numbers[::-1]


def test_what_the_journal_lost_comes_from_the_index(shop: Store) -> None:
    was = state(shop)
    path = shop.data / "journal" / "2026-11.jsonl"
    path.write_bytes(_without(4)(path.read_bytes()))
    shop.tables.path("deals", 1).unlink()
    repair(shop, "olga")
    assert state(shop) == was
    assert not is_damaged(check(shop))


@pytest.mark.parametrize("month", ["2026-10", "2026-11"])
def test_a_missing_month_is_refused_and_nothing_changes(shop: Store, month: str) -> None:
    (shop.data / "journal" / f"{month}.jsonl").unlink()
    left = {path: path.read_bytes() for path in (shop.data / "journal").iterdir()}
    with pytest.raises(Damaged, match="crm restore"):
        repair(shop, "olga")
    assert {path: path.read_bytes() for path in (shop.data / "journal").iterdir()} == left


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_an_edit_by_hand_becomes_a_change_set(shop: Store) -> None:
    _edit(shop.tables.path("leads", 0), '"name":"Василий 1"', '"name":"Пётр","note":"звонил"')
    done = repair(shop, "olga")
    assert any("lead/1: the edit by hand was adopted: name, note" in sentence for sentence in done)
    line = next(history.lines(shop, history.Asked()))
    assert (line.actor, line.command, line.changes[0].before) == (
        "olga",
        "check --repair",
        {"name": "Василий 1", "updated": "2026-10-30T10:00:00+00:00"},
    )
    assert shop.index.get("lead", 1) == (shop.tables.load("leads", 0).get(1) or {})
    assert (shop.index.get("lead", 1) or {})["name"] == "Пётр"
    assert check(shop) == []


def test_a_record_added_by_hand_is_adopted(shop: Store) -> None:
    path = shop.tables.path("leads", 0)
    lines = path.read_text().split("\n")
    lines[-3] += ',\n"6": {"id":6,"name":"Олена"}'
    path.write_text("\n".join(lines))
    repair(shop, "olga")
    assert (shop.index.get("lead", 6) or {})["rev"] == 1
    assert (shop.index.get("lead", 6) or {})["name"] == "Олена"
    assert shop.index.next_id("lead") == 7
    assert check(shop) == []


def test_a_refused_edit_leaves_the_record_and_a_copy(shop: Store) -> None:
    def accept(kind: str, doc: Doc | None, fields: Doc) -> Doc:
        raise InvalidValue("No such stage.")

    was = state(shop)
    _edit(shop.tables.path("deals", 0), '"stage":"won"', '"stage":"wan"')
    done = repair(shop, "olga", accept)
    assert any("not adopted: No such stage." in sentence for sentence in done)
    assert state(shop) == was
    (copy,) = (shop.data / "damaged").iterdir()
    assert '"stage":"wan"' in copy.read_text()


def test_an_edit_that_the_index_cannot_hold_is_not_adopted(shop: Store) -> None:
    was = state(shop)
    _edit(shop.tables.path("deals", 0), '"amount":"100.00"', '"amount":"a lot"')
    repair(shop, "olga")
    assert state(shop) == was
    assert check(shop) == []


def test_a_write_of_stock_tinydb_is_adopted(shop: Store) -> None:
    """It lays the file out anew, in one line, and knows nothing of checksums."""
    with TinyDB(shop.tables.path("leads", 0)) as db:
        leads = db.table("leads")
        leads.update({"name": "Пётр"}, doc_ids=[1])
        leads.update(delete("comment"), doc_ids=[2])
        leads.insert(Document({"id": 6, "name": "Анна"}, doc_id=6))
        leads.remove(doc_ids=[4])
    assert {finding.ref for finding in check(shop)} == {"lead/1", "lead/2", "lead/4", "lead/6"}
    number = shop.number
    repair(shop, "olga")
    assert check(shop) == []
    one, two, four, six = (shop.index.get("lead", n) for n in (1, 2, 4, 6))
    assert one is not None
    assert two is not None
    assert six is not None
    assert (one["name"], "comment" in two, six["name"]) == ("Пётр", False, "Анна")
    assert four is not None  # a record that was taken out by hand stands in the journal
    assert shop.number == number + 1


def test_a_removed_line_comes_back(shop: Store) -> None:
    was = state(shop)
    path = shop.tables.path("leads", 0)
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith('"2"')))
    repair(shop, "olga")
    assert state(shop) == was


@pytest.mark.parametrize("gone", ["cache", "tables"])
def test_a_missing_folder_is_made_anew(shop: Store, open_store: Opener, gone: str) -> None:
    was = state(shop)
    shop.close()
    shutil.rmtree(shop.data / gone)
    store = open_store(mending=True)
    repair(store, "olga")
    assert state(store) == was
    assert check(store) == []


def test_a_rubbish_index_is_built_anew(shop: Store, open_store: Opener) -> None:
    shop.close()
    (shop.data / "cache" / "index.sqlite").write_bytes(b"rubbish" * 1000)
    store = open_store(mending=True)
    repair(store, "olga")
    assert check(store) == []
    assert store.index.lookup("lead", "phones", "+79161234502") == [2]


def test_delivery_goes_on_where_its_line_stands_now(shop: Store) -> None:
    end = shop.index.position()
    (shop.data / "delivery.json").write_text(
        json.dumps({"position": list(end), "cursors": {}, "failures": {}, "parked": []})
    )
    path = shop.data / "journal" / "2026-11.jsonl"
    path.write_bytes(_without(2)(path.read_bytes()))
    repair(shop, "olga")
    position = Position(*json.loads((shop.data / "delivery.json").read_text())["position"])
    assert (position.n, position.sum) == (end.n, end.sum)
    assert [line.n for line, _end in shop.journal.read(position)] == [12]


def test_repair_of_a_whole_store_does_nothing(shop: Store) -> None:
    number = shop.number
    assert repair(shop, "olga") == []
    assert shop.number == number
