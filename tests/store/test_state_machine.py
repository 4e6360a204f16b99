from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tinydb.queries import where

from crm.errors import NotFound
from crm.store.draft import Draft
from crm.store.past import PastStore
from crm.store.select import Selection, count, select
from tests.store.shelf import Doc, Shelf, Ticking, assert_agrees, open_store, shelf, write

KINDS = st.sampled_from(["deal", "lead"])
STAGES = st.sampled_from(["new", "proposal", "contract"])
MONEY = st.builds(lambda n: {"amount": f"{n}.00", "currency": "RUB"}, st.integers(0, 900))
FIELDS = st.fixed_dictionaries(
    {"name": st.sampled_from(["Ромашка", "Олег", "x\ny", "«»\u2028"])},
    optional={
        "stage": STAGES,
        "count": st.integers(-5, 5),
        "amount": MONEY,
        "phones": st.lists(st.sampled_from(["+79161234567", "+380441234567"]), min_size=1, max_size=2, unique=True),
        "extra": st.recursive(st.booleans() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=2)),
    },
)
CLEARED: dict[str, st.SearchStrategy[Any]] = {"stage": STAGES | st.none(), "count": st.integers(-5, 5) | st.none()}
EDITS = st.fixed_dictionaries({}, optional=CLEARED | {"amount": MONEY | st.none(), "name": st.text(max_size=4)})
STEPS = st.lists(st.tuples(st.sampled_from(["create", "update", "remove"]), KINDS, st.integers(0, 9), FIELDS, EDITS))
BY_STORE = ("id", "rev", "created", "updated")


class Oracle:
    """What the store has to hold, kept in plain dicts."""

    def __init__(self) -> None:
        self.docs: Shelf = {"deal": {}, "lead": {}}
        self.next = {"deal": 1, "lead": 1}

    def plain(self) -> Shelf:
        return {kind: dict(sorted(docs.items())) for kind, docs in self.docs.items()}

    def create(self, kind: str, fields: Doc) -> None:
        self.docs[kind][self.next[kind]] = dict(fields)
        self.next[kind] += 1

    def update(self, kind: str, record_id: int, fields: Doc) -> None:
        doc = {**self.docs[kind][record_id], **fields}
        self.docs[kind][record_id] = {name: value for name, value in doc.items() if value is not None}

    def remove(self, kind: str, record_id: int) -> None:
        del self.docs[kind][record_id]

    def forget_unborn(self, first: dict[str, int]) -> None:
        """Free the ids of records that were made and removed within one change set: nobody ever saw them."""
        for kind, docs in self.docs.items():
            self.next[kind] = max([first[kind] - 1, *docs]) + 1


def without_notes(docs: Shelf) -> Shelf:
    return {
        kind: {key: {n: v for n, v in doc.items() if n not in BY_STORE} for key, doc in of_kind.items()}
        for kind, of_kind in docs.items()
    }


class StoreMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.unflushed = patch("crm.store.disk.flush")
        self.unflushed.start()
        self.clock = Ticking()
        self.oracle = Oracle()
        self.past: dict[int, Shelf] = {}

    @initialize()
    def begin(self) -> None:
        self.store = open_store(self.root / "data", clock=self.clock)
        self.past[0] = shelf(self.store)

    def remember(self) -> None:
        self.past[self.store.number] = shelf(self.store)

    def pick(self, kind: str, choice: int) -> int | None:
        ids = sorted(self.oracle.docs[kind])
        return ids[choice % len(ids)] if ids else None

    @rule(steps=STEPS)
    def commit_several(self, steps: list[Any]) -> None:
        first = dict(self.oracle.next)
        write(self.store, lambda draft: self.play(draft, steps))
        self.oracle.forget_unborn(first)
        self.remember()

    def play(self, draft: Draft, steps: list[Any]) -> None:
        for verb, kind, choice, fields, edits in steps:
            record_id = self.pick(kind, choice)
            if verb == "create" or record_id is None:
                draft.create(kind, fields)
                self.oracle.create(kind, fields)
            elif verb == "update":
                draft.update(kind, record_id, edits)
                self.oracle.update(kind, record_id, edits)
            else:
                draft.remove(kind, record_id)
                self.oracle.remove(kind, record_id)

    @rule(kind=KINDS, fields=FIELDS)
    def commit_many(self, kind: str, fields: Doc) -> None:
        """Cross the border of a table file."""

        def several(draft: Draft) -> None:
            for _n in range(150):
                draft.create(kind, fields)
                self.oracle.create(kind, fields)

        write(self.store, several)
        self.remember()

    @rule(kind=KINDS, fields=FIELDS)
    def fail_inside(self, kind: str, fields: Doc) -> None:
        number = self.store.number

        def fail(draft: Draft) -> None:
            draft.create(kind, fields)
            draft.remove(kind, 10**6)

        with pytest.raises(NotFound):
            write(self.store, fail)
        assert self.store.number == number

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.root / "data", clock=self.clock)

    @rule()
    def lose_the_index(self) -> None:
        self.store.close()
        shutil.rmtree(self.root / "data" / "cache")
        self.store = open_store(self.root / "data", clock=self.clock)

    @precondition(lambda self: len(self.past) > 1)
    @rule(choice=st.integers(0, 10**6))
    def look_back(self, choice: int) -> None:
        numbers = sorted(self.past)
        number = numbers[choice % len(numbers)]
        past = PastStore(self.store, number, clock=self.clock)
        assert shelf(past) == self.past[number]
        past.close()

    @rule(stage=STAGES, least=st.integers(-5, 5))
    def ask(self, stage: str, least: int) -> None:
        query = (where("stage") == stage) | (where("count") >= least)
        kind = self.store.kinds["deal"]
        found = [doc["id"] for doc in select(self.store.index, kind, Selection(query))]
        wanted = [
            key
            for key, doc in sorted(self.oracle.docs["deal"].items())
            if doc.get("stage") == stage or doc.get("count", -100) >= least
        ]
        assert found == wanted
        assert count(self.store.index, kind, Selection(query)) == len(wanted)

    @invariant()
    def shows_what_was_written(self) -> None:
        assert without_notes(shelf(self.store)) == self.oracle.plain()
        assert {kind: self.store.index.next_id(kind) for kind in self.oracle.next} == self.oracle.next

    @invariant()
    def finds_by_phone(self) -> None:
        number = "+79161234567"
        found = self.store.index.lookup("deal", "phones", number[::-1])
        docs = self.oracle.docs["deal"]
        assert found == sorted(key for key, doc in docs.items() if number in doc.get("phones", []))

    def teardown(self) -> None:
        assert_agrees(self.store)
        self.store.close()
        self.unflushed.stop()
        shutil.rmtree(self.root)


TestStore = StoreMachine.TestCase
TestStore.settings = settings(
    max_examples=25, stateful_step_count=16, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
