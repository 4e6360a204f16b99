from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.store.commit import Store
from crm.store.query import Column
from crm.store.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm.store.journal import Doc


def _keys(doc: Doc) -> Iterator[tuple[str, str]]:
    yield from (("phones", phone) for phone in doc.get("phones", []))


KINDS = {
    "deal": Kind("deal", "deals", {"stage": Column("stage", "text"), "amount": Column("amount", "money")}),
    "lead": Kind("lead", "leads", {"updated": Column("updated", "time")}, keys=_keys),
}


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.time = "2026-10-30T10:00:00+00:00"

    def __call__(self) -> str:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


Open = "Callable[..., Store]"


@pytest.fixture
def open_store(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Store]]:
    opened = []

    def open_it(folder: str = "shop", *, mending: bool = False) -> Store:
        store = Store(tmp_path / folder / "data", dict(KINDS), clock=clock, wait=1, mending=mending)
        opened.append(store)
        return store

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def shop(open_store: Callable[..., Store], clock: Clock) -> Store:
    """Return a store of two months: eleven change sets, with updates, clears, a removal and two table files."""
    store = open_store()
    fill(store, clock)
    return store


def fill(store: Store, clock: Clock) -> None:
    """Make eleven change sets over two months."""
    money = {"amount": "26905.00", "currency": "RUB"}
    with store.writing(actor="olga", via="cli", command="deal add") as draft:
        for n in range(1, 258):
            draft.create("deal", {"title": f"Щебень {n}", "stage": "new", "amount": money})
    for n in range(1, 6):
        with store.writing(actor="olga", via="cli", command="lead add") as draft:
            draft.create("lead", {"name": f"Василий {n}", "phones": [f"+7916123450{n}"], "source": "site"})
    clock.time = "2026-11-02T10:00:00+00:00"
    for stage in ("proposal", "won"):
        with store.writing(actor="olga", via="cli", command="deal move") as draft:
            draft.update("deal", 1, {"stage": stage})
            draft.update("lead", 2, {"source": None, "comment": stage})
    with store.writing(actor="petr", via="cli", command="lead forget") as draft:
        draft.remove("lead", 3)
    with store.writing(actor="petr", via="cli", command="deal set") as draft:
        draft.update("deal", 257, {"stage": None})
        draft.update("deal", 257, {"stage": "new", "title": "Песок"})
    with store.writing(actor="petr", via="cli", command="deal set") as draft:
        draft.update("deal", 2, {"amount": {"amount": "100.00", "currency": "RUB"}})


def state(store: Store) -> dict[str, list[Doc]]:
    """Return every record of a store, without revisions."""
    found: dict[str, list[Doc]] = {}
    for kind in store.kinds.values():
        for table in store.tables.each(kind.plural):
            for record_id in table.rows:
                doc = table.get(record_id) or {}
                found.setdefault(kind.name, []).append({key: value for key, value in doc.items() if key != "rev"})
    return found
