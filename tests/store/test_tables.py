from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB

from crm.errors import Damaged
from crm.store.tables import PER_FILE, TableFile, Tables, number_of, parse
from tests.store.shelf import Doc

TEXTS = st.text(max_size=6)
DOCS = st.dictionaries(st.integers(1, PER_FILE), st.dictionaries(TEXTS, TEXTS | st.integers() | st.booleans()))


def filled(docs: dict[int, Doc]) -> TableFile:
    table = TableFile("deals", 0)
    for record_id, doc in docs.items():
        table.put({**doc, "id": record_id})
    return table


@given(docs=DOCS, changes=DOCS, gone=st.sets(st.integers(1, PER_FILE), max_size=2))
def test_a_line_that_is_cut_out_leaves_the_others(
    docs: dict[int, Doc], changes: dict[int, Doc], gone: set[int]
) -> None:
    read = parse(filled(docs).dump(), "deals", 0)
    for record_id, doc in changes.items():
        read.put({**doc, "id": record_id})
        assert read.get(record_id) == {**doc, "id": record_id}
    for record_id in gone:
        read.remove(record_id)
        assert read.get(record_id) is None
    read.next = filled(docs | changes).next
    wanted = filled({one: doc for one, doc in (docs | changes).items() if one not in gone})
    wanted.next = read.next
    assert read.dump() == wanted.dump()


@given(docs=DOCS)
def test_a_file_comes_back_as_it_was_written(docs: dict[int, Doc]) -> None:
    table = filled(docs)
    table.seq = 17
    read = parse(table.dump(), "deals", 0)
    assert (read.rows, read.next, read.seq) == (table.rows, table.next, 17)
    assert {record_id: read.get(record_id) for record_id in docs} == {key: {**d, "id": key} for key, d in docs.items()}


@given(docs=DOCS)
def test_records_stand_in_the_order_of_their_ids(docs: dict[int, Doc]) -> None:
    assert list(filled(docs).rows) == sorted(docs)


def test_stock_tinydb_opens_a_file(tmp_path: Path) -> None:
    path = tmp_path / "00000.json"
    path.write_bytes(filled({1: {"name": "Ромашка"}, 3: {"name": "«\n»\u2028"}}).dump())
    with TinyDB(path) as db:
        assert db.table("deals").all() == [{"name": "Ромашка", "id": 1}, {"name": "«\n»\u2028", "id": 3}]
        assert [doc.doc_id for doc in db.table("deals")] == [1, 3]


def test_a_file_is_one_record_a_line() -> None:
    lines = filled({1: {"name": "Олег"}, 2: {"name": "Ольга"}}).dump().decode().splitlines()
    assert json.loads(lines[2].split(": ", 1)[1].rstrip(",")) == {"name": "Олег", "id": 1}
    assert len(lines) == 5


def test_an_empty_file_is_a_table_too(tmp_path: Path) -> None:
    path = tmp_path / "00000.json"
    path.write_bytes(TableFile("deals", 0).dump())
    with TinyDB(path) as db:
        assert db.table("deals").all() == []
    assert parse(path.read_bytes(), "deals", 0).rows == {}


def test_any_changed_byte_is_noticed() -> None:
    raw = filled({1: {"name": "Ромашка"}, 2: {"count": 5}}).dump()
    for at in range(len(raw)):
        changed = bytearray(raw)
        changed[at] ^= 1
        try:
            read = parse(bytes(changed), "deals", 0)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        pytest.fail(f"byte {at} was changed and {read.rows} was read")


def test_the_next_id_outlives_the_last_record() -> None:
    table = filled({1: {}, 2: {}})
    table.remove(2)
    assert parse(table.dump(), "deals", 0).next == 3


def test_ids_are_spread_over_files() -> None:
    assert [number_of(record_id) for record_id in (1, PER_FILE, PER_FILE + 1)] == [0, 0, 1]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.path("deals", 0).parent.mkdir()
    tables.path("deals", 0).write_bytes(filled({1: {"name": "Олег"}}).dump().replace("Олег".encode(), b"Oleg"))
    with pytest.raises(Damaged, match=r"data/tables/deals/00000\.json"):
        tables.load("deals", 0)


def test_a_file_that_is_not_there_is_an_empty_table(tmp_path: Path) -> None:
    table = Tables(tmp_path).load("deals", 3)
    assert (table.rows, table.next) == ({}, 3 * PER_FILE + 1)
    assert Tables(tmp_path).numbers("deals") == []


def test_new_files_are_noted_once(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    places = (("deal", 0), ("deal", 1), ("lead", 0))
    touched = {(kind, number): TableFile(f"{kind}s", number) for kind, number in places}
    noted = tables.noted_with(touched)
    assert noted is not None
    assert json.loads(noted) == {"deal": {"plural": "deals", "files": 2}, "lead": {"plural": "leads", "files": 1}}
    (tmp_path / "kinds.json").write_bytes(noted)
    assert tables.noted_with(touched) is None
    assert Tables(tmp_path).noted_with({("deal", 0): TableFile("deals", 0)}) is None
