from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from crm.errors import Busy
from crm.store.commit import Store, utc_now
from crm.store.draft import Draft
from crm.store.lock import locked
from tests.store.gun import in_child
from tests.store.shelf import assert_agrees, lines, open_store, shelf, strays, write

PROCESSES, WRITES = 32, 200
PATIENCE = 300.0


def count_up(draft: Draft, own: str) -> None:
    """Add a record of one's own and one to a number that everybody adds to."""
    shared = draft.get("deal", 1)
    assert shared is not None
    draft.update("deal", 1, {"count": shared["count"] + 1})
    draft.create("lead", {"name": own})


def write_many(data: Path, own: str, writes: int) -> None:
    with closing(open_store(data, clock=utc_now, wait=PATIENCE)) as store:
        for _n in range(writes):
            with store.writing(actor=own, via="python", command="count") as draft:
                count_up(draft, own)


def in_children(data: Path, processes: int, writes: int) -> None:
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            code = 1
            with suppress(BaseException):
                write_many(data, f"writer {number}", writes)
                code = 0
            os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * processes


def begin(data: Path) -> None:
    with closing(open_store(data, clock=utc_now)) as store:
        write(store, lambda draft: draft.create("deal", {"name": "счётчик", "count": 0}))


@pytest.mark.parametrize(("processes", "writes"), [(2, 300), pytest.param(PROCESSES, WRITES, marks=pytest.mark.slow)])
def test_nothing_is_lost_between_writers(
    tmp_path: Path,
    processes: int,
    writes: int,
    monkeypatch: pytest.MonkeyPatch,
    concurrent_writes: Callable[[str, int], None],
) -> None:
    """Each process adds to one shared number and makes records of its own; flushing is left to the other tests."""
    if processes > 2:
        monkeypatch.setattr("crm.store.disk.flush", lambda _descriptor: None)
    begin(tmp_path / "data")
    in_children(tmp_path / "data", processes, writes)
    with closing(open_store(tmp_path / "data")) as store:
        docs = shelf(store)
        assert docs["deal"][1]["count"] == docs["deal"][1]["rev"] - 1 == processes * writes
        assert list(docs["lead"]) == list(range(1, processes * writes + 1))
        owners = [doc["name"] for doc in docs["lead"].values()]
        assert {owners.count(f"writer {number}") for number in range(processes)} == {writes}
        assert [line.n for line in lines(store.data)] == list(range(1, processes * writes + 2))
        assert_agrees(store)
    assert strays(tmp_path / "data") == []
    concurrent_writes(f"{processes} writers", processes * writes)


def test_readers_and_writers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """A reader sees whole change sets only, while a writer is at work."""
    begin(tmp_path / "data")
    writer = os.fork()
    if writer == 0:
        with suppress(BaseException):
            write_many(tmp_path / "data", "writer", 200)
        os._exit(0)
    seen = []
    while os.waitpid(writer, os.WNOHANG) == (0, 0):
        with closing(open_store(tmp_path / "data", wait=0)) as store:
            store.index.db.execute("BEGIN")
            docs = shelf(store)
            assert docs["deal"][1]["count"] == len(docs["lead"])
            seen.append(len(docs["lead"]))
    assert seen == sorted(seen)


def _hold(data: Path, *, until: int | None = None) -> tuple[int, int]:
    """Let a child take the writer's lock; return its process id and a pipe that tells when it has it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with locked(data / ".lock", holder="anna, deal move"):
            os.write(writer, b"held")
            if until is not None:
                os.read(until, 1)
            else:
                time.sleep(600)
        os._exit(0)
    assert os.read(reader, 4) == b"held"
    for descriptor in (reader, writer):
        os.close(descriptor)
    return child, writer


def test_a_live_holder_is_named(tmp_path: Path) -> None:
    begin(tmp_path / "data")
    child, _pipe = _hold(tmp_path / "data")
    try:
        with closing(open_store(tmp_path / "data", wait=0.05)) as store:
            with pytest.raises(Busy, match=rf"anna, deal move \(pid {child}\) is writing"):
                add(store)
            assert shelf(store)["deal"][1]["count"] == 0
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def add(store: Store) -> None:
    write(store, lambda draft: draft.create("lead", {"name": "а"}))


def test_a_dead_holder_does_not_stand_in_the_way(tmp_path: Path) -> None:
    begin(tmp_path / "data")
    child, _pipe = _hold(tmp_path / "data")
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with closing(open_store(tmp_path / "data", wait=0)) as store:
        add(store)
        assert list(shelf(store)["lead"]) == [1]


def test_a_writer_waits_for_a_holder_that_ends(tmp_path: Path) -> None:
    begin(tmp_path / "data")
    reader, writer = os.pipe()
    child, _pipe = _hold(tmp_path / "data", until=reader)

    def work(_told: int) -> None:
        with closing(open_store(tmp_path / "data", wait=PATIENCE)) as store:
            os.write(writer, b".")
            add(store)

    assert in_child(work) == (b"", 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with closing(open_store(tmp_path / "data")) as store:
        assert list(shelf(store)["lead"]) == [1]


def test_a_name_that_is_left_of_a_longer_one_is_not_mixed_in(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with locked(path, holder="a very long command of somebody " * 2):
        pass
    other = locked(path, holder="anna", wait=0)
    with locked(path, holder="olga"), pytest.raises(Busy, match=r": olga \(pid \d+\) is writing"):
        other.__enter__()


def test_two_processes_that_find_no_index_build_one(tmp_path: Path) -> None:
    begin(tmp_path / "data")
    in_children(tmp_path / "data", 2, 5)
    (tmp_path / "data" / "cache" / "index.sqlite").unlink()
    in_children(tmp_path / "data", 6, 5)
    with closing(open_store(tmp_path / "data")) as store:
        assert shelf(store)["deal"][1]["count"] == 40
        assert_agrees(store)
