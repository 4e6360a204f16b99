"""The demo company as a salesman looks at it: nothing impossible, something in every state, today's work to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crm.entrance import open_workspace
from crm.workspace import Workspace
from tests.command_line import CommandLine


@pytest.fixture(scope="module", params=["ru", "uk", "en"])
def crm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    root = tmp_path_factory.mktemp(request.param) / "demo"
    CommandLine(root.parent).bare("init", root, "--demo", "--lang", request.param)
    with open_workspace(root) as opened:
        yield opened


def test_the_data_is_whole(crm: Workspace) -> None:
    CommandLine(crm.root).bare("-w", crm.root, "check")


def test_invoices_stand_in_each_state(crm: Workspace) -> None:
    invoices = list(crm.invoices.find())
    states = {invoice.status for invoice in invoices}
    assert states == {"draft", "issued", "approved", "sent", "partly_paid", "paid", "cancelled"}
    assert any(one.due < crm.today() for one in crm.invoices.open())  # type: ignore[attr-defined]
    assert len({one.total.amount for one in invoices}) > len(invoices) / 2


def test_there_is_work_late_and_for_today(crm: Workspace) -> None:
    today = crm.today().isoformat()
    due = [one.doc["due"][:10] for one in crm.activities.find() if not one.done and "due" in one.doc]
    assert min(due) < today < max(due)
    assert today in due
    assert any(one.owner == crm.actor for one in crm.activities.find())


def test_nothing_is_impossible(crm: Workspace) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    assert all(one.doc["updated"] <= now for noun in crm.nouns for one in crm.collection(noun).find())
    lost = {deal.ref for deal in crm.deals.find() if deal.outcome == "lost"}
    assert lost
    assert not [one.ref for one in crm.invoices.find() if one.deal in lost]
    phones = [phone for lead in crm.leads.find() for phone in lead.phones]
    assert len(set(phones)) == len(phones)


def test_reports_are_worth_a_look(crm: Workspace) -> None:
    assert crm.deals.count() > 20
    assert {lead.stage for lead in crm.leads.find()} >= {"new", "in_work", "converted", "rejected"}
    won = sum(deal.outcome == "won" for deal in crm.deals.find())
    closed = sum(bool(deal.outcome) for deal in crm.deals.find())
    assert 0.25 < won / closed < 0.95
