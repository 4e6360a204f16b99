"""The working day: the light of clients, the points of a team, letters fetched, rules replayed."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.clock import pair, seconds
from benchmarks.table import Row
from benchmarks.workspaces import OWNERS, RECIPES, Fields
from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.sales.importing import BATCH
from crm.settings_file import change_setting
from crm.workspace import Workspace

CLIENTS, ACTIVITIES, LETTERS, EVENTS = 10_000, 100_000, 10_000, 100_000
_MONTH = "2026-05"


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Measure what a head and a salesman look at every day, and a night's letters."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        yield light(Path(place), rounds)
        yield points(Path(place), rounds)
        yield replaying(Path(place), rounds)
        yield from letters(Path(place))


def _workspace(folder: Path, name: str) -> Path:
    root = folder / name
    initialise(root, "ru", "RUB", "Скорость", "bench")
    return root


def _fill(crm: Workspace, noun: str, made: Iterator[Fields]) -> None:
    """Add records in large change sets, as an import does."""
    batch: list[Fields] = []
    for fields in made:
        batch.append(fields)
        if len(batch) == BATCH:
            _commit(crm, noun, batch)
            batch = []
    if batch:
        _commit(crm, noun, batch)


def _commit(crm: Workspace, noun: str, batch: list[Fields]) -> None:
    with crm.store.writing(actor="bench", via="benchmark", command="import") as draft:
        for fields in batch:
            draft.create(noun, fields)


# --- the light --------------------------------------------------------------------------------------------------------


def light(folder: Path, rounds: int) -> Row:
    """Measure the light of every client against one SQL pass that reads the same records."""
    from crm.plugins.control.report import control

    with open_workspace(_workspace(folder, "light"), actor="bench", via="benchmark") as crm:
        for noun, each in (("company", 1), ("contact", 1), ("deal", 2), ("activity", 3)):
            dice = random.Random(noun)
            _fill(crm, noun, (RECIPES[noun](dice, number) for number in range(CLIENTS * each)))

        def floor() -> list[dict[str, object]]:
            kept = (
                "SELECT doc FROM doc_company", "SELECT doc FROM doc_contact",
                "SELECT doc FROM doc_deal WHERE outcome IS NULL", "SELECT doc FROM doc_activity WHERE done IS NOT 1",
            )  # fmt: skip
            return [json.loads(doc) for sql in kept for (doc,) in crm.store.index.db.execute(sql)]

        measured = pair(lambda: control(crm), floor, rounds)
    return Row("light of every client", "one SQL pass that reads the same records", f"{CLIENTS:,}", measured.ratio, 3)


# --- the points -------------------------------------------------------------------------------------------------------


def points(folder: Path, rounds: int) -> Row:
    """Measure the points of a team over a month against one SQL aggregate over the same activities."""
    from crm.model.days import read_month
    from crm.plugins.motivator.report import Asked, standings

    root = _workspace(folder, "points")
    with open_workspace(root, actor="bench", via="benchmark") as crm:
        for login in OWNERS:
            crm.users.add(name=login, login=login, role="manager", department="sales")
        _fill(crm, "activity", _month_of_work())
        asked = Asked(month=read_month(_MONTH))
        sql = (
            "SELECT owner, kind, doc->>'$.direction', date(done_at, '+3 hours'), count(*), sum(points)"
            " FROM doc_activity WHERE done = 1 AND done_at >= ? AND done_at < ? GROUP BY 1, 2, 3, 4"
        )
        span = (f"{_MONTH}-01", "2026-06-01")
        measured = pair(lambda: standings(crm, asked), lambda: crm.store.index.db.execute(sql, span).fetchall(), rounds)
    return Row("points of a team in a month", "one SQL aggregate", f"{ACTIVITIES:,}", measured.ratio, 3)


def _month_of_work() -> Iterator[Fields]:
    dice = random.Random("work")
    for number in range(ACTIVITIES):
        day, hour = dice.randrange(1, 32), dice.randrange(6, 15)
        yield {
            "owner": dice.choice(OWNERS),
            "kind": dice.choice(("call", "call", "call", "meeting", "letter")),
            "direction": dice.choice(("in", "out")),
            "subject": f"Позвонить {number}",
            "points": dice.choice((1, 1, 5)),
            "done": True,
            "done_at": f"{_MONTH}-{day:02d}T{hour:02d}:00:00+00:00",
        }


# --- rules ------------------------------------------------------------------------------------------------------------

_RULE = """rules:
  - {id: call, on: lead_created, if: 'source = site', then: [{activity: {kind: call, subject: "Позвонить: {name}"}}]}
"""


def replaying(folder: Path, rounds: int) -> Row:
    """Measure rules replayed over a history of events against ten times a tenth of it."""
    from crm.plugins.automation.replay import replay
    from crm.plugins.automation.rule import rules_of

    opened = []
    for count in (EVENTS, EVENTS // 10):
        root = _workspace(folder, f"events-{count}")
        (root / "config" / "rules.yaml").write_text(_RULE, encoding="utf-8")
        crm = open_workspace(root, actor="bench", via="benchmark")
        _tell_leads(crm, count)
        opened.append(crm)

    def replayed(crm: Workspace, times: int) -> None:
        for _time in range(times):
            replay(crm, rules_of(crm), "2020-01-01")

    many, few = opened
    measured = pair(lambda: replayed(many, 1), lambda: replayed(few, 10), min(rounds, 3))
    for crm in opened:
        crm.close()
    return Row("rules replayed, growth", f"ten times over {EVENTS // 10:,}", f"{EVENTS:,}", measured.ratio, 1.25)


def _tell_leads(crm: Workspace, count: int) -> None:
    dice = random.Random("events")
    for start in range(0, count, 100):
        with crm.store.writing(actor="bench", via="benchmark", command="lead add") as draft:
            for number in range(start, start + 100):
                lead = draft.create("lead", RECIPES["lead"](dice, number))
                draft.emit("on_lead_created", f"lead/{lead['id']}")


# --- letters ----------------------------------------------------------------------------------------------------------


def letters(folder: Path) -> Iterator[Row]:
    """Measure the memory of fetching letters from a real IMAP server against fetching a tenth of them."""
    if shutil.which("dovecot") is None and not Path("/usr/sbin/dovecot").exists():
        return
    many, few = (_fetched(folder, count) for count in (LETTERS, LETTERS // 10))
    yield Row(f"{LETTERS:,} letters fetched, memory", f"of {LETTERS // 10:,} letters", "", many[0] / few[0], 1.25)
    yield Row(f"{LETTERS:,} letters fetched, growth", "a letter of a tenth of them", "", many[1] / few[1] / 10, 1.5)


def _fetched(folder: Path, count: int) -> tuple[float, float]:
    """Return the largest memory in MB and the processor time of fetching so many letters in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.day", str(folder), str(count)], check=True, stdout=subprocess.PIPE, text=True
    )
    memory, taken = done.stdout.split()
    return float(memory), float(taken)


def _fetch(folder: Path, count: int) -> None:
    from tests.plugins.mailbox.dovecot import PASSWORD, Dovecot

    with tempfile.TemporaryDirectory(prefix="dovecot-") as place:
        Path(place).chmod(0o755)
        server = Dovecot(Path(place))
        try:
            _put(Path(place) / "mail" / "many", count)
            root = _workspace(folder, f"letters-{count}")
            change_setting(root / "config" / "mailbox.yaml", ["boxes"], [_box(server.port)])
            os.environ["CRM_IMAP_PASSWORD"] = PASSWORD
            with open_workspace(root, actor="bench") as crm:
                boxes: Any = crm.collection("mailbox")
                taken = seconds(boxes.fetch)
                found = crm.collection("letter").count()
        finally:
            server.stop()
    if found != count:
        raise SystemExit(f"{found} of {count} letters came")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, taken)


def _box(port: int) -> dict[str, object]:
    return {
        "name": "info", "address": "info@romashka.ru", "host": "127.0.0.1", "port": port, "tls": "none", "user": "many",
    }  # fmt: skip


def _put(box: Path, count: int) -> None:
    """Lay letters into a Maildir, as a server would have got them overnight."""
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    text = "Добрый день! Пришлите, пожалуйста, цены.\r\n" * 40
    for number in range(count):
        head = (
            f"From: client{number % 500}@example.ru\r\nTo: info@romashka.ru\r\nSubject: Price {number}\r\n"
            f"Date: Mon, 23 Nov 2026 10:00:00 +0300\r\nMessage-Id: <{number}@example.ru>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        )
        (box / "new" / f"{1_700_000_000 + number}.M{number}.bench").write_text(head + text, "utf-8", newline="")
    for path in (box, *box.iterdir(), *box.glob("*/*")):
        shutil.chown(path, "nobody")


if __name__ == "__main__":
    _fetch(Path(sys.argv[1]), int(sys.argv[2]))
