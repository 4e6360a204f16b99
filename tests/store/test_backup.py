from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from crm.errors import CrmError, Damaged, InvalidValue, NotFound, Refused, WrongUsage
from crm.store.archive import MANIFEST, MARK
from crm.store.backup import backup, restore
from crm.store.check import check
from tests.store.conftest import state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm.store.commit import Store

KINDS_OF_FILES = ["copy.zip", "copy.tar.gz", "copy.tgz"]


@pytest.fixture
def shop_with_settings(shop: Store) -> Store:
    config = shop.data.parent / "config"
    (config / "plugins").mkdir(parents=True)
    (config / "crm.yaml").write_text("name: Ромашка\n")
    (config / "plugins" / "own.py").write_text("own = 1\n")
    return shop


@pytest.mark.parametrize("name", KINDS_OF_FILES)
def test_what_comes_back_is_whole(
    shop_with_settings: Store, open_store: Callable[..., Store], tmp_path: Path, name: str
) -> None:
    count = backup(shop_with_settings, tmp_path / name)
    assert restore(tmp_path / name, tmp_path / "back") == count
    assert (tmp_path / "back" / "config" / "plugins" / "own.py").read_text() == "own = 1\n"
    assert not (tmp_path / "back" / "data" / "cache").exists()
    store = open_store("back")
    assert state(store) == state(shop_with_settings)
    assert check(store) == []


def test_a_backup_leaves_out_what_passes(shop: Store, tmp_path: Path) -> None:
    backup(shop, tmp_path / "copy.zip")
    names = zipfile.ZipFile(tmp_path / "copy.zip").namelist()
    assert "data/journal/2026-10.jsonl" in names
    assert not [name for name in names if "cache" in name or ".lock" in name or "/tmp/" in name]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.zip", "shop"]


def test_a_backup_is_a_zip_or_a_tar(shop: Store, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage):
        backup(shop, tmp_path / "copy.rar")
    with pytest.raises(NotFound):
        backup(shop, tmp_path / "nowhere" / "copy.zip")


def test_a_filled_folder_is_left_alone(shop: Store, tmp_path: Path) -> None:
    backup(shop, tmp_path / "copy.zip")
    with pytest.raises(Refused):
        restore(tmp_path / "copy.zip", tmp_path / "shop")
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "copy.zip", tmp_path / "empty")
    assert (tmp_path / "empty" / "data" / "journal").is_dir()


@pytest.mark.parametrize("name", ["copy.zip", "copy.tar.gz"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.97])
def test_a_torn_archive_is_one_sentence(shop: Store, tmp_path: Path, name: str, share: float) -> None:
    backup(shop, tmp_path / name)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(len(data) * share)])
    with pytest.raises(Damaged):
        restore(tmp_path / name, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "shop"])


@pytest.mark.parametrize("name", ["copy.zip", "copy.tar.gz"])
def test_a_changed_byte_is_noticed(shop: Store, tmp_path: Path, name: str) -> None:
    backup(shop, tmp_path / name)
    data = bytearray((tmp_path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Damaged):
        restore(tmp_path / name, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_other_files_are_no_backups(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(Damaged):
        restore(tmp_path / "text.zip", tmp_path / "back")
    with zipfile.ZipFile(tmp_path / "foreign.zip", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(InvalidValue):
        restore(tmp_path / "foreign.zip", tmp_path / "back")
    with pytest.raises(NotFound):
        restore(tmp_path / "none.zip", tmp_path / "back")


def _manifest(names: list[str]) -> bytes:
    about = {"size": 4, "sha256": sha256(b"evil").hexdigest()}
    return json.dumps({"what": MARK, "files": dict.fromkeys(names, about)}).encode()


@pytest.mark.parametrize(
    "name",
    ["../evil", "/evil", "data/../../evil", "data/./evil", "evil", "data\\..\\evil", "data//evil", "data/a\nb"],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"evil")
        archive.writestr(MANIFEST, _manifest([name]))
    with pytest.raises(Refused):
        restore(tmp_path / "evil.zip", tmp_path / "back" / "shop")
    assert not list(tmp_path.rglob("evil"))


def test_links_are_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo("data/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
        manifest = tarfile.TarInfo(MANIFEST)
        data = _manifest(["data/link"])
        manifest.size = len(data)
        archive.addfile(manifest, io.BytesIO(data))
    with pytest.raises(Refused):
        restore(tmp_path / "evil.tar.gz", tmp_path / "back")
    assert not os.path.lexists(tmp_path / "back")


def test_an_unlisted_file_is_refused(shop: Store, tmp_path: Path) -> None:
    backup(shop, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip", "a") as archive:
        archive.writestr("config/plugins/evil.py", b"evil")
    with pytest.raises(Refused, match=r"evil\.py"):
        restore(tmp_path / "copy.zip", tmp_path / "back")


def test_a_full_disk_is_said_and_leaves_nothing(shop: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crm.store.disk.flush", full)
    with pytest.raises(CrmError, match="full"):
        backup(shop, tmp_path / "copy.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
