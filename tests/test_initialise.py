from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crm import entrance, open_workspace
from crm.errors import Damaged, InvalidValue, Refused
from crm.initialise import initialise
from crm.migration import STEPS
from crm.sales.hand_edits import HandEdits
from crm.store.backup import restore
from crm.store.check import check
from crm.store.repair import repair


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return initialise(tmp_path / "shop", "ru", name="Ромашка", login="olga")


def test_a_new_workspace_is_whole_and_has_an_admin(shop: Path) -> None:
    with open_workspace(shop, actor="olga") as crm:
        assert check(crm.store) == []
        assert (crm.settings.language, crm.settings.currency, crm.settings.account.name) == ("ru", "RUB", "Ромашка")
        (admin,) = crm.users.find()
        assert (admin.login, admin.role) == ("olga", "admin")
        crm.users.add(name="Пётр", login="petr", role="manager")
    assert all((shop / "data" / name).is_dir() for name in ("journal", "tables", "files", "log"))
    assert (shop / "data" / "format").read_text() == "1\n"


def test_others_are_managers(shop: Path) -> None:
    with open_workspace(shop, actor="ivan") as crm, pytest.raises(Refused):
        crm.users.add(name="Иван", login="ivan", role="admin")


@pytest.mark.parametrize(("language", "currency"), [("ru", "RUB"), ("uk", "UAH"), ("en", "USD")])
def test_the_currency_follows_the_language(tmp_path: Path, language: str, currency: str) -> None:
    with open_workspace(initialise(tmp_path / "shop", language, login="olga")) as crm:
        assert crm.settings.currency == currency


def test_a_given_currency_wins(tmp_path: Path) -> None:
    with open_workspace(initialise(tmp_path / "shop", "ru", "kzt", login="olga")) as crm:
        assert crm.settings.currency == "KZT"


@pytest.mark.parametrize(
    ("language", "currency", "login"), [("de", "", "olga"), ("ru", "XQQ", "olga"), ("ru", "", "a b")]
)
def test_what_cannot_be_leaves_nothing(tmp_path: Path, language: str, currency: str, login: str) -> None:
    with pytest.raises(InvalidValue):
        initialise(tmp_path / "shop", language, currency, login=login)
    assert not (tmp_path / "shop").exists()


def test_a_workspace_is_not_made_twice(shop: Path) -> None:
    with pytest.raises(Refused):
        initialise(shop, "uk", login="petr")


def test_two_workspaces_have_their_own_identity(shop: Path, tmp_path: Path) -> None:
    other = initialise(tmp_path / "other", login="olga")
    with open_workspace(shop) as one, open_workspace(other) as two:
        assert one.identity != two.identity


def test_a_clone_works_without_init(shop: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(shop / "config", clone / "config")
    (clone / "data").mkdir()
    (clone / "data" / "README.md").write_text("Nothing yet.\n")
    with open_workspace(clone, actor="olga") as crm:
        deal = crm.deals.add(title="Щебень")
        assert len(crm.identity) == 32
    with open_workspace(clone, actor="olga") as crm:
        assert crm.deals.get(deal.id).title == "Щебень"
        assert check(crm.store) == []
    assert (clone / "data" / "README.md").read_text() == "Nothing yet.\n"


def test_a_folder_with_settings_alone_works(shop: Path, tmp_path: Path) -> None:
    shutil.copytree(shop / "config", tmp_path / "bare" / "config")
    with open_workspace(tmp_path / "bare", actor="olga") as crm:
        crm.leads.add(name="Москва, Василий, щебень")
        assert crm.leads.count() == 1


def _upgrade(root: Path) -> None:
    (root / "data" / "upgraded").write_text("yes")


def test_older_data_is_brought_up_after_a_backup(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "FORMAT", 2)
    monkeypatch.setitem(STEPS, 1, _upgrade)
    with open_workspace(shop, actor="olga") as crm:
        assert crm.users.count() == 1
    assert (shop / "data" / "upgraded").read_text() == "yes"
    assert (shop / "data" / "format").read_text() == "2\n"
    restore(shop / "data" / "backups" / "format-1.zip", tmp_path / "before")
    assert (tmp_path / "before" / "data" / "format").read_text() == "1\n"
    assert not (tmp_path / "before" / "data" / "upgraded").exists()


def test_an_upgrade_that_fails_starts_from_its_backup_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(root: Path) -> None:
        _upgrade(root)
        raise Damaged("No.")

    monkeypatch.setattr(entrance, "FORMAT", 2)
    monkeypatch.setitem(STEPS, 1, fail)
    with pytest.raises(Damaged):
        open_workspace(shop, actor="olga")
    was = (shop / "data" / "backups" / "format-1.zip").read_bytes()
    assert (shop / "data" / "format").read_text() == "1\n"
    monkeypatch.setitem(STEPS, 1, _upgrade)
    open_workspace(shop, actor="olga").close()
    assert (shop / "data" / "backups" / "format-1.zip").read_bytes() == was
    assert (shop / "data" / "format").read_text() == "2\n"


def test_a_missing_step_and_a_newer_format_are_refused(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(entrance, "FORMAT", 2)
        with pytest.raises(Damaged):
            open_workspace(shop, actor="olga")
    (shop / "data" / "format").write_text("9\n")
    with pytest.raises(Damaged, match="9"):
        open_workspace(shop, actor="olga")


def test_damage_does_not_keep_a_mender_out(shop: Path) -> None:
    table = shop / "data" / "tables" / "users" / "00000.json"
    table.write_text("rubbish")
    shutil.rmtree(shop / "data" / "cache")
    with pytest.raises(Damaged):
        open_workspace(shop, actor="olga")
    with open_workspace(shop, actor="olga", mending=True) as crm:
        repair(crm.store, crm.actor, HandEdits(crm).accept)
        assert crm.users.get(1).login == "olga"
    with open_workspace(shop, actor="olga") as crm:
        assert check(crm.store) == []


def test_an_edit_by_hand_is_read_like_a_typed_one(shop: Path) -> None:
    with open_workspace(shop, actor="olga") as crm:
        crm.deals.add(title="Щебень", amount=100)
        crm.deals.add(title="Песок")
    table = shop / "data" / "tables" / "deals" / "00000.json"
    text = table.read_text()
    assert '"amount":"100.00"' in text
    text = text.replace('"amount":"100.00"', '"amount":"250,5"').replace('"title":"Песок"', '"title":""')
    table.write_text(text)
    with open_workspace(shop, actor="olga", mending=True) as crm:
        repair(crm.store, crm.actor, HandEdits(crm).accept)
        assert crm.deals.get(1).doc["amount"] == {"amount": "250.50", "currency": "RUB"}
        assert crm.deals.get(2).title == "Песок"
        assert check(crm.store) == []
