from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crm.errors import OutsideFailed, Refused
from crm.store.commit import Store
from crm.store.disk import flushed_at_the_end
from crm.store.draft import Draft
from tests.store.gun import in_child
from tests.store.shelf import Shelf, assert_agrees, open_store, shelf, strays, write

NOBODY = 65534


def begin(draft: Draft) -> None:
    draft.create("deal", {"name": "а", "count": 1})
    draft.create("lead", {"name": "б"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "data")) as opened:
        write(
            opened, lambda draft: [draft.create("deal", {"name": "а", "count": 1}), draft.create("lead", {"name": "б"})]
        )
        yield opened


def rename_and_remove(draft: Draft) -> None:
    draft.update("deal", 1, {"name": "я"})
    draft.remove("lead", 1)


def fail(_prepared: object) -> None:
    raise OSError(errno.EIO, "I/O error")


def several(draft: Draft) -> None:
    """Change records of both kinds, over the border of a table file."""
    draft.update("deal", 1, {"name": "в" * 500})
    draft.update("lead", 1, {"count": 5})
    for _n in range(256):
        draft.create("deal", {"name": "г"})


class Failing:
    """Lets the k-th call of a function of the system fail; `then` is what it does before."""

    def __init__(self, name: str, at: int, number: int, *, half: bool = False, once: bool = False) -> None:
        self.name, self.at, self.number, self.half, self.once = name, at, number, half, once
        self.real: Callable[..., Any] = getattr(os, name)
        self.calls = 0

    def __call__(self, *args: Any, **options: Any) -> Any:
        self.calls += 1
        if self.calls < self.at or (self.once and self.calls > self.at):
            return self.real(*args, **options)
        if self.half and self.calls == self.at:
            return self.real(args[0], bytes(args[1])[: len(args[1]) // 2])
        raise OSError(self.number, os.strerror(self.number))


def assert_whole(data: Path, before: Shelf, *, went_on: bool = True) -> None:
    """Check that a change set is there whole or not at all, and that work goes on after reopening."""
    with closing(open_store(data)) as again:
        assert shelf(again) == before
        assert_agrees(again)
        write(again, several)
        assert len(shelf(again)["deal"]) == 257
        assert_agrees(again)
    assert strays(data) == []


@pytest.mark.parametrize("half", [False, True], ids=["refused", "short"])
@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_full_disk_leaves_the_old_state(store: Store, at: int, half: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shelf(store)
    failing = Failing("write", at, errno.ENOSPC, half=half)
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", failing)
        with pytest.raises(OutsideFailed, match="disk is full"):
            write(store, several)
    assert failing.calls >= at
    assert shelf(store) == before
    store.close()
    assert_whole(store.data, before)


def test_the_writes_that_may_fail_are_all_tried(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Failing("write", 10**9, errno.ENOSPC)
    monkeypatch.setattr(os, "write", counting)
    write(store, several)
    assert counting.calls == 5  # three table files, the note of kinds, the journal line


def test_a_disk_that_was_full_for_a_while_is_written_to_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the journal is touched nothing is lost, so the same program may try again."""
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", Failing("write", 1, errno.ENOSPC))
        with pytest.raises(OutsideFailed):
            write(store, several)
    write(store, several)
    assert_agrees(store)
    assert strays(store.data) == []


def test_a_quota_like_a_full_disk(store: Store) -> None:
    """The system itself refuses: a file may not grow beyond a limit."""
    before = shelf(store)
    store.close()

    def work(_writer: int) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with closing(open_store(store.data)) as limited:
            resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
            with pytest.raises(OutsideFailed, match="disk is full"):
                write(limited, several)
            assert len(limited.journal.files()) == 1

    assert in_child(work) == (b"", 0)
    assert_whole(store.data, before)


def test_a_limit_that_only_the_journal_meets(store: Store) -> None:
    before = shelf(store)
    size = (store.data / "journal" / store.journal.files()[0]).stat().st_size
    store.close()

    def work(_writer: int) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with closing(open_store(store.data)) as limited:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, size + 100))
            with pytest.raises(OutsideFailed):
                write(limited, lambda draft: draft.update("deal", 1, {"count": 2}))
            with pytest.raises(OutsideFailed, match="nothing more is written"):
                write(limited, lambda draft: draft.update("deal", 1, {"count": 2}))

    assert in_child(work) == (b"", 0)
    assert (store.data / "journal" / store.journal.files()[0]).stat().st_size == size
    assert_whole(store.data, before)


def journal_flush(store: Store, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the flush of the journal fail, and that alone."""
    real = os.fsync

    def fail(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().suffix == ".jsonl":
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fail)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc here")
def test_after_a_failed_flush_nothing_is_acknowledged_until_it_is_reopened(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shelf(store)
    with monkeypatch.context() as patched:
        journal_flush(store, patched, errno.EIO)
        with pytest.raises(OutsideFailed, match="disk failed"):
            write(store, several)
    for _n in range(2):
        with pytest.raises(OutsideFailed, match="nothing more is written"):
            write(store, several)
    assert shelf(store) == before
    store.close()
    assert_whole(store.data, before)


@pytest.mark.parametrize("at", range(1, 12))
def test_any_failing_flush_leaves_all_or_nothing(store: Store, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shelf(store)
    failing = Failing("fsync", at, errno.EIO, once=True)
    acknowledged = True
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing)
        try:
            write(store, several)
        except OutsideFailed:
            acknowledged = False
    store.close()
    if not acknowledged:
        assert_whole(store.data, before)
        return
    with closing(open_store(store.data)) as again:
        assert len(shelf(again)["deal"]) == 257
        assert_agrees(again)


@pytest.mark.parametrize("name", ["replace", "mkdir"])
def test_a_rename_that_fails_behind_the_commit_is_made_up_for(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal holds the change set: it is acknowledged, and the next writer puts the rest right."""
    shutil.rmtree(store.data / "tmp")
    (store.data / "tmp").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, name, Failing(name, 2 if name == "replace" else 1, errno.EIO))
        write(store, several)
    write(store, lambda draft: draft.update("lead", 1, {"count": 6}))
    assert len(shelf(store)["deal"]) == 257
    assert_agrees(store)
    assert strays(store.data) == []


def test_a_new_month_on_a_full_disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal's new file cannot be made to last: nothing is written into it."""
    before = shelf(store)
    store.clock = lambda: "2027-01-01T00:00:00+00:00"
    real = os.fsync

    def fail(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().name == "journal":
            raise OSError(errno.EIO, "I/O error")
        real(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OutsideFailed):
            write(store, several)
    assert shelf(store) == before
    store.close()
    assert_whole(store.data, before)


def test_what_is_flushed_at_the_end_is_flushed_once_and_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[Path] = []
    real = os.fsync

    def seen(descriptor: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", seen)
    with flushed_at_the_end(store.data):
        write(store, several)
        write(store, lambda draft: draft.update("lead", 1, {"count": 8}))
        assert flushed == []
    assert sorted(flushed) == sorted([store.data, *store.data.rglob("*")])
    write(store, lambda draft: draft.update("lead", 1, {"count": 9}))
    assert store.data / "journal" in {path.parent for path in flushed[-6:]}, "from then on each change is"


def as_nobody(work: Callable[[], object]) -> tuple[bytes, int]:
    def drop_rights(_writer: int) -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        work()

    return in_child(drop_rights)


@pytest.fixture
def open_folder(store: Store) -> Iterator[Path]:
    """Return the data of a store in a folder that everybody may read."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    store.close()
    folder = Path("/tmp") / f"read-only-{os.getpid()}"
    shutil.copytree(store.data, folder / "data")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    yield folder / "data"
    shutil.rmtree(folder)


def test_a_read_only_folder_is_read_and_not_written(open_folder: Path) -> None:
    def work() -> None:
        with closing(open_store(open_folder)) as store:
            assert shelf(store)["deal"][1]["name"] == "а"
            assert store.number == 1
            with pytest.raises(Refused, match="No right to write"):
                write(store, several)
            assert shelf(store)["deal"][1]["name"] == "а"

    assert as_nobody(work) == (b"", 0)


def test_a_read_only_folder_whose_last_change_is_in_the_journal_only(open_folder: Path) -> None:
    with closing(open_store(open_folder)) as store:
        store._rename = fail  # type: ignore[method-assign,assignment]
        write(store, rename_and_remove)
    for path in open_folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)

    def work() -> None:
        with closing(open_store(open_folder)) as store:
            assert shelf(store)["deal"][1]["name"] == "я"
            assert (shelf(store)["lead"], store.number) == ({}, 2)

    assert as_nobody(work) == (b"", 0)
    with closing(open_store(open_folder)) as store:
        assert_agrees(store)


def test_a_folder_without_an_index_is_read_by_who_may_not_write(open_folder: Path) -> None:
    shutil.rmtree(open_folder / "cache")

    def work() -> None:
        with closing(open_store(open_folder)) as store:
            assert shelf(store)["deal"][1]["name"] == "а"
            assert store.index.lookup("deal", "=", "а") == [1]

    assert as_nobody(work) == (b"", 0)
    assert not (open_folder / "cache").exists()


def test_a_reader_who_cannot_catch_up_says_why(store: Store) -> None:
    """The journal is ahead and the disk is full: a sentence, and the next one to come catches up."""
    store._rename = fail  # type: ignore[method-assign,assignment]
    write(store, several)
    store.close()

    def work(_writer: int) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
        with pytest.raises(OutsideFailed, match="disk"):
            open_store(store.data)

    assert in_child(work) == (b"", 0)
    with closing(open_store(store.data)) as again:
        assert len(shelf(again)["deal"]) == 257
        assert_agrees(again)


def test_an_index_that_cannot_grow_says_why(store: Store) -> None:
    shutil.rmtree(store.data / "cache")

    def work(_writer: int) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
        with pytest.raises(OutsideFailed):
            open_store(store.data)

    assert in_child(work) == (b"", 0)
    with closing(open_store(store.data)) as again:
        assert_agrees(again)
