from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm import open_workspace
from crm.errors import NotFound, Refused
from crm.initialise import initialise
from crm.sales.trash import listing, purge
from crm.sales.undo import undo
from crm.store.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm import Workspace


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(initialise(tmp_path / "shop", "en", login="olga"), actor="olga") as opened:
        yield opened


def test_the_trash_lists_every_noun(crm: Workspace) -> None:
    crm.deals.delete(crm.deals.add(title="Gravel").id)
    crm.companies.delete(crm.companies.add(name="Rose").id)
    crm.companies.add(name="Lily")
    assert {record.ref for record in listing(crm)} == {"deal/1", "company/1"}


def test_only_what_lay_long_enough_goes(crm: Workspace) -> None:
    crm.deals.delete(crm.deals.add(title="Gravel").id)
    assert purge(crm) == []
    assert purge(crm, days=0) == ["deal/1"]
    assert listing(crm) == []
    with pytest.raises(NotFound):
        crm.deals.get(1)
    assert check(crm.store) == []


def test_links_to_what_goes_are_cleared_and_undo_brings_all_back(crm: Workspace) -> None:
    company = crm.companies.add(name="Rose")
    contacts = [crm.contacts.add(name=f"Ann {n}") for n in range(2)]
    deal = crm.deals.add(title="Gravel", company=company.ref, contacts=[one.ref for one in contacts])
    crm.companies.delete(company.id)
    crm.contacts.delete(contacts[0].id)
    assert sorted(purge(crm, days=0)) == ["company/1", "contact/1"]
    assert "company" not in crm.deals.get(deal.id).doc
    assert crm.deals.get(deal.id).doc["contacts"] == ["contact/2"]
    undo(crm)
    assert crm.deals.get(deal.id).doc["company"] == "company/1"
    assert crm.deals.get(deal.id).doc["contacts"] == ["contact/1", "contact/2"]
    assert check(crm.store) == []


def test_what_another_record_needs_stays(crm: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    company = crm.companies.add(name="Rose")
    crm.deals.add(title="Gravel", company=company.ref)
    crm.companies.delete(company.id)
    monkeypatch.setattr(crm.nouns["deal"].fields["company"], "required", True)
    assert purge(crm, days=0) == []
    crm.deals.delete(1)
    assert sorted(purge(crm, days=0)) == ["company/1", "deal/1"]


def test_a_manager_may_not_empty_the_trash(crm: Workspace) -> None:
    crm.deals.delete(crm.deals.add(title="Gravel").id)
    crm.users.add(name="Petr", login="petr", role="manager")
    with open_workspace(crm.root, actor="petr") as other, pytest.raises(Refused):
        purge(other, days=0)
    assert crm.deals.get(1).deleted is not None
