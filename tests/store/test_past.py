from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from tinydb.queries import where

from crm.diff import Difference, diff
from crm.entrance import open_workspace
from crm.errors import CrmError, InvalidValue, NotFound, Refused
from crm.sales.trash import purge
from crm.sales.undo import redo, undo
from crm.store.commit import Store
from crm.store.draft import Draft
from crm.store.past import PastStore, number_at
from crm.store.search import find
from crm.store.select import Selection, select, totals
from crm.workspace import Workspace
from tests.conftest import make_workspace
from tests.sales.commands import Commands
from tests.store.shelf import Doc, Ticking, open_store, shelf, write

MONEY = {"amount": "100.00", "currency": "RUB"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.store.disk.flush", lambda _descriptor: None)
    monkeypatch.setenv("CRM_PLUGINS", "none")


class Days:
    """A clock that moves on by an hour at each change set."""

    def __init__(self) -> None:
        self.hours = count()

    def __call__(self) -> str:
        return (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=next(self.hours))).isoformat(timespec="seconds")


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(make_workspace(tmp_path / "shop"), actor="olga") as opened:
        opened.store.clock = Days()
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "data")) as opened:
        yield opened


def creating(fields: Doc) -> Callable[[Draft], object]:
    return lambda draft: draft.create("deal", fields)


def exported(crm: Workspace) -> str:
    """Return everything that can be read of a workspace, to the byte."""
    everything = [one for noun in crm.nouns for one in crm.collection(noun).find(trashed=None)]
    records = [crm.collection(one.noun).export(one) for one in everything]
    lists = [[one.id for one in crm.deals.find(sort=key)] for key in ("-updated", "title", "-amount")]
    board = [list(group) for group in crm.deals.totals("pipeline", "stage", money="amount")]
    open_deals = crm.deals.count(~where("outcome").exists())
    found = [sorted(one.ref for one in crm.find(text, limit=10**6)) for text in ("москва", "1234511", "ромашка", "ол")]
    log = [line.n for one in everything for line in crm.collection(one.noun).history(one.id)]
    return json.dumps([records, lists, sorted(map(repr, board)), open_deals, found, log], ensure_ascii=False)


@pytest.mark.parametrize("seed", range(6))
def test_the_past_is_the_same_whatever_is_edited_later(crm: Workspace, seed: int) -> None:
    commands = Commands(seed)
    told = {crm.store.number: exported(crm)}
    for step in range(60):
        if step % 12 in (7, 9):
            tried(undo if step % 12 == 7 else redo, crm)
        elif step % 20 == 15:
            commands.purge(crm)
        else:
            commands.run(crm)
        told[crm.store.number] = exported(crm)
    assert_told(crm, told)
    crm.close()
    shutil.rmtree(crm.root / "data" / "cache")
    with open_workspace(crm.root, actor="olga") as again:
        assert_told(again, told)


def tried(verb: Callable[[Workspace], object], crm: Workspace) -> None:
    with suppress(CrmError):
        verb(crm)


def assert_told(crm: Workspace, told: dict[int, str]) -> None:
    for number, answer in told.items():
        with crm.at(number) as past:
            assert exported(past) == answer, f"change {number} of {crm.store.number}"


def test_a_day_ends_where_the_workspace_is(crm: Workspace) -> None:
    crm.settings.account.__dict__["time_zone"] = "Europe/Moscow"
    times = iter(["2026-03-01T20:59:59+00:00", "2026-03-01T21:00:00+00:00", "2026-03-05T00:00:00+00:00"])
    last = "2026-03-05T00:00:00+00:00"
    crm.store.clock = lambda: next(times, last)
    crm.leads.add(name="Первый")
    crm.leads.add(name="Второй")
    crm.leads.add(name="Третий")
    assert [crm.at(f"2026-03-0{n}").leads.count() for n in (1, 2, 4, 5)] == [1, 2, 2, 3]
    assert crm.at(date(2026, 2, 28)).leads.count() == 0
    assert crm.at(datetime(2026, 3, 1, 20, 59, 59, tzinfo=UTC)).leads.count() == 1
    assert crm.at("2026-03-02 00:00").leads.count() == 2
    assert crm.at(2).leads.count() == 2
    assert crm.at("2027-01-01").leads.count() == 3


def test_today_is_the_day_of_the_moment(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    past = crm.at("2026-03-01")
    assert past.today() == date(2026, 3, 1)
    assert past.store.clock() <= "2026-03-01T23:59:59+00:00"
    assert past.customs.today() == date(2026, 3, 1)
    assert crm.today() != date(2026, 3, 1)


def test_the_past_cannot_be_changed(crm: Workspace) -> None:
    lead = crm.leads.add(name="Первый")
    with crm.at(1) as past:
        for write_ in (
            lambda: past.leads.add(name="Второй"),
            lambda: past.leads.delete(lead.id),
            lambda: undo(past),
            lambda: past.tinydb().table("leads").truncate(),
        ):
            with pytest.raises(Refused, match="past"):
                write_()
        assert past.tinydb().table("leads").all() == [lead.doc]
    assert crm.store.number == 1


def test_what_was_not_yet_is_refused(crm: Workspace) -> None:
    with pytest.raises(NotFound, match="change 7"):
        crm.at(7)
    with pytest.raises(InvalidValue):
        crm.at("long ago")


def test_rights_are_those_of_today(crm: Workspace) -> None:
    lead = crm.leads.add(name="Первый", owner="anna")
    crm.users.add(name="Boss", login="boss", role="admin")
    with open_workspace(crm.root, actor="stranger") as other, other.at(1) as past:
        assert past.guard.may("delete", "lead", None) is other.guard.may("delete", "lead", None) is False
        assert past.leads.get(lead.id).owner == "anna"
        assert past.users.count() == 0


def test_what_others_write_meanwhile_does_not_shine_through(crm: Workspace) -> None:
    lead = crm.leads.add(name="Первый", comment="один")
    with crm.at(1) as past:
        crm.leads.set(lead.id, comment="два", name="Другой")
        crm.leads.add(name="Второй")
        assert (past.leads.get(1).comment, past.leads.count()) == ("один", 1)
        assert find(past.store, "первый") == [("lead", 1)]
        assert find(past.store, "второй") == []
        assert [line.n for line in past.leads.history(1)] == [1]


def test_removed_and_restored_records(store: Store) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а", "count": 1, "phones": ["+79161234567"]}))
    write(store, lambda draft: draft.update("deal", 1, {"count": None, "stage": "new", "amount": MONEY}))
    write(store, lambda draft: draft.remove("deal", 1))
    write(store, lambda draft: draft.recreate("deal", 1, {"name": "б", "phones": ["+380441234567"]}, 4))
    write(store, lambda draft: draft.update("deal", 1, {"name": "в"}))
    shown = {}
    for number in range(6):
        with closing(PastStore(store, number, clock=Ticking())) as past:
            doc = past.index.get("deal", 1)
            shown[number] = doc and {key: doc.get(key) for key in ("rev", "name", "count", "stage")}
            assert past.index.lookup("deal", "phones", "+79161234567"[::-1]) == ([1] if number in (1, 2) else [])
            assert past.number == number
    assert shown == {
        0: None,
        1: {"rev": 1, "name": "а", "count": 1, "stage": None},
        2: {"rev": 2, "name": "а", "count": None, "stage": "new"},
        3: None,
        4: {"rev": 4, "name": "б", "count": None, "stage": None},
        5: {"rev": 5, "name": "в", "count": None, "stage": None},
    }


def test_sums_and_orders_of_the_past(store: Store) -> None:
    deal = store.kinds["deal"]
    for n in range(1, 5):
        write(store, creating({"name": "гвба"[n - 1], "stage": "new", "amount": MONEY}))
    write(store, lambda draft: [draft.update("deal", n, {"stage": "won", "name": "я"}) for n in (1, 2)])
    with closing(PastStore(store, 4, clock=Ticking())) as past:
        assert list(totals(past.index, deal, Selection(), ("stage",), "amount")) == [(("new",), "RUB", 4, 4_000_000)]
        assert [doc["id"] for doc in select(past.index, deal, Selection(sort=("name",)))] == [4, 3, 2, 1]
        assert [doc["id"] for doc in select(past.index, deal, Selection(sort=("-id",), limit=2, offset=1))] == [3, 2]
    assert len(list(totals(store.index, deal, Selection(), ("stage",), "amount"))) == 2


def test_one_record_is_read_from_the_past_without_a_scan(store: Store) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а"}))
    with closing(PastStore(store, 0, clock=Ticking())) as past:
        plan = past.index.db.execute('EXPLAIN QUERY PLAN SELECT doc FROM "doc_deal" WHERE id = 1').fetchall()
        keys = past.index.db.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM key WHERE kind = 'deal' AND field = 'x' AND value = 'y'"
        ).fetchall()
    steps = [row[3] for row in plan]
    assert any("SEARCH new USING INTEGER PRIMARY KEY" in step for step in steps)
    assert not any("SCAN new" in step for step in steps)
    assert any("SEARCH new USING" in row[3] for row in keys)


@pytest.mark.parametrize("searched", [0, 2, 4])
def test_search_in_the_past_whenever_words_were_indexed(store: Store, searched: int) -> None:
    names = ["ромашка", "лютик", "ромашка и лютик", "василёк"]
    for number, name in enumerate(names, 1):
        write(store, creating({"name": name}))
        if number == searched:
            find(store, "кто")
    write(store, lambda draft: draft.update("deal", 1, {"name": "клевер"}))
    write(store, lambda draft: draft.remove("deal", 2))

    def at(number: int, text: str) -> list[int]:
        with closing(PastStore(store, number, clock=Ticking())) as past:
            return sorted(key for _kind, key in find(past, text))

    assert [at(number, "ромашка") for number in (0, 1, 2, 3, 5, 6)] == [[], [1], [1], [1, 3], [3], [3]]
    assert [at(number, "лютик") for number in (1, 3, 6)] == [[], [2, 3], [3]]
    assert [at(number, "кл") for number in (4, 5)] == [[], [1]]


def test_a_past_of_a_folder_that_may_not_be_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    write(store, lambda draft: draft.create("deal", {"name": "а"}))
    write(store, lambda draft: draft.update("deal", 1, {"name": "б"}))
    monkeypatch.setattr("os.access", lambda *_args: False)
    with closing(PastStore(store, 1, clock=Ticking())) as past:
        assert [doc["name"] for doc in shelf(past)["deal"].values()] == ["а"]


def test_numbers_of_moments(store: Store) -> None:
    for _n in range(5):
        write(store, lambda draft: draft.create("deal", {"name": "а"}))
    times = [line.time for line, _end in store.journal.read(store.journal.find(1))]  # type: ignore[arg-type]
    assert number_at(store, "2025-01-01T00:00:00+00:00") == 0
    assert number_at(store, times[-1]) == 5
    assert number_at(store, times[0]) == 2
    assert number_at(store, "2030-01-01T00:00:00+00:00") == 5


def test_what_changed_between_two_moments(crm: Workspace) -> None:
    one = crm.leads.add(name="Первый", comment="а")
    two = crm.leads.add(name="Второй")
    crm.leads.set(one.id, comment="б")
    crm.leads.set(one.id, comment="в", source="site")
    crm.leads.set(two.id, comment="туда")
    crm.leads.set(two.id, comment="")
    crm.leads.delete(two.id)
    purge(crm, days=0)
    crm.contacts.add(name="Олег")
    assert list(diff(crm, 2, 6)) == [
        Difference("lead/1", "Первый", "source", None, "site"),
        Difference("lead/1", "Первый", "comment", "а", "в"),
    ]
    late = {(change.ref, change.field): (change.old, change.new) for change in diff(crm, 2)}
    assert late["contact/1", "name"] == (None, "Олег")
    assert late["lead/2", "name"] == ("Второй", None)
    assert list(diff(crm, 3, 3)) == []
    assert list(diff(crm, "2020-01-01", "2020-01-02")) == []


def test_differences_follow_the_rights(crm: Workspace) -> None:
    crm.leads.add(name="Первый", owner="anna")
    crm.users.add(name="Boss", login="boss", role="admin")
    (crm.root / "config" / "access.yaml").write_text(
        "roles:\n"
        "  admin: {title: A, create: true, read: all, edit: all, delete: true, export: true, settings: true}\n"
        "  manager: {title: M, create: true, read: own, edit: own, delete: false, export: false, settings: false}\n"
        "unknown_login: manager\n"
    )
    with open_workspace(crm.root, actor="oleg") as other:
        assert not [change for change in diff(other, 0) if change.ref == "lead/1"]
    with open_workspace(crm.root, actor="anna") as owner:
        assert [change for change in diff(owner, 0) if change.ref == "lead/1"]


def test_differences_are_read_from_the_records_that_changed_alone(
    crm: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        crm.leads.add(name=f"Лид {number}")
    crm.leads.set(3, comment="а")
    crm.leads.set(3, comment="б")
    read: list[tuple[str, int]] = []
    doc = crm.doc

    def watched(kind: str, record_id: int) -> Doc | None:
        read.append((kind, record_id))
        return doc(kind, record_id)

    monkeypatch.setattr(crm, "doc", watched)
    assert list(diff(crm, 5)) == [Difference("lead/3", "Лид 2", "comment", None, "б")]
    assert read == [("lead", 3)]
    assert next(iter(diff(crm, 0))).ref == "lead/1"
    assert read[1:] == [("lead", 1)]


def test_differences_are_those_of_the_two_moments(crm: Workspace) -> None:
    for number in range(4):
        crm.leads.add(name=f"Лид {number}")
    for number, comment in enumerate(["а", "б", "", "в"]):
        crm.leads.set(number % 2 + 1, comment=comment)
    crm.leads.delete(2)
    purge(crm, days=0)
    undo(crm)
    redo(crm)
    for start in range(crm.store.number + 1):
        for end in range(start, crm.store.number + 1):
            found = {(change.ref, change.field): (change.old, change.new) for change in diff(crm, start, end)}
            assert found == _differences(crm, start, end), (start, end)


def _differences(crm: Workspace, start: int, end: int) -> dict[tuple[str, str], tuple[object, object]]:
    with crm.at(start) as earlier, crm.at(end) as later:
        pairs = [(number, earlier.doc("lead", number) or {}, later.doc("lead", number) or {}) for number in range(1, 5)]
    return {
        (f"lead/{number}", name): (old.get(name), new.get(name))
        for number, old, new in pairs
        for name in old.keys() | new.keys()
        if old.get(name) != new.get(name) and name not in ("id", "rev", "created", "updated")
    }


def test_moments_that_were_not_are_not_compared(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    with pytest.raises(NotFound):
        diff(crm, 0, 9)
    with pytest.raises(InvalidValue):
        diff(crm, 1, 0)
