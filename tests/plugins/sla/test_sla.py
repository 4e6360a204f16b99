"""The clock of the first answer: working minutes, what counts as an answer, the report."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.entrance import open_workspace
from crm.plugins.sla.clock import waits
from crm.plugins.sla.pages import home, marks, panel
from crm.plugins.sla.report import report
from crm.plugins.sla.span import span
from crm.plugins.sla.worktime import Workdays, WorkTime
from crm.workspace import Workspace

ZONE = ZoneInfo("Europe/Moscow")
WORK = WorkTime(time(9), time(18), Workdays(lambda day: day.weekday() < 5), ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2026-11-25 10:00", "2026-11-25 10:45", 45),
        ("2026-11-25 17:30", "2026-11-26 09:30", 60),
        ("2026-11-27 17:00", "2026-11-30 10:00", 120),
        ("2026-11-28 12:00", "2026-11-29 12:00", 0),
        ("2026-11-25 05:00", "2026-11-25 09:10", 10),
        ("2026-11-25 19:00", "2026-11-25 23:00", 0),
        ("2026-11-25 12:00", "2026-11-25 11:00", 0),
    ],
)
def test_only_working_time_counts(since: str, until: str, minutes: int) -> None:
    assert WORK.minutes(at(since), at(until)) == minutes


def test_minutes_are_those_of_each_working_day() -> None:
    for hours in range(0, 24 * 40, 5):
        since = at("2026-11-20 11:30") + timedelta(hours=hours)
        for until in (since + timedelta(minutes=5), since + timedelta(days=3), since + timedelta(days=80)):
            assert WORK.minutes(since, until) == _by_minute(since, until)


def _by_minute(since: datetime, until: datetime) -> int:
    minutes = (since + timedelta(minutes=number) for number in range(int((until - since).total_seconds() // 60)))
    return sum(one.weekday() < 5 and 9 <= one.hour < 18 for one in minutes)


@pytest.fixture
def office(shop: Workspace) -> Workspace:
    text = "departments: [{id: sales, title: Sales, working_days: [mon, tue, wed, thu, fri, sat, sun]}]\n"
    (shop.root / "config" / "departments.yaml").write_text(text)
    (shop.root / "config" / "sla.yaml").write_text('minutes: 30\nhours: "00:00-23:59"\n')
    return open_workspace(shop.root, actor="olga", language="en")


def came(crm: Workspace, lead: int, text: str) -> None:
    with crm.writing("test") as draft:
        draft.update("lead", lead, {"created": at(text).isoformat()})


def done(crm: Workspace, text: str, lead: int = 1, **values: Any) -> None:
    given = {"kind": "call", "subject": "Звонок", "about": f"lead/{lead}", "done": "yes", **values}
    activity = crm.activities.add(**given)
    with crm.writing("test") as draft:
        draft.update("activity", activity.id, {"done_at": at(text).isoformat()})


NOW = at("2026-11-25 15:00")


def state(crm: Workspace, lead: int = 1) -> tuple[str, int]:
    (wait,) = waits(crm, [crm.leads.get(lead)], NOW)
    return wait.state, wait.minutes


def test_a_lead_waits_until_it_is_answered(office: Workspace) -> None:
    office.leads.add(name="Василий")
    came(office, 1, "2026-11-25 14:40")
    assert state(office) == ("waiting", 20)
    came(office, 1, "2026-11-25 14:00")
    assert state(office) == ("overdue", 60)
    done(office, "2026-11-25 14:25")
    assert state(office) == ("in_time", 25)


def test_a_missed_call_and_a_task_are_no_answer(office: Workspace) -> None:
    office.leads.add(name="Василий")
    came(office, 1, "2026-11-25 14:00")
    done(office, "2026-11-25 14:10", direction="in", outcome="no_answer")
    done(office, "2026-11-25 14:10", kind="task")
    assert state(office) == ("overdue", 60)
    done(office, "2026-11-25 14:50", direction="out", outcome="no_answer")
    assert state(office) == ("late", 50)


def test_a_lead_that_was_moved_was_taken_up(office: Workspace) -> None:
    office.leads.add(name="Василий")
    office.leads.qualify(1)
    office.leads.add(name="Анна")
    office.leads.reject(2, "spam")
    assert [wait.state for wait in waits(office, list(office.leads.find()))] == ["in_time", "in_time"]


def test_the_report_counts_by_owner(office: Workspace) -> None:
    for number, (name, moment) in enumerate((("А", "14:50"), ("Б", "10:00"), ("В", "10:00")), 1):
        office.leads.add(name=name)
        came(office, number, f"2026-11-25 {moment}")
    done(office, "2026-11-25 10:10", lead=2)
    table = report(office)
    assert table.totals["leads"] == 3
    (row,) = table.rows
    assert (row["owner"], row["in_time"], row["median"]) == ("olga", 1, 10)
    assert row["percent"] in (33.33, 50.0)


def test_the_clock_is_shown_and_can_be_switched_off(office: Workspace) -> None:
    lead = office.leads.add(name="Василий")
    came(office, 1, "2020-01-01 10:00")
    lead = office.leads.get(1)
    assert "waits too long" in str((panel(office, lead) or {})["text"])
    assert [tone for _ref, _text, tone in marks(office, [lead])] == ["bad"]
    assert (home(office) or {"rows": []})["rows"]
    (office.root / "config" / "sla.yaml").write_text("minutes: 0\n")
    with open_workspace(office.root, actor="olga") as crm:
        assert (panel(crm, lead), list(marks(crm, [lead])), home(crm)) == (None, [], None)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (95, "1 h 35 min"), (5940, "11 d of work"), (671, "1 d of work 2 h")],
)
def test_a_time_of_work_is_said_as_people_do(minutes: int, words: str) -> None:
    assert span(minutes, 540) == words
