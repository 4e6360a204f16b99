"""Absences, norms of single people, points down to the call, planned against done, the rush at the end of a month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm.entrance import open_workspace
from crm.errors import InvalidValue
from crm.model.report import Asked as ReportAsked
from crm.plugins.motivator.explaining import lines
from crm.plugins.motivator.pages import page
from crm.plugins.motivator.planning import planning, rush
from crm.plugins.motivator.report import Asked, standings
from crm.workspace import Workspace
from tests.plugins.motivator.test_motivator import log

MARCH = date(2024, 3, 1)


@pytest.fixture
def team(shop: Workspace) -> Workspace:
    shop.users.set(1, department="sales")
    return shop


def mine(crm: Workspace, **asked: Any) -> Any:
    (found,) = standings(crm, Asked(month=MARCH, user="olga", **asked))
    return found


# --- absences and norms ----------------------------------------------------------------------------------------------


def test_no_norm_is_asked_for_on_days_away(team: Workspace) -> None:
    log(team, "2024-03-05T09:00:00+00:00", kind="meeting")
    before = mine(team)
    assert before.norm == 48 * 21
    team.collection("absence").add(first="2024-03-04", last="2024-03-10", owner="olga")
    after = mine(team)
    assert after.norm == 48 * 16, "five working days of that week"
    assert after.points == before.points == 5, "what is done then counts"
    assert date(2024, 3, 5) not in after.days
    assert after.plain()["absent"] == 7


def test_days_away_of_one_are_not_those_of_another(team: Workspace) -> None:
    team.users.add(name="Petr", login="petr", department="sales", role="manager")
    team.collection("absence").add(first="2024-03-01", last="2024-03-31", owner="petr")
    norms = {one.person.login: one.norm for one in standings(team, Asked(month=MARCH))}
    assert norms == {"olga": 48 * 21, "petr": 0}


@pytest.mark.parametrize(("first", "last"), [("2024-03-10", "2024-03-04"), ("2024-03-01", "2034-03-01")])
def test_an_absence_that_cannot_be_is_refused(team: Workspace, first: str, last: str) -> None:
    with pytest.raises(InvalidValue):
        team.collection("absence").add(first=first, last=last)


def test_a_person_may_have_another_norm_and_what_if_beats_both(team: Workspace) -> None:
    path = team.root / "config" / "motivator.yaml"
    path.write_text(path.read_text().replace("norms: {}", "norms: {olga: 10}"))
    with open_workspace(team.root, actor="olga") as crm:
        assert mine(crm).norm == 210
        assert mine(crm, norm=Decimal(2)).norm == 42


# --- down to the single call -----------------------------------------------------------------------------------------


def test_the_lines_add_up_to_the_points_and_name_the_rule(team: Workspace) -> None:
    log(team, "2024-03-04T09:00:00+00:00", kind="call", direction="out", duration=60)
    log(team, "2024-03-05T09:00:00+00:00", kind="meeting")
    log(team, "2024-03-06T09:00:00+00:00", kind="task")
    log(team, "2024-02-29T20:59:00+00:00", kind="meeting")
    log(team, "2024-02-29T21:01:00+00:00", kind="meeting")  # in Moscow it is March
    standing = mine(team)
    found = lines(team, standing)
    assert sum(line.points for line in found) == standing.points == 11
    assert [(line.points, line.why) for line in found] == [
        (5, "meeting"), (1, "call_out"), (5, "meeting"), (0, "no rule for this kind of work"),
    ]  # fmt: skip


def test_points_of_older_rules_say_so(team: Workspace) -> None:
    log(team, "2024-03-04T09:00:00+00:00", kind="call", direction="out", duration=5)
    path = team.root / "config" / "motivator.yaml"
    path.write_text(path.read_text().replace("call_min_seconds: 0", "call_min_seconds: 30"))
    with open_workspace(team.root, actor="olga", language="en") as crm:
        (line,) = lines(crm, mine(crm))
        assert line.points == 1
        assert "today it would be 0: shorter than 30 s" in line.why


def test_the_page_goes_down_to_the_call(team: Workspace) -> None:
    log(team, "2024-03-04T09:00:00+00:00", kind="call", direction="out")
    shown = page(team, {"explain": "olga", "month": "2024-03"})
    (table,) = shown["tables"]
    assert [(row["activity"], row["points"]) for row in table.rows] == [("activity/1", 1)]


# --- planned and done ------------------------------------------------------------------------------------------------


def planned(crm: Workspace, due: str, done: str = "", **values: Any) -> None:
    number = crm.activities.add(kind="call", subject="Звонок", due=due, **values).id
    if done:
        crm.activities.done(number)
        with crm.writing("test") as draft:
            draft.update("activity", number, {"done_at": f"{done}T09:00:00+00:00"})


def test_the_plan_is_kept_late_or_not_at_all(team: Workspace) -> None:
    planned(team, "2024-03-04", "2024-03-04")
    planned(team, "2024-03-05", "2024-03-04")
    planned(team, "2024-03-05", "2024-03-07")
    planned(team, "2024-03-06")
    planned(team, "2024-04-01", "2024-03-06")
    log(team, "2024-03-06T09:00:00+00:00", kind="call")
    (row,) = planning(team, ReportAsked(since=MARCH, until=date(2024, 3, 31))).rows
    names = ("planned", "in_time", "late", "open", "kept", "unplanned")
    assert [row[name] for name in names] == [4, 2, 1, 1, 50.0, 1]


def test_even_plans_are_stable_and_heaps_are_not(team: Workspace) -> None:
    for day in ("2024-03-04", "2024-03-05", "2024-03-06", "2024-03-07"):
        planned(team, day)
    week = ReportAsked(since=date(2024, 3, 4), until=date(2024, 3, 7))
    assert planning(team, week).rows[0]["stability"] == 100
    for _more in range(12):
        planned(team, "2024-03-07")
    (row,) = planning(team, week).rows
    assert row["stability"] < 20
    assert row["trend"] == 6.0


def test_a_month_that_is_worked_at_its_end_is_a_rush(team: Workspace) -> None:
    for day in (2, 12, 25, 26, 27):
        log(team, f"2024-03-{day:02}T09:00:00+00:00", kind="call")
    for day in (5, 15, 25):
        log(team, f"2024-02-{day:02}T09:00:00+00:00", kind="call")
    march, february = rush(team, ReportAsked(since=date(2024, 2, 1), until=date(2024, 3, 31))).rows
    assert (march["month"], march["first"], march["last"], march["verdict"]) == (
        "2024-03",
        20.0,
        60.0,
        "rush at the end",
    )
    assert (february["done"], february["verdict"]) == (3, "even")
