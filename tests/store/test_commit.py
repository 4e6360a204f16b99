from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, repeat
from pathlib import Path

import pytest

from crm.errors import InvalidValue, NotFound, Refused
from crm.store.commit import Store
from crm.store.draft import Draft
from crm.store.history import changed_since
from crm.store.past import number_at
from crm.store.select import Selection, count
from tests.store.shelf import Doc, assert_agrees, kind, lines, open_store, shelf, strays, write


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "data")) as opened:
        yield opened


def test_a_change_set_stands_in_journal_tables_and_index(store: Store) -> None:
    write(store, lambda draft: [draft.create("deal", {"name": "а"}), draft.create("lead", {"name": "б"})], "import")
    write(store, lambda draft: draft.update("deal", 1, {"stage": "new", "name": None}))
    assert_agrees(store)
    assert [(line.n, line.command, [c.ref for c in line.changes]) for line in lines(store.data)] == [
        (1, "import", ["deal/1", "lead/1"]),
        (2, "test", ["deal/1"]),
    ]
    assert lines(store.data)[1].changes[0].before == {"updated": "2026-01-01T00:00:00+00:00", "name": "а"}
    assert strays(store.data) == []


def test_a_change_rewrites_in_the_index_what_differs(store: Store) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а", "stage": "new", "phones": ["+79161234567"]}))
    asked: list[str] = []
    store.index.db.set_trace_callback(asked.append)
    write(store, lambda draft: draft.update("deal", 1, {"name": "б"}))
    written = [
        sql for sql in asked if sql.startswith(("INSERT", "DELETE", "UPDATE")) and ("_deal" in sql or "key" in sql)
    ]
    assert not any('"stage" =' in sql or "76543216197" in sql for sql in written)
    assert any(sql.startswith('UPDATE "doc_deal"') for sql in written)
    assert_agrees(store)


def test_what_is_not_changed_leaves_no_trace(store: Store) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а"}))
    write(store, lambda draft: draft.update("deal", 1, {"name": "а", "stage": None}))
    write(store, lambda draft: [draft.update("deal", 1, {"name": name}) for name in ("б", "а")])
    with store.writing(actor="olga", via="python", command="test") as draft:
        draft.create("deal", {"name": "в"})
        draft.remove("deal", 2)
    assert store.number == 1
    assert_agrees(store)


def test_an_exception_inside_leaves_nothing(store: Store) -> None:
    def fail(draft: Draft) -> None:
        draft.create("deal", {"name": "а"})
        draft.update("deal", 9, {"name": "б"})

    with pytest.raises(NotFound, match="deal/9"):
        write(store, fail)
    assert shelf(store) == {"deal": {}, "lead": {}}
    assert lines(store.data) == []
    write(store, lambda draft: draft.create("deal", {"name": "в"}))
    assert list(shelf(store)["deal"]) == [1]


def fail(_prepared: object) -> None:
    raise OSError


def creating(name: str) -> Callable[[Draft], object]:
    return lambda draft: draft.create("deal", {"name": name})


def updating(fields: Doc) -> Callable[[Draft], object]:
    return lambda draft: draft.update("deal", 1, fields)


def removing(*ids: int) -> Callable[[Draft], object]:
    def remove(draft: Draft) -> None:
        for one in ids:
            draft.remove("deal", one)

    return remove


def write_checked(store: Store, check: Callable[[Draft], object]) -> None:
    with store.writing(actor="olga", via="python", command="two", check=check) as draft:
        draft.create("deal", {"name": "а"})
        draft.create("lead", {"name": "б"})


def test_a_veto_stops_the_whole_change_set(store: Store) -> None:
    def veto(draft: Draft) -> None:
        raise Refused(f"{len(draft.changes())} changes")

    with pytest.raises(Refused, match="2 changes"):
        write_checked(store, veto)
    assert store.number == 0


def test_a_dry_run_commits_nothing(store: Store) -> None:
    with store.writing(actor="olga", via="python", command="try", dry_run=True) as draft:
        draft.create("deal", {"name": "а"})
        assert draft.get("deal", 1) is not None
    assert (store.number, lines(store.data)) == (0, [])


def test_a_writing_within_another_is_a_part_of_it(store: Store) -> None:
    with store.writing(actor="olga", via="python", command="outer"):
        write(store, lambda draft: draft.create("deal", {"name": "а"}), "inner")
        write(store, lambda draft: draft.update("deal", 1, {"stage": "new"}), "inner")
    assert [line.command for line in lines(store.data)] == ["outer"]
    assert shelf(store)["deal"][1]["rev"] == 1


def test_ids_are_never_given_again(store: Store) -> None:
    write(store, lambda draft: [draft.create("deal", {"name": name}) for name in "аб"])
    write(store, lambda draft: draft.remove("deal", 2))
    write(store, lambda draft: draft.create("deal", {"name": "в"}))
    assert list(shelf(store)["deal"]) == [1, 3]
    write(store, removing(1, 3))
    store.close()
    (store.data / "cache" / "index.sqlite").unlink()
    with closing(open_store(store.data)) as again:
        write(again, lambda draft: draft.create("deal", {"name": "г"}))
        assert list(shelf(again)["deal"]) == [4]


def test_another_connection_sees_a_commit(store: Store) -> None:
    with closing(open_store(store.data)) as other:
        write(store, lambda draft: draft.create("deal", {"name": "а"}))
        assert other.number == 1
        write(other, lambda draft: draft.update("deal", 1, {"name": "б"}))
        assert shelf(store)["deal"][1]["name"] == "б"


def test_an_index_of_another_shape_is_built_anew(store: Store) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а"}))
    store.close()
    kinds = {**store.kinds, "quote": kind("quote", "quotes")}
    with closing(Store(store.data, kinds)) as wider:
        assert shelf(wider)["deal"][1]["name"] == "а"
        write(wider, lambda draft: draft.create("quote", {"name": "б"}))
    with closing(Store(store.data, store.kinds)) as narrower:
        assert set(shelf(narrower)) == {"deal", "lead"}


@pytest.mark.parametrize("left", [b"", b"not a database at all", b"SQLite format 3\x00" + b"\x00" * 4000])
def test_a_spoilt_index_is_built_anew(store: Store, left: bytes) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а"}))
    store.close()
    for name in ("index.sqlite-wal", "index.sqlite-shm"):
        (store.data / "cache" / name).unlink(missing_ok=True)
    (store.data / "cache" / "index.sqlite").write_bytes(left)
    with closing(open_store(store.data)) as again:
        assert_agrees(again)


def test_a_change_of_a_switched_off_plugin_is_not_lost_in_a_crash(store: Store) -> None:
    """The journal is ahead of tables and index, and who opens next does not know the kind."""
    wide = {**store.kinds, "quote": kind("quote", "quotes")}
    with closing(Store(store.data, wide)) as wider:
        write(wider, lambda draft: draft.create("quote", {"name": "а"}))
        wider._rename = fail  # type: ignore[method-assign,assignment]
        write(wider, lambda draft: draft.update("quote", 1, {"name": "б"}))
    with closing(Store(store.data, store.kinds)) as narrower:
        write(narrower, lambda draft: draft.create("deal", {"name": "в"}))
    with closing(Store(store.data, wide)) as wider:
        assert shelf(wider)["quote"][1]["name"] == "б"
        assert_agrees(wider)


def test_a_value_that_could_not_be_read_back_is_refused_before_the_commit(store: Store) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а"}))
    for fields in ({"amount": 5}, {"amount": {"amount": "x", "currency": "RUB"}}, {"count": "5"}, {"stage": ["new"]}):
        with pytest.raises(InvalidValue):
            write(store, updating(fields))
    assert store.number == 1
    write(store, lambda draft: draft.update("deal", 1, {"count": 5}))
    assert_agrees(store)


def test_a_failing_index_does_not_undo_a_commit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_batch: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(store.index, "take", fail)
        write(store, lambda draft: draft.create("deal", {"name": "а"}))
    assert store.number == 0
    write(store, lambda draft: draft.create("deal", {"name": "б"}))
    assert [doc["name"] for doc in shelf(store)["deal"].values()] == ["а", "б"]
    assert_agrees(store)


def test_time_never_goes_back(tmp_path: Path) -> None:
    """The clock jumps; the journal's times do not, and a moment still finds its place in the order."""
    jumps = ["2026-03-10T10:00:00+00:00", "2026-03-09T10:00:00+00:00", "2031-01-01T00:00:00+00:00"]
    clock = chain(jumps, repeat("2026-03-11T10:00:00+00:00"))
    with closing(open_store(tmp_path / "data", clock=lambda: next(clock))) as store:
        for name in "абвг":
            write(store, creating(name))
        assert [line.time for line in lines(store.data)] == [jumps[0], jumps[0], jumps[2], jumps[2]]
        assert [number_at(store, time) for time in ("2026-03-09T23:00:00+00:00", jumps[0], jumps[2])] == [0, 2, 4]
        assert [path.name for path in sorted((store.data / "journal").iterdir())] == ["2026-03.jsonl", "2031-01.jsonl"]
        assert_agrees(store)
    with closing(open_store(tmp_path / "data", clock=lambda: jumps[0])) as again:
        write(again, lambda draft: draft.update("deal", 1, {"name": "д"}))
        assert shelf(again)["deal"][1]["updated"] == jumps[2]
        assert_agrees(again)


def test_fields_changed_since_a_revision(store: Store) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а"}))
    write(store, lambda draft: draft.update("deal", 1, {"name": "б", "stage": "new"}))
    write(store, lambda draft: draft.update("deal", 1, {"name": "в"}))
    assert changed_since(store, "deal", 1, 1) == {"name": "а", "stage": None}
    assert changed_since(store, "deal", 1, 2) == {"name": "б"}
    assert changed_since(store, "deal", 1, 3) == {}


def test_a_reader_in_the_middle_of_a_long_list_is_not_disturbed(store: Store) -> None:
    write(store, lambda draft: [draft.create("deal", {"name": str(n)}) for n in range(300)])
    rows = store.index.db.execute("SELECT id FROM doc_deal ORDER BY id")
    first = rows.fetchone()
    with closing(open_store(store.data)) as other:
        write(other, removing(*range(1, 301)))
    assert [first, *rows.fetchall()] == [(n,) for n in range(1, 301)]
    assert count(store.index, store.kinds["deal"], Selection()) == 0


def test_the_note_of_kinds_counts_what_is_there(store: Store) -> None:
    write(store, lambda draft: [draft.create("deal", {"name": "а"}) for _n in range(257)])
    noted = json.loads((store.data / "tables" / "kinds.json").read_bytes())
    assert noted == {"deal": {"plural": "deals", "files": 2}}
