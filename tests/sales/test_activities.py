from __future__ import annotations

import pytest

from crm.errors import NotFound, Refused
from crm.workspace import Workspace


def test_an_activity_has_a_kind_and_a_subject(sales: Workspace) -> None:
    task = sales.activities.add(subject="Счёт")
    assert (task.kind, task.owner, task.done) == ("task", "olga", False)
    assert sales.activities.add(kind="call").subject == "Call"


def test_a_head_plans_for_others(sales: Workspace) -> None:
    assert sales.activities.add(kind="call", subject="Позвонить", owner="petr").owner == "petr"


def test_doing_keeps_result_and_time(sales: Workspace) -> None:
    call = sales.activities.add(kind="call", subject="Звонок")
    done = sales.activities.done(call.id, "перезвонит", outcome="success")
    assert (done.done, done.result, done.outcome, done.done_at) == (True, "перезвонит", "success", done.updated)
    with pytest.raises(Refused):
        sales.activities.done(call.id)
    with pytest.raises(Refused):
        sales.activities.postpone(call.id, "tomorrow")


def test_logging_what_was_done(sales: Workspace) -> None:
    assert sales.activities.add(kind="call", subject="Звонок", done=True).done is True
    assert sales.activities.add(kind="call", subject="Звонок", done="no").done is False


def test_postponing_keeps_the_reason(sales: Workspace) -> None:
    call = sales.activities.add(kind="call", subject="Звонок", due="2026-12-01")
    later = sales.activities.postpone(call.id, "2026-12-05", "в отпуске")
    assert (str(later.due), later.result) == ("2026-12-05", "в отпуске")


def test_about_must_be_there(sales: Workspace) -> None:
    with pytest.raises(NotFound):
        sales.activities.add(kind="call", about="deal/7")


def test_a_time_is_kept_in_utc(sales: Workspace) -> None:
    from crm import open_workspace
    from crm.settings_file import change_setting

    change_setting(sales.root / "config" / "crm.yaml", ["time_zone"], "Europe/Moscow")
    with open_workspace(sales.root, actor="olga") as crm:
        meeting = crm.activities.add(kind="meeting", subject="Встреча", due="2026-12-01 10:00")
    assert meeting.doc["due"] == "2026-12-01T07:00:00+00:00"
