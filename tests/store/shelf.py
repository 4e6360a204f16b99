from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tinydb import TinyDB

from crm.model.money import Money
from crm.store import tally
from crm.store.commit import Store
from crm.store.draft import Draft
from crm.store.journal import Journal, Line, Position
from crm.store.schema import Column, Kind, Kinds
from crm.store.select import Selection, select

Doc = dict[str, Any]
Shelf = dict[str, dict[int, Doc]]
"""Documents by kind and id."""


def _keys(doc: Doc) -> Iterable[tuple[str, str]]:
    yield from (("phones", number[::-1]) for number in doc.get("phones", []))
    if "name" in doc:
        yield "=", doc["name"].casefold()


def _view(doc: Doc) -> Doc:
    return {**doc, "amount": Money.from_json(doc["amount"])} if "amount" in doc else doc


def _text(doc: Doc) -> str:
    return str(doc.get("name", ""))


def kind(name: str, plural: str) -> Kind:
    columns = {
        "name": Column("name", "text"),
        "stage": Column("stage", "text"),
        "count": Column("count", "integer"),
        "amount": Column("amount", "money"),
        "updated": Column("updated", "time"),
    }
    return Kind(name, plural, columns, (("stage", "updated"),), frozenset({"amount"}), _keys, _text, _view, ("stage",))


def kinds() -> Kinds:
    return {"deal": kind("deal", "deals"), "lead": kind("lead", "leads")}


class Ticking:
    """A clock that moves on by a minute at each look."""

    def __init__(self) -> None:
        self._minutes = itertools.count()

    def __call__(self) -> str:
        days, minutes = divmod(next(self._minutes), 24 * 60)
        return f"2026-{1 + days // 28:02}-{1 + days % 28:02}T{minutes // 60:02}:{minutes % 60:02}:00+00:00"


def open_store(data: Path, *, clock: Callable[[], str] | None = None, wait: float = 10) -> Store:
    (data / "journal").mkdir(parents=True, exist_ok=True)
    return Store(data, kinds(), clock=clock or Ticking(), wait=wait)


def write(store: Store, work: Callable[[Draft], object], command: str = "test") -> None:
    with store.writing(actor="olga", via="python", command=command) as draft:
        work(draft)


def shelf(store: Store) -> Shelf:
    """Return all that the index of a store shows."""
    return {
        name: {doc["id"]: doc for doc in select(store.index, one, Selection(trashed=None))}
        for name, one in store.kinds.items()
    }


def shelf_of_tables(data: Path, known: Kinds) -> Shelf:
    """Return all that stock TinyDB reads from the table files."""
    found: Shelf = {}
    for name, one in known.items():
        found[name] = {}
        for path in sorted((data / "tables" / one.plural).glob("*.json")):
            with TinyDB(path) as db:
                found[name] |= {doc.doc_id: dict(doc) for doc in db.table(one.plural).all()}
    return found


def shelf_of_journal(data: Path) -> Shelf:
    """Return all that the journal amounts to, replayed by the rules of its format alone."""
    found: Shelf = {}
    for line in lines(data):
        for change in line.changes:
            docs = found.setdefault(change.kind, {})
            if change.after is None:
                docs.pop(change.id)
            elif change.before is None:
                docs[change.id] = {**change.after, "rev": change.rev}
            else:
                kept = {k: v for k, v in docs[change.id].items() if k not in change.before}
                docs[change.id] = {**kept, **change.after, "rev": change.rev}
    return {name: dict(sorted(docs.items())) for name, docs in found.items()}


def lines(data: Path) -> list[Line]:
    """Read the whole journal; its chain is checked on the way."""
    return [line for line, _end in Journal(data / "journal").read(Position())]


def assert_agrees(store: Store) -> None:
    """Hold journal, table files and index to the same records."""
    shown = shelf(store)
    assert shelf_of_tables(store.data, store.kinds) == shown
    replayed = shelf_of_journal(store.data)
    assert {name: replayed.get(name, {}) for name in shown} == shown
    assert store.journal.ends_at(store.index.position())
    assert all(tally.holds(store.index, one) for one in store.kinds.values())


def strays(data: Path) -> list[str]:
    """List the files that nobody put there on purpose."""
    known = {"README.md", ".lock", ".delivery", "delivery.json", "format", "workspace-id"}
    found = []
    for folder, _folders, names in os.walk(data):
        top = Path(folder).relative_to(data).parts[:1]
        for name in names:
            own = top in (("cache",), ("log",)) or (not top and name in known)
            own = own or (top == ("journal",) and name.endswith(".jsonl"))
            own = own or (top == ("tables",) and (name == "kinds.json" or name[:-5].isdigit()))
            if not own:
                found.append(str(Path(folder, name).relative_to(data)))
    return found


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
