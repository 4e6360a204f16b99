from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from crm import open_workspace, where
from crm.errors import Refused
from tests.command_line import CommandLine
from tests.conftest import make_workspace

SECRET = "Секретный"


def set_role(root: Path, role: str, **values: object) -> None:
    path = root / "config" / "access.yaml"
    plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    plain["roles"][role] |= values
    path.write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workspace where managers see their own: admin olga, head anna of sales, petr in it, ivan of service."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_PLUGINS", "")
        root = make_workspace(tmp_path_factory.mktemp("access") / "shop")
        departments = {
            "departments": [
                {"id": "sales", "title": "Продажи", "head": "anna"},
                {"id": "retail", "title": "Розница", "parent": "sales"},
                {"id": "service", "title": "Сервис", "head": ""},
            ]
        }
        (root / "config" / "departments.yaml").write_text(yaml.safe_dump(departments, allow_unicode=True))
        set_role(root, "manager", read="own", edit="own", export=False)
        set_role(root, "head", read="department", edit="department")
        with open_workspace(root, actor="olga", language="en") as crm:
            for name, role, department in (
                ("olga", "admin", ""),
                ("anna", "head", "sales"),
                ("petr", "manager", "sales"),
                ("rita", "manager", "retail"),
                ("ivan", "manager", "service"),
            ):
                crm.users.add(name=name.title(), login=name, role=role, department=department)
            for login in ("petr", "rita", "ivan"):
                crm.companies.add(name=f"{SECRET} {login}", owner=login, inn="7800000027")
                crm.contacts.add(name=f"{SECRET} {login}", owner=login, phones=["8 916 123-45-67"])
                crm.leads.add(name=f"{SECRET} {login}", owner=login)
                crm.deals.add(title=f"{SECRET} {login}", owner=login, amount=1000, company=f"{SECRET} {login}")
                crm.activities.add(kind="call", subject=f"{SECRET} {login}", owner=login, due="2026-01-01")
            crm.deals.set(3, comment=f"{SECRET} ivan 2")
            crm.deals.delete(crm.deals.add(title=f"{SECRET} ivan 3", owner="ivan").id)
        return root


@pytest.fixture
def team(world: Path, line: CommandLine) -> CommandLine:
    shutil.rmtree(line.root)
    shutil.copytree(world, line.root)
    return line


READS: list[list[str]] = [
    *([noun, "list", "--json"] for noun in ("lead", "contact", "company", "deal", "activity")),
    *([noun, "list", "--csv"] for noun in ("lead", "deal")),
    ["deal", "list", "--trash", "--json"],
    ["deal", "list", "--where", "amount > 0", "--json"],
    ["deal", "list", "--json", "--as-of", "today"],
    ["find", SECRET, "--json"],
    ["find", "916 123-45-67", "--json"],
    ["find", SECRET, "--json", "--as-of", "today"],
    ["my", "--user", "all", "--json"],
    ["my", "--user", "ivan", "--json"],
    ["log", "--json", "--limit", "1000"],
    ["log", "--nl", "--user", "olga", "--limit", "1000"],
    ["log", "--limit", "1000"],
    ["log", "--json", "--limit", "1000", "--as-of", "today"],
    ["diff", "--from", "2020-01-01", "--json"],
    ["trash", "list", "--json"],
    ["trash", "list"],
    ["duplicates", "--json"],
    ["report", "funnel", "--json"],
]


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_a_manager_of_his_own_sees_his_own(team: CommandLine, words: list[str]) -> None:
    if words[0] == "duplicates":
        pytest.importorskip("crm.cli.duplicates")
    mine = team(*words, user="petr").out
    assert "ivan" not in _without_users(mine)
    assert "rita" not in _without_users(mine)
    everything = team(*words, user="olga").out
    assert len(everything) >= len(mine)


def _without_users(text: str) -> str:
    """Return what was printed without the cards of colleagues, which everybody may see."""
    try:
        rows = json.loads(text)
    except ValueError:
        return "\n".join(row for row in text.splitlines() if "user/" not in row and "user add" not in row)
    if isinstance(rows, dict):
        return text
    return json.dumps(
        [row for row in rows if not str(row.get("ref", row.get("command"))).startswith("user")], ensure_ascii=False
    )


@pytest.mark.parametrize("noun", ["lead", "contact", "company", "deal", "activity"])
def test_a_record_of_another_cannot_be_read_changed_or_taken(team: CommandLine, noun: str) -> None:
    edit = {"activity": "result=да"}.get(noun, "comment=да")
    before = team.journal()
    for words in (
        [noun, "show", "3"],
        [noun, "show", "1", "3", "--json"],
        [noun, "history", "3"],
        [noun, "set", "3", edit],
        [noun, "set", "1", "3", edit],
        [noun, "set", "3", "owner=petr"],
        [noun, "assign", "3", "petr"],
        [noun, "delete", "3"],
        [noun, "delete", "1"],
        ["log", "--ref", f"{noun}/3"],
        ["undo", "--ref", f"{noun}/3"],
    ):
        ended = team(*words, user="petr", code=5)
        assert ended.out == "", words
        assert SECRET not in ended.err
    assert team.journal() == before


def test_verbs_ask_for_rights(team: CommandLine) -> None:
    for words in (
        ["deal", "move", "3", "proposal"],
        ["deal", "win", "3"],
        ["deal", "lose", "3", "--reason", "price"],
        ["deal", "reopen", "3"],
        ["deal", "link", "3", "contact/1"],
        ["deal", "merge", "1", "3"],
        ["deal", "merge", "3", "1"],
        ["lead", "qualify", "3"],
        ["lead", "reject", "3", "--reason", "spam"],
        ["lead", "convert", "3", "--deal"],
        ["lead", "move", "3", "in_work"],
        ["contact", "merge", "1", "3"],
        ["activity", "done", "3"],
        ["activity", "postpone", "3", "tomorrow"],
        ["invoice", "issue", "--deal", "3"],
        ["quote", "add", "--deal", "3", "--item", "Щебень*1@1"],
    ):
        ended = team(*words, user="petr", code=5)
        assert ended.out == "", words


def test_undo_asks_for_the_right_to_edit_every_record(team: CommandLine) -> None:
    truth = team.journal()
    numbers = [row["n"] for row in team("log", "--json", "--limit", 1000).json]
    foreign = [
        row["n"]
        for row in team("log", "--json", "--limit", 1000).json
        if any(change["ref"] in ("deal/3", "lead/3") for change in row["changes"])
    ]
    assert foreign
    for number in foreign:
        assert numbers
        team("undo", number, user="petr", code=5)
    assert team.journal() == truth


def test_undo_brings_nothing_into_or_out_of_the_trash_for_who_may_not_delete(team: CommandLine) -> None:
    team("deal", "delete", 1)
    team("undo", "--ref", "deal/1", user="petr", code=5)
    assert team.show("deal/1")["deleted"]
    team("trash", "purge", "--days", 0)
    for number in {row["n"] for row in team("log", "--json", "--limit", 3).json}:
        team("undo", number, user="petr", code=5)


def test_who_merged_may_take_it_back(team: CommandLine) -> None:
    team("lead", "add", "Ещё", user="petr")
    team("contact", "add", "Пётр Первый", user="petr")
    team("contact", "merge", 1, 4, user="petr")
    team("undo", user="petr")
    assert "deleted" not in team.show("contact/4")


def test_undo_of_the_last_one_is_of_what_the_actor_may_take_back(team: CommandLine) -> None:
    team("deal", "set", 1, "comment=моё", user="petr")
    team("deal", "set", 3, "comment=чужое", user="ivan")
    ended = team("undo", user="petr", code=None)
    assert "чужое" not in ended.out + ended.err
    assert team.show("deal/3")["comment"] == "чужое"


def test_a_head_sees_the_department_and_those_below_it(team: CommandLine) -> None:
    assert team.ids("deal", "list", user="anna") == [1, 2]
    team("deal", "set", 2, "comment=да", user="anna")
    team("deal", "set", 3, "comment=да", user="anna", code=5)
    team("deal", "delete", 1, user="anna", code=5)


def test_an_admin_may_everything(team: CommandLine) -> None:
    assert team.ids("deal") == [1, 2, 3]
    team("deal", "delete", 3)
    team("deal", "restore", 3)
    team("deal", "delete", 3)
    team("trash", "purge", "--days", 0)


def test_only_admins_delete_restore_and_purge(team: CommandLine) -> None:
    team("deal", "delete", 1)
    for user in ("anna", "petr"):
        team("deal", "delete", 1, user=user, code=5)
        team("deal", "restore", 1, user=user, code=5)
        team("trash", "restore", "deal/1", user=user, code=5)
        team("trash", "purge", "--days", 0, user=user, code=5)


def test_only_who_may_change_settings_does(team: CommandLine) -> None:
    settings = (team.root / "config" / "pipelines.yaml").read_bytes()
    for words in (
        ["pipeline", "rename", "new", "Нью"],
        ["pipeline", "reorder", "new"],
        ["pipeline", "add-stage", "x", "X"],
        ["plugin", "disable", "motivator"],
        ["plugin", "enable", "motivator"],
        ["user", "add", "Хакер", "--role", "admin"],
        ["user", "set", "3", "role=admin"],
        ["user", "set", "1", "email=x@example.ru"],
        ["user", "delete", "1"],
        ["user", "token", "olga"],
        ["check", "--repair"],
    ):
        team(*words, user="petr", code=5)
    assert (team.root / "config" / "pipelines.yaml").read_bytes() == settings
    team("user", "password", "olga", user="petr", stdin="correct horse\n", code=5)


def test_one_s_own_password_and_token(team: CommandLine) -> None:
    team("user", "password", "petr", user="petr", stdin="correct horse\n")
    told = team("user", "token", "petr", user="petr").out
    for words in (
        ["user", "show", "3", "--json"],
        ["user", "list", "--json"],
        ["log", "--json"],
        ["user", "list", "--csv"],
    ):
        said = team(*words).out
        assert "scrypt" not in said
        assert "_hash" not in said
        assert told.split()[1] not in said
    assert "scrypt" not in team("diff", "--from", "2020-01-01", "--json").out


def test_who_may_not_export_does_not(team: CommandLine) -> None:
    team("export", "deal", user="petr", code=5)
    team("backup", team.root.parent / "all.zip", user="petr", code=5)
    assert not (team.root.parent / "all.zip").exists()
    said = team("export", "deal", "-o", "-", user="anna").out
    assert "petr" in said
    assert "ivan" not in said


def test_who_may_not_create_is_sent_to_an_admin(team: CommandLine) -> None:
    set_role(team.root, "manager", create=False)
    for words in (
        ["lead", "add", "X"],
        ["deal", "add", "X"],
        ["accept", "Новый, 8 916 999-99-99"],
        ["contact", "add", "X"],
    ):
        assert "admin" in team(*words, user="petr", code=5).err


def test_a_stranger_has_the_role_of_strangers(team: CommandLine) -> None:
    assert team.ids("deal", user="stranger") == []
    path = team.root / "config" / "access.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("unknown_login: manager", 'unknown_login: ""'))
    assert "stranger" in team("deal", user="stranger", code=5).err


def test_who_left_may_nothing(team: CommandLine) -> None:
    team("user", "set", 3, "active=no")
    team("deal", user="petr", code=5)
    team("lead", "add", "X", user="petr", code=5)


def test_the_last_admin_stays(team: CommandLine) -> None:
    for words in (["user", "set", "1", "role=manager"], ["user", "set", "1", "active=no"], ["user", "delete", "1"]):
        assert "last admin" in team(*words, code=5).err


def test_a_client_of_another_is_not_shown_by_intake(team: CommandLine) -> None:
    said = team("accept", "Кто-то, 8 916 123-45-67", user="petr").out
    assert "ivan" not in said


def test_values_behind_links_are_not_shown(team: CommandLine) -> None:
    """A deal of one's own may be linked with a company of another; its name stays behind the link."""
    team("deal", "set", 1, "company=company/3")
    assert f"{SECRET} ivan" not in team("deal", "show", 1, "--json", user="petr").out
    team("company", "show", 3, user="petr", code=5)


def test_counts_and_sums_are_of_what_may_be_read(team: CommandLine) -> None:
    with open_workspace(team.root, actor="petr") as crm:
        assert crm.deals.count() == 1
        assert [group.count for group in crm.deals.totals("owner", money="amount")] == [1]
        assert [deal.id for deal in crm.deals.having("company", "company/3")] == []
        assert crm.deals.many([1, 2, 3]).keys() == {1}
        assert [deal.id for deal in crm.deals.find(where("title").matches(SECRET))] == [1]
        assert crm.deals.first(where("owner") == "ivan") is None
        assert list(crm.at("today").deals.find()) == list(crm.deals.find())
        with pytest.raises(Refused):
            crm.at("today").deals.get(3)
        with pytest.raises(Refused):
            crm.tinydb()


def test_a_change_of_owner_needs_the_right_to_the_record_before_and_the_owner_known(team: CommandLine) -> None:
    team("deal", "assign", 1, "ivan", user="petr")
    team("deal", "show", 1, user="petr", code=5)
    team("deal", "assign", 1, "petr", user="petr", code=5)


def test_small_teams_are_open_by_default(line: CommandLine) -> None:
    line("user", "add", "Ольга", "--login", "olga")
    line("user", "add", "Пётр", "--login", "petr")
    line("deal", "add", "Щебень")
    line("deal", "set", 1, "comment=да", user="petr")
    line("deal", "delete", 1, user="petr", code=5)


def test_a_shared_deal_is_seen_and_edited_whatever_the_role_reaches(world: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(world, tmp_path / "shop"))
    with open_workspace(root, actor="rita", language="en") as crm:
        own = crm.deals.add(title="Shared", amount=5)
        other = crm.deals.add(title="Own")
        crm.deals.share(own.id, "ivan")
        crm.deals.share(own.id, "ivan")
    with open_workspace(root, actor="ivan", language="en") as crm:
        assert [deal.title for deal in crm.deals.find(where("owner") == "rita")] == ["Shared"]
        assert str(crm.deals.set(own.id, amount=7).amount).startswith("7")
        assert (
            sum(group.minor for group in crm.deals.totals("stage", money="amount", query=where("owner") == "rita"))
            == 70_000
        )
        with pytest.raises(Refused):
            crm.deals.get(other.id)
    with open_workspace(root, actor="rita", language="en") as crm:
        assert crm.deals.unshare(own.id, "ivan").shared == ()
    with open_workspace(root, actor="ivan", language="en") as crm, pytest.raises(Refused):
        crm.deals.get(own.id)
