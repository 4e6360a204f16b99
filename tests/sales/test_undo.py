from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.entrance import open_workspace
from crm.errors import NotFound, Refused
from crm.sales.undo import redo, undo
from crm.store import history
from crm.workspace import Workspace
from tests.conftest import make_workspace
from tests.sales.commands import documents

REACTING = '''
"""Plans a call for each new lead."""
from crm import hookimpl

@hookimpl
def on_lead_created(crm, lead, event):
    crm.activities.add(kind="call", subject="Позвонить", about=lead.ref)

@hookimpl
def on_activity_added(crm, activity, event):
    crm.contacts.add(name="Из дела")
'''


@pytest.fixture
def crm(shop: Path) -> Iterator[Workspace]:
    with open_workspace(shop, actor="olga") as opened:
        yield opened


def test_a_conversion_is_undone_whole(crm: Workspace) -> None:
    lead = crm.leads.add(name="Москва, Василий, щебень", phones=["8 916 123-45-67"])
    before = documents(crm, without=("rev", "updated"))
    crm.leads.convert(lead.id, company="ООО Ромашка", deal=True, amount=26905)
    undone = undo(crm)
    assert (undone.numbers, undone.command) == ([2], "lead convert")
    assert set(undone.refs) == {"lead/1", "company/1", "contact/1", "deal/1"}
    assert documents(crm, without=("rev", "updated")) == before
    redo(crm)
    assert crm.deals.get(1).company == "company/1"
    assert crm.leads.get(1).stage == "converted"


def test_undo_is_refused_when_later_changes_depend_on_it(crm: Workspace) -> None:
    crm.leads.add(name="Первый", comment="а")
    crm.leads.set(1, comment="б")
    crm.leads.set(1, comment="в")
    with pytest.raises(Refused, match=r"lead/1 depend on change 2: 3 \(lead set, olga\)"):
        undo(crm, 2)
    with pytest.raises(Refused, match=r"change 1: 2 \(lead set, olga\), 3 \(lead set, olga\)"):
        undo(crm, 1)
    assert crm.leads.get(1).comment == "в"
    assert crm.store.number == 3


def test_a_later_change_of_another_field_does_not_stand_in_the_way(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    crm.leads.set(1, comment="б")
    crm.leads.set(1, source="site")
    undo(crm, 2)
    assert (crm.leads.get(1).comment, crm.leads.get(1).source) == ("", "site")


def test_a_record_that_others_link_to_is_not_taken_away(crm: Workspace) -> None:
    crm.contacts.add(name="Олег")
    crm.deals.add(title="Щебень", contacts=["contact/1"])
    with pytest.raises(Refused, match="contact/1 is linked from deal/1"):
        undo(crm, 1)
    undo(crm, 2)
    undo(crm, 1)
    assert documents(crm) == {}


def test_undo_by_record_takes_its_last_change(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    crm.leads.add(name="Второй")
    crm.leads.set(1, comment="а")
    crm.leads.set(2, comment="б")
    assert undo(crm, ref="lead/1").numbers == [3]
    assert crm.leads.get(2).comment == "б"
    assert undo(crm, ref="lead/1").numbers == [1]
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(crm, ref="lead/1")
    with pytest.raises(NotFound):
        undo(crm, ref="leads")


def test_the_same_change_is_not_undone_twice(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    crm.leads.set(1, comment="а")
    undo(crm, 2)
    with pytest.raises(Refused, match=r"Change 2 \(lead set\) was taken back already, by change 3.*crm redo 2"):
        undo(crm, 2)


def test_what_was_done_again_is_undone_again(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    crm.leads.set(1, comment="а")
    for _n in range(3):
        assert undo(crm, 2).numbers == [2]
        assert crm.leads.get(1).comment == ""
        assert redo(crm, 2).numbers == [2]
        assert crm.leads.get(1).comment == "а"


def test_redo_by_number_and_by_record(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    crm.leads.add(name="Второй")
    crm.leads.set(1, comment="а")
    crm.leads.set(2, comment="б")
    undo(crm, 3)
    undo(crm, 4)
    with pytest.raises(Refused, match=r"Change 1 \(lead add\) stands"):
        redo(crm, 1)
    assert redo(crm, ref="lead/1").numbers == [3]
    assert redo(crm, 6).numbers == [4]  # by the number of the undo
    assert [lead.comment for lead in crm.leads.find()] == ["а", "б"]
    with pytest.raises(Refused, match="stands"):
        redo(crm, 6)
    undo(crm, 4)
    crm.leads.add(name="Третий")
    with pytest.raises(NotFound):
        redo(crm)
    assert redo(crm, 4).numbers == [4]  # what was written since is of other records
    assert crm.leads.get(2).comment == "б"


def test_only_what_stands_is_said_to_be_in_the_way(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    crm.leads.set(1, comment="а")
    crm.leads.set(1, score=5)
    undo(crm)
    with pytest.raises(Refused, match=r"change 1: 2 \(lead set, olga\)\."):
        undo(crm, 1)


def test_a_reaction_that_was_undone_alone_does_not_stand_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(reacting_root(tmp_path, monkeypatch), actor="olga") as crm:
        crm.leads.add(name="Первый")
        made = [line.n for line in history.lines(crm.store, history.Asked(ref=("contact", 1)))]
        undo(crm, made[0])
        assert undo(crm).numbers == [one for one in (1, 2, 3) if one not in made]
        assert documents(crm) == {}


def test_nothing_is_redone_after_a_new_change(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    undo(crm)
    crm.leads.add(name="Второй")
    with pytest.raises(NotFound, match="nothing to redo"):
        redo(crm)


def test_a_change_that_was_not_made_is_not_found(crm: Workspace) -> None:
    with pytest.raises(NotFound, match="no change 9"):
        undo(crm, 9)
    with pytest.raises(NotFound, match="nothing to undo"):
        undo(crm)


def test_a_transaction_is_one_undo(crm: Workspace) -> None:
    for name in ("Первый", "Второй"):
        crm.leads.add(name=name)
    with crm.transaction("lead move"):
        for lead in list(crm.leads.find()):
            crm.leads.move(lead.id, "in_work")
    assert undo(crm).command == "lead move"
    assert [lead.stage for lead in crm.leads.find()] == ["new", "new"]


def test_a_restored_record_counts_its_revisions_on(crm: Workspace) -> None:
    crm.leads.add(name="Первый")
    crm.leads.set(1, comment="а")
    undo(crm)
    undo(crm)
    redo(crm)
    redo(crm)
    assert crm.leads.get(1).comment == "а"
    assert [line.n for line in crm.leads.history(1)] == [6, 5, 4, 3, 2, 1]
    assert crm.leads.get(1).rev == 6


def reacting_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in ("crm.plugin_loading", "crm.plugin_finding"):
        monkeypatch.setattr(f"{module}.BUILT_IN", ())
    root = make_workspace(tmp_path / "reacting")
    (root / "config" / "plugins").mkdir(exist_ok=True)
    (root / "config" / "plugins" / "caller.py").write_text(textwrap.dedent(REACTING))
    return root


def test_what_a_plugin_did_because_of_it_is_undone_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_workspace(reacting_root(tmp_path, monkeypatch), actor="olga") as crm:
        crm.leads.add(name="Первый")
        assert crm.warnings == []
        assert [activity.about for activity in crm.activities.find()] == ["lead/1"]
        undone = undo(crm)
        assert len(undone.numbers) == 3
        assert documents(crm) == {}
