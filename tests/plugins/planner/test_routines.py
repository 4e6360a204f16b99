"""Routines: planned when their day comes, once, on working days, one open activity at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from crm.errors import InvalidValue
from crm.plugins.planner.occasions import LAST, occasions, read_days
from crm.workspace import Workspace


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def days(every: str, on: str, since: str, until: str) -> list[str]:
    found = occasions(every, on, date.fromisoformat(since), date.fromisoformat(until), weekdays)
    return [day.isoformat() for day in found]


def test_days_of_a_week_and_of_a_month() -> None:
    assert days("week", "mon, thu", "2026-11-02", "2026-11-13") == [
        "2026-11-02", "2026-11-05", "2026-11-09", "2026-11-12",
    ]  # fmt: skip
    assert days("month", "10, last", "2026-11-01", "2026-11-30") == ["2026-11-02", "2026-11-10", "2026-11-30"]
    assert days("quarter", "1", "2026-01-01", "2026-12-31") == ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]
    assert read_days("month", "последний") == {LAST}


def test_a_day_off_moves_to_the_next_working_day() -> None:
    assert days("month", "1", "2026-11-01", "2026-11-30") == ["2026-11-02"], "1 November is a Sunday"
    assert days("month", "31", "2026-05-30", "2026-06-03") == ["2026-06-01"], "31 May is a Sunday"
    assert days("month", "31", "2026-02-01", "2026-03-01") == ["2026-02-02"], "31 January and 28 February are Saturdays"
    assert len(days("day", "", "2026-11-02", "2026-11-15")) == 10


@pytest.mark.parametrize(("every", "on"), [("week", "25"), ("month", "0"), ("month", "mon"), ("week", "someday")])
def test_a_day_that_is_none_is_refused_when_it_is_written(shop: Workspace, every: str, on: str) -> None:
    with pytest.raises(InvalidValue):
        shop.collection("routine").add(subject="Счета", every=every, on=on)
    with pytest.raises(InvalidValue):
        shop.collection("routine").add(subject="Счета", every="week", time="25:70")


def planned(shop: Workspace) -> list[Any]:
    return list(shop.collection("routine").plan_due())  # type: ignore[attr-defined]


def daily(shop: Workspace, **values: object) -> Any:
    """Add a routine of every day, for a department that works on each of them."""
    text = "departments: [{id: sales, title: Sales, working_days: [mon, tue, wed, thu, fri, sat, sun]}]\n"
    (shop.root / "config" / "departments.yaml").write_text(text)
    from crm.entrance import open_workspace

    crm = open_workspace(shop.root, actor="olga", language="en")
    return crm, crm.collection("routine").add(subject="Касса", every="day", **values)


def test_it_is_planned_once_and_not_again_while_it_is_open(shop: Workspace) -> None:
    crm, _routine = daily(shop, time="18:30")
    (made,) = planned(crm)
    assert (made.subject, made.owner, made.doc["due"][:10]) == ("Касса", "olga", crm.today().isoformat())
    assert planned(crm) == []
    with crm.writing("test") as draft:
        draft.update("routine", 1, {"last": (crm.today() - timedelta(days=3)).isoformat()})
    assert planned(crm) == [], "the one from before is still to be done"
    crm.activities.done(made.id, "сдано")
    assert len(planned(crm)) == 1


def test_it_begins_and_ends_and_pauses(shop: Workspace) -> None:
    crm, _routine = daily(shop, starts="tomorrow")
    assert planned(crm) == []
    crm.collection("routine").set(1, starts="today", paused="yes")
    assert planned(crm) == []
    crm.collection("routine").set(1, paused="no", ends="yesterday")
    assert planned(crm) == []


def test_a_checklist_names_the_records_of_that_day(shop: Workspace) -> None:
    crm, _routine = daily(shop, about_noun="deal", query="amount > 100")
    assert planned(crm) == [], "nothing to look at, nothing to do"
    crm.deals.add(title="Щебень", amount=200)
    crm.deals.add(title="Песок", amount=50)
    with crm.writing("test") as draft:
        draft.update("routine", 1, {"last": None})
    assert [one.subject for one in planned(crm)] == ["Касса (1): Щебень"]


def test_an_activity_for_each_record_goes_to_whoever_owns_it(shop: Workspace) -> None:
    crm, _routine = daily(shop, about_noun="deal", each="yes")
    crm.users.add(name="Иван", login="ivan", role="manager")
    crm.deals.add(title="Щебень", owner="ivan")
    crm.deals.add(title="Песок")
    assert [(one.subject, one.about, one.owner) for one in planned(crm)] == [
        ("Касса: Щебень", "deal/1", "ivan"), ("Касса: Песок", "deal/2", "olga"),
    ]  # fmt: skip


def test_a_condition_that_cannot_be_read_is_refused(shop: Workspace) -> None:
    with pytest.raises(InvalidValue):
        shop.collection("routine").add(subject="Счета", about_noun="invoice", query="colour = red")
    with pytest.raises(InvalidValue, match="of which records"):
        shop.collection("routine").add(subject="Счета", query="amount > 1")


def test_the_usual_ones_are_added_once(shop: Workspace) -> None:
    routines: Any = shop.collection("routine")
    assert [one.subject for one in routines.starter()] == ["Issue invoices", "Watch payments", "Collect signed acts"]
    assert routines.starter() == []
