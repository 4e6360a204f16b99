"""What happens inside one process: a durable change, an import, the index, lists and reports."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks import others
from benchmarks.clock import pair, peak_megabytes, seconds
from benchmarks.processes import crm as crm_command
from benchmarks.table import Row
from benchmarks.workspaces import SHARES, make
from crm.entrance import open_workspace
from crm.workspace import Workspace

ROWS = 100_000
DJANGO_DEALS, DJANGO_LIST = 10_000, 158
"""DjangoCRM's list over so many deals in milliseconds; it is not installed here, so the machine is another one."""


def rows(folder: Path, roots: dict[int, Path], rounds: int) -> Iterator[Row]:
    """Measure everything that is not a whole process."""
    largest = max(roots)
    for size, root in roots.items():
        yield one_change(root, size, rounds)
    yield from importing(folder, min(ROWS, largest))
    yield rebuilding(roots, rounds)
    with open_workspace(roots[largest], actor="bench") as crm:
        yield funnel(crm, largest, rounds)
    yield from screens(roots[largest], largest, rounds)
    yield djangocrm(folder, rounds)
    for size, root in roots.items():
        yield from others.rows(folder, root, size, rounds)


def one_change(root: Path, size: int, rounds: int) -> Row:
    """Measure a durable change against an append with fsync and one table file written, flushed and renamed."""
    table = root / "data" / "tables" / "deals" / "00000.json"
    line, body = b"x" * 500, table.read_bytes()

    def floor() -> None:
        for _change in range(20):
            _append(root / "floor.log", line)
            _replace(root / "floor.json", body)

    with open_workspace(root, actor="bench") as crm:
        titles = iter(range(10**9))

        def ours() -> None:
            for _change in range(20):
                crm.deals.set(7, comment=f"note {next(titles)}")

        measured = pair(ours, floor, rounds, waiting=True)
    return Row("one change, durable", "append + fsync, write + fsync + rename", f"{size:,}", measured.ratio, 2)


def _append(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(descriptor, data)
    os.fsync(descriptor)
    os.close(descriptor)
    fresh.replace(path)


def importing(folder: Path, count: int) -> Iterator[Row]:
    """Measure an import of CSV rows against encoding, writing and inserting the same rows, and its memory."""
    from crm.cli.main import run

    source, tenth = _leads(folder, count), _leads(folder, count // 10)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        root = make(Path(place), 100)
        ours = seconds(lambda: run(["-w", str(root), "import", str(source), "--into", "lead", "--yes"]))
        floor = min(seconds(lambda: _plain_import(source, Path(place))) for _round in range(3))
        yield Row(f"import of {count:,} CSV rows", "encode, write, insert", "", ours / floor, 4)
        tops = []
        for number, file in enumerate((source, tenth)):
            fresh = make(Path(place) / str(number), 100)
            tops.append(peak_megabytes(crm_command("import", str(file), "--into", "lead", "--yes"), str(fresh)))
    yield Row(f"import of {count:,} CSV rows, memory", f"of {count // 10:,} rows", "", tops[0] / tops[1], 1.5)


def _leads(folder: Path, count: int) -> Path:
    source = folder / f"leads-{count}.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "phones", "emails", "source", "amount"])
        writer.writerows(
            [
                f"Москва, Василий {n}",
                f"8 916 {n % 1000:03d}-{n // 1000 % 100:02d}-{n % 97:02d}",
                f"v{n}@example.ru",
                "site",
                f"{n}.00",
            ]
            for n in range(count)
        )
    return source


def _plain_import(source: Path, place: Path) -> None:
    (place / "plain.sqlite").unlink(missing_ok=True)
    db = sqlite3.connect(place / "plain.sqlite")
    db.execute("CREATE TABLE lead(id INTEGER PRIMARY KEY, doc TEXT)")
    with source.open(encoding="utf-8", newline="") as file, (place / "plain.jsonl").open("w") as out:
        texts = [json.dumps(row, ensure_ascii=False) for row in csv.DictReader(file)]
        out.writelines(text + "\n" for text in texts)
        out.flush()
        os.fsync(out.fileno())
    with db:
        db.executemany("INSERT INTO lead(doc) VALUES(?)", ((text,) for text in texts))
    db.close()


def rebuilding(roots: dict[int, Path], rounds: int) -> Row:
    """Measure the index built anew from the tables against parsing the same tables."""
    size = sorted(roots)[min(1, len(roots) - 1)]
    tables = sorted((roots[size] / "data" / "tables").glob("*/*.json"))

    def floor() -> None:
        for path in tables:
            json.loads(path.read_bytes())

    def ours() -> None:
        cache = roots[size] / "data" / "cache"
        for name in ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm"):
            (cache / name).unlink(missing_ok=True)
        open_workspace(roots[size], actor="bench").close()

    return Row("index built anew", "plain parse of the tables", f"{size:,}", pair(ours, floor, min(rounds, 3)).ratio, 3)


def funnel(crm: Workspace, size: int, rounds: int) -> Row:
    """Measure the funnel report against one SQL aggregate over the same deals."""
    from crm.plugins.reports.funnel import funnel as report

    sql = "SELECT stage, outcome, count(*), sum(amount) FROM doc_deal WHERE pipeline = ? GROUP BY 1, 2"
    measured = pair(lambda: report(crm), lambda: crm.store.index.db.execute(sql, ("sales",)).fetchall(), rounds)
    return Row("funnel", "one SQL aggregate", f"{size:,}", measured.ratio, 3)


def screens(root: Path, size: int, rounds: int) -> Iterator[Row]:
    """Measure pages of the console against rendering their templates with the data at hand."""
    from benchmarks.served import Console

    console = Console(root, "bench")
    for name, address in (("list of 100", "/deals"), ("board of 200", "/board/deal/sales?show=40")):
        render = console.template(address)
        assert render is not None
        measured = pair(partial(console.get, address), render, rounds)
        yield Row(name, "rendering its template", f"{size:,}", measured.ratio, 3)


def djangocrm(folder: Path, rounds: int) -> Row:
    """Compare a list over 10,000 deals with the milliseconds that DjangoCRM's took on another machine."""
    from benchmarks.served import Console

    console = Console(make(folder, DJANGO_DEALS * 100 // SHARES["deal"]), "bench")
    console.get("/deals")
    taken = statistics.median(seconds(lambda: console.get("/deals")) for _round in range(rounds)) * 1000
    against = f"its {DJANGO_LIST} ms, taken on another machine"
    return Row("list, DjangoCRM's is slower", against, "10,000", DJANGO_LIST / taken, 10, most=False)
