from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from crm.errors import Damaged
from crm.store import disk
from crm.store.check import check
from crm.store.rebuild import rebuild
from tests.store.conftest import state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm.store.commit import Store


def _tables(store: Store) -> dict[str, bytes]:
    folder = store.data / "tables"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_rebuild_writes_the_same_bytes(shop: Store) -> None:
    was = _tables(shop)
    assert rebuild(shop) == 3
    assert _tables(shop) == was
    assert check(shop) == []


def test_a_rebuild_drops_what_the_journal_does_not_have(shop: Store) -> None:
    was = _tables(shop)
    path = shop.tables.path("leads", 0)
    path.write_bytes(path.read_bytes().replace("Василий 1".encode(), "Геннадий1".encode()))
    shop.tables.path("deals", 1).unlink()
    rebuild(shop)
    assert _tables(shop) == was
    assert check(shop) == []


def test_a_rebuild_needs_a_whole_journal(shop: Store) -> None:
    was = _tables(shop)
    path = shop.data / "journal" / "2026-10.jsonl"
    path.write_bytes(path.read_bytes().replace("Василий 1".encode(), "Геннадий1".encode()))
    with pytest.raises(Damaged, match="crm check --repair"):
        rebuild(shop)
    assert _tables(shop) == was


class Interrupted(BaseException):
    """The power went."""


def test_an_interrupted_rebuild_leaves_whole_tables(
    shop: Store, open_store: Callable[..., Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    was, records = _tables(shop), state(shop)
    shop.close()
    step = 0
    while _stopped_at(step, shop.data, open_store, tmp_path, monkeypatch):
        store = open_store(f"work{step}")
        with store.locked("test"):
            store.catch_up()
        assert _tables(store) == was, step
        assert state(store) == records, step
        assert check(store) == [], step
        assert not [name for name in store.data.iterdir() if name.name.startswith("tables.")], step
        step += 1
    assert step > 10


def _stopped_at(
    step: int, data: Path, open_store: Callable[..., Store], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> bool:
    """Rebuild a copy and stop before the disk's call number `step`; return False when there are fewer."""
    shutil.copytree(data, folder / f"work{step}" / "data")
    store = open_store(f"work{step}")
    left = step
    with monkeypatch.context() as patch:
        for name in ("rename", "write_new", "flush_folder", "make_folder"):
            real = getattr(disk, name)

            def counted(*args: object, real: Callable[..., object] = real) -> object:
                nonlocal left
                left -= 1
                if left < 0:
                    raise Interrupted
                return real(*args)

            patch.setattr(disk, name, counted)
        try:
            rebuild(store)
        except Interrupted:
            return True
        finally:
            store.close()
    return False
