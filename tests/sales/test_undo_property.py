from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.entrance import open_workspace
from crm.errors import CrmError, NotFound
from crm.sales.undo import redo, undo
from crm.store import history
from crm.workspace import Workspace
from tests.conftest import make_workspace
from tests.sales.commands import Commands, Doc, documents
from tests.sales.paper_commands import PaperCommands

COUNTED_UP = ("rev", "updated")
PEOPLE = pytest.mark.parametrize("people", [Commands, PaperCommands])


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.store.disk.flush", lambda _descriptor: None)


@contextmanager
def shop(people: type[Commands]) -> Iterator[Workspace]:
    """Open a new workspace: a bare one for sales people, one with every built-in plugin for those with papers."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        if people is Commands:
            patch.setenv("CRM_PLUGINS", "none")
        else:
            patch.delenv("CRM_PLUGINS", raising=False)
        with open_workspace(make_workspace(Path(folder)), actor="olga") as crm:
            yield crm


@PEOPLE
@given(seed=st.integers(0, 10**9), before=st.integers(0, 8), steps=st.integers(1, 25))
@settings(max_examples=25, deadline=None)
def test_what_is_undone_newest_first_is_as_it_was_and_redo_brings_it_back(
    people: type[Commands], seed: int, before: int, steps: int
) -> None:
    commands = people(seed)
    with shop(people) as crm:
        for _n in range(before):
            commands.run(crm)
        states = [documents(crm, without=COUNTED_UP)]
        for _n in range(steps):
            if commands.run(crm):
                states.append(documents(crm, without=COUNTED_UP))
        for state in reversed(states[:-1]):
            undo(crm)
            assert documents(crm, without=COUNTED_UP) == state
        for state in states[1:]:
            redo(crm)
            assert documents(crm, without=COUNTED_UP) == state
        with pytest.raises(NotFound, match="redo"):
            redo(crm)


@PEOPLE
@given(seed=st.integers(0, 10**9), moves=st.lists(st.booleans(), max_size=30))
@settings(max_examples=25, deadline=None)
def test_undo_and_redo_walk_along_one_line(people: type[Commands], seed: int, moves: list[bool]) -> None:
    """Undo and redo in any order lead to the states that the commands went through, and nowhere else."""
    commands = people(seed)
    with shop(people) as crm:
        states = [documents(crm, without=COUNTED_UP)]
        while len(states) < 6:
            if commands.run(crm):
                states.append(documents(crm, without=COUNTED_UP))
        at = len(states) - 1
        for back in moves:
            following = at - 1 if back else at + 1
            if 0 <= following < len(states):
                (undo if back else redo)(crm)
                at = following
            else:
                with pytest.raises(NotFound):
                    (undo if back else redo)(crm)
            assert documents(crm, without=COUNTED_UP) == states[at]


@PEOPLE
@given(seed=st.integers(0, 10**9))
@settings(max_examples=10, deadline=None)
def test_an_undo_by_number_changes_all_or_nothing(people: type[Commands], seed: int) -> None:
    """Whatever change set is undone, the records it touched are as before it, or nothing changed at all."""
    commands = people(seed)
    with shop(people) as crm:
        for _n in range(25):
            commands.run(crm)
        for number in range(1, crm.store.number + 1):
            before, count = documents(crm), crm.store.number
            try:
                undo(crm, number)
            except CrmError:
                assert documents(crm) == before
                assert crm.store.number == count
                continue
            with crm.at(number - 1) as past:
                assert_taken_back(number, documents(crm), documents(past), crm)


def assert_taken_back(number: int, now: dict[str, Doc], then: dict[str, Doc], crm: Workspace) -> None:
    line = history.line(crm.store, number)
    assert line is not None
    for change in line.changes:
        assert (change.ref in now) is (change.ref in then)
        for name in {*(change.before or {}), *(change.after or {})} - {"rev", "updated"}:
            assert now.get(change.ref, {}).get(name) == then.get(change.ref, {}).get(name)
