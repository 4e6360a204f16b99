"""The same work in stock TinyDB and in plain SQLite: one insert, and one list by stage and owner."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tinydb import TinyDB, where

from benchmarks.clock import pair
from benchmarks.table import Row
from benchmarks.workspaces import RECIPES, Fields
from crm.entrance import open_workspace
from crm.workspace import Workspace

FEW = 100_000
"""Beyond so many records stock TinyDB takes half a minute and gigabytes for each step: it is asked once."""
_CHOSEN = (where("stage") == "proposal") & (where("owner") == "olga")


def rows(folder: Path, root: Path, size: int, rounds: int) -> Iterator[Row]:
    """Measure an insert and a list against both."""
    dice = random.Random(1)
    docs = {str(number + 1): RECIPES["deal"](dice, number) for number in range(size)}
    stock, plain = _stock(folder, size, docs), _plain(folder, size, docs)
    few = min(rounds, 3) if size <= FEW else 1
    said = f"{size:,}"
    with open_workspace(root, actor="bench") as crm:
        added = pair(lambda: _add(crm), lambda: _insert(stock, docs["1"]), few, waiting=True)
        yield Row("insert, stock TinyDB is slower", "stock TinyDB", said, 1 / added.ratio, _least(size), most=False)
        found = pair(lambda: _list(crm), lambda: _search(stock), few)
        yield Row("list of 50, stock TinyDB is slower", "stock TinyDB", said, 1 / found.ratio, _least(size), most=False)
        added = pair(lambda: _add(crm), lambda: _insert_plainly(plain, docs["1"]), rounds, waiting=True)
        yield Row("insert: journaled, undoable, heard by plugins", "plain sqlite3, durable", said, added.ratio, 0)
        found = pair(lambda: _list(crm), lambda: _select(plain), rounds)
        yield Row("list of 50: rights asked, records made", "plain sqlite3, the same index", said, found.ratio, 0)
    plain.close()


def _least(size: int) -> float:
    return 100 if size >= FEW else 0


def _stock(folder: Path, size: int, docs: dict[str, Fields]) -> Path:
    path = folder / f"stock-{size}.json"
    path.write_text(json.dumps({"deals": docs}))
    return path


def _plain(folder: Path, size: int, docs: dict[str, Fields]) -> sqlite3.Connection:
    path = folder / f"plain-{size}.sqlite"
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE deal(id INTEGER PRIMARY KEY, stage TEXT, owner TEXT, doc TEXT)")
    with db:
        rows = ((doc["stage"], doc["owner"], json.dumps(doc)) for doc in docs.values())
        db.executemany("INSERT INTO deal(stage, owner, doc) VALUES(?, ?, ?)", rows)
        db.execute("CREATE INDEX deal_stage ON deal(stage, owner)")
    return db


def _add(crm: Workspace) -> None:
    crm.deals.add(title="Поставка щебня", amount="1500", stage="proposal")


def _list(crm: Workspace) -> int:
    return len(list(crm.deals.find(_CHOSEN, limit=50)))


def _insert(path: Path, doc: Fields) -> None:
    with TinyDB(path) as db:
        db.table("deals").insert(dict(doc))


def _search(path: Path) -> int:
    with TinyDB(path) as db:
        return len(db.table("deals").search(_CHOSEN)[:50])


def _insert_plainly(db: sqlite3.Connection, doc: Fields) -> None:
    with db:
        row = (doc["stage"], doc["owner"], json.dumps(doc))
        db.execute("INSERT INTO deal(stage, owner, doc) VALUES(?, ?, ?)", row)


def _select(db: sqlite3.Connection) -> int:
    sql = "SELECT doc FROM deal WHERE stage = ? AND owner = ? ORDER BY id LIMIT 50"
    return len([json.loads(text) for (text,) in db.execute(sql, ("proposal", "olga"))])
