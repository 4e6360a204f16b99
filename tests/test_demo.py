"""The demo company as a salesman looks at it: nothing impossible, something in every state, today's work to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tinydb.queries import where

from crm.entrance import open_workspace
from crm.plugins.mailings.outcome import outcome
from crm.sales.agenda import agenda
from crm.store import history
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


def test_who_made_it_has_a_days_work_and_sales_of_his_own(crm: Workspace) -> None:
    own = where("owner") == crm.actor
    days = agenda(crm, crm.actor, crm.today())
    assert all(days[name] for name in ("overdue", "today", "later"))
    deals = list(crm.deals.find(own))
    assert {deal.stage for deal in deals if not deal.outcome} == {"new", "qualified", "proposal", "invoice", "signing"}
    month = crm.today().isoformat()[:7]
    assert any(deal.outcome == "won" and deal.doc["closed"][:7] == month for deal in deals)
    assert {lead.stage for lead in crm.leads.find(own)} >= {"new", "in_work"}


def test_the_team_did_what_the_history_tells(crm: Workspace) -> None:
    people = {user.login for user in crm.users.find()}
    lines = list(history.lines(crm.store, history.Asked(limit=10_000)))
    assert {line.actor for line in lines} == people
    known = re.compile("|".join((*crm.nouns, "init", "bank", *crm.plugins.all)))
    assert not [line.command for line in lines if not known.match(line.command)]
    owned = {"deal": crm.deals.find(), "quote": crm.collection("quote").find()}
    for noun, records in owned.items():
        for record in records:
            *_later, first = history.lines(crm.store, history.Asked(ref=(noun, record.id), limit=100))
            assert first.actor == record.owner


def test_clients_call_write_and_pay(crm: Workspace) -> None:
    calls = list(crm.collection("call").find())
    assert {(call.direction, call.status) for call in calls} >= {
        ("in", "answered"),
        ("out", "answered"),
        ("in", "missed"),
    }
    letters = list(crm.collection("letter").find())
    assert len(letters) == 8
    assert {letter.direction for letter in letters} == {"in", "out"}
    assert any(letter.attachments for letter in letters)
    assert {message.status for message in crm.collection("message").find()} == {"received", "sent"}
    assert crm.collection("routine").count() >= 2
    assert {one.status for one in crm.collection("bank_movement").find()} == {
        "applied",
        "suggested",
        "manual",
        "ignored",
    }


def test_accounting_got_what_was_issued_until_yesterday(crm: Workspace) -> None:
    states = {str(one.status) for one in crm.collection("onec_order").find()}
    assert "exported" in states, states
    assert crm.collection("onec_order").archive.last() == 1  # type: ignore[attr-defined]


def test_the_mailing_had_an_outcome(crm: Workspace) -> None:
    mailing = next(iter(crm.collection("mailing").find()))
    told = outcome(crm, mailing)
    assert mailing.status == "sent"
    assert told.counts["sent"] > 5
    assert (told.counts["bounced"], told.unsubscribed, told.replied) == (1, 1, 1)
    assert told.deals


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
