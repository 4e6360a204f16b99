"""An index that does not hold: it is a cache, so it is named and built anew, and never believed against the tables."""

from __future__ import annotations

import random
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crm.errors import Busy, Damaged, OutsideFailed, Refused
from crm.store import disk
from crm.store.check import check, is_damaged
from crm.store.commit import Store
from crm.store.index_faults import explained
from crm.store.repair import repair
from tests.command_line import CommandLine
from tests.store.gun import in_child
from tests.store.shelf import assert_agrees, kinds, open_store, shelf, write

READS: tuple[tuple[object, ...], ...] = (
    ("lead", "list", "--json"),
    ("lead", "show", 1),
    ("lead", "list", "--where", 'name ~ "Олег"', "--json"),
    ("find", "Олег"),
    ("log",),
    ("lead", "history", 1),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "data")) as opened:
        write(opened, lambda draft: [draft.create("deal", {"name": name}) for name in "абв"])
        yield opened


def test_an_index_that_could_not_be_written_is_written_by_the_next_change(store: Store) -> None:
    """The disk is full for a while: the same program goes on, the step that failed is not left open."""

    def work(_writer: int) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with closing(open_store(store.data)) as limited:
            size = (store.data / "cache" / "index.sqlite-wal").stat().st_size
            resource.setrlimit(resource.RLIMIT_FSIZE, (max(size, 20_000), resource.RLIM_INFINITY))
            write(limited, lambda draft: draft.update("deal", 1, {"name": "я" * 8000}))
            assert limited.number == 1
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            write(limited, lambda draft: draft.update("deal", 2, {"name": "ю"}))
            assert limited.number == 3
            assert_agrees(limited)

    store.close()
    assert in_child(work) == (b"", 0)


def test_a_step_that_fails_at_its_end_is_taken_back(store: Store) -> None:
    db = sqlite3.connect(store.index.path, isolation_level=None)
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("CREATE TABLE one(id PRIMARY KEY)")
    db.execute("CREATE TABLE two(id REFERENCES one DEFERRABLE INITIALLY DEFERRED)")
    db.close()
    store.index.db.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(sqlite3.IntegrityError), store.index.transaction():
        store.index.db.execute("INSERT INTO two VALUES(1)")
    assert not store.index.db.in_transaction
    write(store, lambda draft: draft.update("deal", 2, {"name": "ю"}))
    assert_agrees(store)


def test_a_record_that_the_index_has_otherwise_than_its_table_is_not_written_over(store: Store) -> None:
    store.index.db.execute("UPDATE doc_deal SET doc = replace(doc, 'а', 'о') WHERE id = 1")
    with pytest.raises(Damaged, match=r"deals/00000.json differ: deal/1"):
        write(store, lambda draft: draft.update("deal", 1, {"stage": "new"}))
    write(store, lambda draft: draft.update("deal", 2, {"stage": "new"}))
    assert store.number == 2


def test_an_id_that_the_index_forgot_is_not_given_again(store: Store) -> None:
    store.index.set_next_id("deal", 2)
    with pytest.raises(Damaged, match="deal/2"):
        write(store, lambda draft: draft.create("deal", {"name": "г"}))
    assert shelf(store)["deal"][2]["name"] == "б"


def test_a_table_file_that_is_gone_is_not_begun_anew(store: Store) -> None:
    store.tables.path("deals", 0).unlink()
    for _n in range(2):
        with pytest.raises(Damaged, match=r"missing: data/tables/deals/00000.json"):
            write(store, lambda draft: draft.create("deal", {"name": "г"}))
    (store.data / "tables" / "kinds.json").unlink()
    with pytest.raises(Damaged, match="missing"):
        write(store, lambda draft: draft.create("deal", {"name": "г"}))
    assert store.number == 1
    write(store, lambda draft: draft.create("lead", {"name": "г"}))


def test_a_new_index_is_on_the_disk_before_it_has_its_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut might leave an index of empty pages under the right name."""
    store.close()
    shutil.rmtree(store.data / "cache")
    done: list[str] = []
    real_flush, real_rename = disk.flush, disk.rename

    def flush(descriptor: int) -> None:
        done.append("flush " + Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real_flush(descriptor)

    def rename(source: Path, target: Path) -> None:
        done.append("rename " + target.name)
        real_rename(source, target)

    monkeypatch.setattr(disk, "flush", flush)
    monkeypatch.setattr(disk, "rename", rename)
    with closing(open_store(store.data)):
        assert done[:3] == ["flush index.new", "rename index.sqlite", "flush cache"]


def _spoil(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _n in range(chance.choice([1, 20, 200])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _whole_index(root: Path) -> Path:
    """Bring everything that SQLite keeps beside the index into it."""
    path = root / "data" / "cache" / "index.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_of_the_index_are_named_and_mended(
    line: CommandLine, seed: int, fault_points: Callable[[str, int], None]
) -> None:
    """Every command says it in words, with the code of damage; the repair has every record back."""
    for name in ("Олег", "Ольга", "Василий"):
        line("lead", "add", name, "--phone", "8 916 123-45-67", "--set", "comment=" + name * 400)
    for words in READS:
        line(*words)
    before = line("lead", "list", "--json").out
    _spoil(_whole_index(line.root), random.Random(seed))
    for words in READS:
        result = line(*words, code=None)
        assert result.code in (0, 3, 8), (words, result)
        assert "bug" not in result.err
    assert line("lead", "set", 1, "comment=x", "--dry-run", code=None).code in (0, 3, 8)
    line("check", "--repair")
    line("check")
    assert line("lead", "list", "--json").out == before
    fault_points("flipped bytes in the index", 1)


def test_what_sqlite_says_in_words() -> None:
    def of(code: int, text: str = "…") -> Exception:
        error = sqlite3.OperationalError(text)
        error.sqlite_errorcode = code
        return error

    assert isinstance(explained(of(sqlite3.SQLITE_FULL)), OutsideFailed)
    assert isinstance(explained(of(sqlite3.SQLITE_IOERR_WRITE)), OutsideFailed)
    assert isinstance(explained(of(sqlite3.SQLITE_READONLY)), Refused)
    assert isinstance(explained(of(sqlite3.SQLITE_BUSY)), Busy)
    assert isinstance(explained(sqlite3.DatabaseError("database disk image is malformed")), Damaged)
    assert explained(of(sqlite3.SQLITE_ERROR)) is None
    assert isinstance(explained(of(sqlite3.SQLITE_ERROR, "malformed JSON")), Damaged)
    assert explained(ValueError("x")) is None


@pytest.mark.parametrize("seed", range(4))
def test_a_store_with_a_spoilt_index_is_checked_and_mended(tmp_path: Path, seed: int) -> None:
    with closing(open_store(tmp_path / "data")) as opened:
        write(opened, lambda draft: [draft.create("deal", {"name": str(n)}) for n in range(600)])
        was = shelf(opened)
    _spoil(_whole_index(tmp_path), random.Random(seed))
    with closing(Store(tmp_path / "data", kinds(), mending=True)) as store:
        repair(store, "olga")
        assert not is_damaged(check(store))
        assert shelf(store) == was
    assert list((tmp_path / "data" / "tmp").iterdir()) == []
