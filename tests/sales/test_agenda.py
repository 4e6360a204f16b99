from __future__ import annotations

from datetime import date

import pytest

from crm import open_workspace
from crm.sales.agenda import agenda, beginning, load_by_day, without_next
from crm.settings_file import change_setting
from crm.workspace import Workspace

TODAY = date(2026, 11, 22)


def test_my_day(sales: Workspace) -> None:
    for subject, due in (("a", "2026-11-21"), ("b", "2026-11-22"), ("c", "2026-11-22 15:00"), ("d", "2026-11-23")):
        sales.activities.add(kind="call", subject=subject, due=due)
    sales.activities.add(kind="call", subject="e")
    sales.activities.add(kind="call", subject="f", due="2026-11-22", owner="petr")
    sales.activities.add(kind="call", subject="g", due="2026-11-22", done=True)
    found = {when: [one.subject for one in some] for when, some in agenda(sales, "olga", TODAY).items()}
    assert found == {"overdue": ["a"], "today": ["b", "c"], "later": ["d"], "undated": ["e"]}
    assert [one.subject for one in agenda(sales, "", TODAY)["today"]] == ["b", "f", "c"]


@pytest.mark.parametrize("zone", ["Europe/Moscow", "UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_beginning_of_the_agenda_is_its_beginning(sales: Workspace, zone: str) -> None:
    change_setting(sales.root / "config" / "crm.yaml", ["time_zone"], zone)
    with open_workspace(sales.root, actor="olga") as crm:
        for day in ("2026-11-21", "2026-11-22", "2026-11-23"):
            for due in (day, *(f"{day}T{hour:02}:00:00+00:00" for hour in range(24))):
                crm.activities.add(kind="call", subject=due, due=due, urgent=due.endswith("T05:00:00+00:00"))
        crm.activities.add(kind="call", subject="ever")
        with crm.writing("import") as draft:
            draft.create("activity", {"owner": "olga", "subject": "said", "done": False})
        whole, first = agenda(crm, "olga", TODAY), beginning(crm, "olga", TODAY, 7)
    assert {name: some.count for name, some in first.items()} == {name: len(some) for name, some in whole.items()}
    assert {name: some.first for name, some in first.items()} == {name: some[:7] for name, some in whole.items()}


def test_today_is_the_workspace_s(sales: Workspace) -> None:
    change_setting(sales.root / "config" / "crm.yaml", ["time_zone"], "Asia/Vladivostok")
    with open_workspace(sales.root, actor="olga") as crm:
        crm.activities.add(kind="call", subject="ночью", due="2026-11-22T20:00:00+00:00")
        assert [one.subject for one in agenda(crm, "olga", date(2026, 11, 23))["today"]] == ["ночью"]
        assert load_by_day(crm, date(2026, 11, 23), date(2026, 11, 23)) == [(date(2026, 11, 23), "olga", 1)]


def test_the_load_by_day(sales: Workspace) -> None:
    for due, owner in (("2026-11-22", "olga"), ("2026-11-22 10:00", "olga"), ("2026-11-24", "petr")):
        sales.activities.add(kind="call", subject="x", due=due, owner=owner)
    rows = load_by_day(sales, date(2026, 11, 22), date(2026, 11, 23))
    assert rows == [(date(2026, 11, 22), "olga", 2)]
    assert load_by_day(sales, date(2026, 11, 22), date(2026, 11, 30), "petr") == [(date(2026, 11, 24), "petr", 1)]


def test_open_deals_that_nobody_will_come_back_to(sales: Workspace) -> None:
    for title, owner in (("a", "olga"), ("b", "olga"), ("c", "petr"), ("d", "olga"), ("e", "olga")):
        sales.deals.add(title=title, owner=owner)
    sales.activities.add(kind="call", about="deal/1", due="tomorrow")
    sales.activities.add(kind="call", about="deal/2", done=True)
    sales.deals.win(4)
    sales.activities.add(kind="call", about="deal/5")
    assert [deal.title for deal in without_next(sales, "olga")] == ["b"]
    assert [deal.title for deal in without_next(sales, "")] == ["b", "c"]
