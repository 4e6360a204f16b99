from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm.cli.main import run
from crm.delivery import Delivery
from crm.entrance import open_workspace
from crm.errors import InvalidValue
from crm.model.days import read_day, read_month
from crm.plugins.motivator.report import Asked, standings
from crm.sales.undo import undo
from crm.settings_file import change_setting, write_config
from crm.workspace import Workspace

MONDAY = date(2024, 3, 4)


def log(crm: Workspace, moment: str, **fields: object) -> int:
    """Log an activity as done at a moment in UTC that is long past."""
    done: int = crm.activities.add(done="yes", **fields).id
    with crm.writing("test") as draft:
        draft.update("activity", done, {"done_at": moment})
    return done


@pytest.fixture
def team(shop: Workspace) -> Workspace:
    olga = shop.users.by_login("olga")
    assert olga is not None
    shop.users.set(olga.id, name="Olga", department="sales")
    shop.users.add(name="Petr", login="petr", department="sales", role="manager")
    log(shop, "2024-03-04T09:00:00+00:00", kind="call", direction="out")
    log(shop, "2024-03-04T09:01:00+00:00", kind="call", direction="in")
    log(shop, "2024-03-04T22:30:00+00:00", kind="meeting")  # in Moscow it is the 5th already
    log(shop, "2024-03-05T09:00:00+00:00", kind="meeting", owner="petr")
    return shop


def test_done_activity_gets_its_points(shop: Workspace) -> None:
    planned = shop.activities.add(kind="meeting", subject="Показ")
    assert planned.points is None
    shop.activities.done(planned.id, "договорились")
    assert shop.activities.get(planned.id).points == 5
    logged = shop.activities.add(kind="call", direction="out", done="yes")
    assert shop.activities.get(logged.id).points == 1
    assert shop.warnings == []


def test_points_stay_when_rules_change(shop: Workspace) -> None:
    first = log(shop, "2024-03-04T09:00:00+00:00", kind="meeting")
    (shop.root / "config" / "motivator.yaml").write_text("points: [{kind: meeting, points: 7}]\n")
    with open_workspace(shop.root, actor="olga", language="en") as later:
        second = log(later, "2024-03-04T10:00:00+00:00", kind="meeting")
        assert [later.activities.get(one).points for one in (first, second)] == [5, 7]


def test_undo_takes_the_points_back_with_the_deed(shop: Workspace) -> None:
    planned = shop.activities.add(kind="meeting", subject="Показ")
    shop.activities.done(planned.id)
    undo(shop, ref=f"activity/{planned.id}")
    again = shop.activities.get(planned.id)
    assert (again.done, again.points) == (False, None)


def test_switched_off_it_writes_nothing(shop: Workspace) -> None:
    change_setting(shop.root / "config" / "crm.yaml", ("plugins", "disabled"), ["motivator"])
    with open_workspace(shop.root, actor="olga") as crm:
        done = crm.activities.add(kind="meeting", done="yes")
        assert crm.activities.get(done.id).points is None


def test_day_follows_the_workspace_time_zone(team: Workspace) -> None:
    assert [(one.person.login, one.points) for one in standings(team, Asked(day=MONDAY))] == [("olga", 2), ("petr", 0)]
    tuesday = standings(team, Asked(day=date(2024, 3, 5)))
    assert [(one.person.login, one.points, one.percent) for one in tuesday] == [("olga", 5, 10), ("petr", 5, 10)]


def test_month(team: Workspace) -> None:
    olga, petr = standings(team, Asked(month=date(2024, 3, 1)))
    assert (olga.points, petr.points) == (7, 5)
    assert olga.norm == 48 * 21
    assert olga.counts == {"call_out": 1, "call_in": 1, "meeting": 1}


def test_what_if(team: Workspace) -> None:
    olga = standings(team, Asked(day=MONDAY, user="olga", norm=Decimal(4)))[0]
    assert (olga.norm, olga.percent) == (4, 50)


def test_department_has_those_below_it(team: Workspace) -> None:
    change_setting(
        team.root / "config" / "departments.yaml",
        ("departments",),
        [
            {"id": "sales", "title": "Sales"},
            {"id": "south", "title": "South", "parent": "sales", "norm": 20},
            {"id": "store", "title": "Store"},
        ],
    )
    with open_workspace(team.root, actor="olga", language="en") as crm:
        crm.users.add(name="Юг", login="yug", department="south")
        crm.users.add(name="Склад", login="sklad", department="store")
        asked = Asked(day=MONDAY, department="sales")
        assert {one.person.login: int(one.norm) for one in standings(crm, asked)} == {"olga": 48, "petr": 48, "yug": 20}
        assert [one.person.login for one in standings(crm, Asked(day=MONDAY, department="south"))] == ["yug"]


def test_who_may_read_only_own_sees_only_oneself(team: Workspace) -> None:
    change_setting(team.root / "config" / "access.yaml", ("roles", "manager", "read"), "own")
    with open_workspace(team.root, actor="petr", language="en") as crm:
        assert [(one.person.login, one.points) for one in standings(crm, Asked(month=date(2024, 3, 1)))] == [
            ("petr", 5)
        ]


def test_who_has_left_shows_with_points_only(team: Workspace) -> None:
    petr = team.users.by_login("petr")
    assert petr is not None
    team.users.set(petr.id, active="no")
    assert [one.person.login for one in standings(team, Asked(day=MONDAY))] == ["olga"]
    assert [one.person.login for one in standings(team, Asked(month=date(2024, 3, 1)))] == ["olga", "petr"]


def test_deleted_and_planned_work_is_not_counted(team: Workspace) -> None:
    team.activities.add(kind="meeting", subject="Потом")
    team.activities.delete(1)
    assert standings(team, Asked(day=MONDAY, user="olga"))[0].counts == {"call_in": 1}


def test_without_users_owners_are_the_team(tmp_path: Path) -> None:
    write_config(tmp_path, "ru", "RUB", "Пример")
    for folder in ("journal", "tables", "cache"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    with open_workspace(tmp_path, actor="olga") as crm:
        Delivery(crm).start()
        log(crm, "2024-03-04T09:00:00+00:00", kind="meeting", owner="ivan")
        found = standings(crm, Asked(day=MONDAY))
    assert [(one.person.login, one.points, int(one.norm)) for one in found] == [("ivan", 5, 48), ("olga", 0, 48)]


@pytest.mark.parametrize("text", ["2024-03", "03.2024", " 2024-03 "])
def test_months(text: str) -> None:
    assert read_month(text) == date(2024, 3, 1)


def test_what_is_not_a_date_is_told() -> None:
    with pytest.raises(InvalidValue, match="is not a month"):
        read_month("март")
    with pytest.raises(InvalidValue, match="is not a day"):
        read_day("когда-то", MONDAY)


# --- the command -----------------------------------------------------------------------------------------------------


def command(root: Path, *words: str) -> int:
    return run(["-w", str(root), "--as", "olga", "--lang", "en", "motivator", *words])


def test_command_prints_json(team: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(team.root, "--day", "2024-03-04", "--what-if", "4", "--json") == 0
    olga, petr = json.loads(capsys.readouterr().out)
    assert (olga["user"], olga["points"], olga["norm"], olga["percent"]) == ("olga", 2, 4, 50)
    assert olga["counts"] == {"call_in": 1, "call_out": 1}
    assert (petr["user"], petr["points"]) == ("petr", 0)


def test_command_prints_tabs_when_piped(team: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(team.root, "--month", "2024-03", "--user", "Petr") == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header.split("\t")[:4] == ["user", "name", "points", "norm"]
    assert row.split("\t")[:4] == ["petr", "Petr", "5", "1008"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--day", "today", "--month", "2024-03"), 2, "not both"),
        (("--month", "13.2024"), 4, "is not a month"),
        (("--user", "nobody"), 3, "no user"),
        (("--department", "moon"), 4, "moon"),
        (("--what-if", "-1"), 2, "what-if"),
    ],
)
def test_command_refuses(
    team: Workspace, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    assert command(team.root, *words) == code
    assert said in capsys.readouterr().err
