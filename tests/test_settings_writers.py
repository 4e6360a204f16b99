"""Several writers of the settings at once, and a writer of an older text: nothing is lost between them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crm import settings_editing, settings_file
from crm.errors import Busy, Conflict
from crm.initialise import initialise
from crm.settings import load_settings
from crm.settings_file import change_setting, change_settings, reorder_items, sealed
from crm.store.lock import locked


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return initialise(tmp_path / "shop", "en", "RUB", "", "olga")


def test_nobody_writes_between_the_reading_and_the_writing_of_another(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, edited = shop / "config" / "crm.yaml", settings_editing.edited
    monkeypatch.setattr(settings_file, "locked", partial(locked, wait=0))

    def interrupted(*given: Any) -> str:
        monkeypatch.setattr(settings_file, "edited", edited)
        with pytest.raises(Busy, match=r"config/crm.yaml"):
            change_setting(file, ["name"], "Ours")
        return edited(*given)

    monkeypatch.setattr(settings_file, "edited", interrupted)
    change_setting(file, ["trash_days"], 60)
    assert change_setting(file, ["name"], "Ours").account.trash_days == 60


def test_processes_that_write_different_keys_keep_each_others_changes(shop: Path) -> None:
    file = shop / "config" / "motivator.yaml"
    file.write_text("norms: {}\n")
    script = (
        "import sys, pathlib; from crm.settings_file import change_setting as change\n"
        "for number in range(5): change(pathlib.Path(sys.argv[1]), ['norms', f'{sys.argv[2]}{number}'], 40)"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(file), letter]) for letter in "abc"]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    norms = load_settings(shop).plain("motivator")["norms"]
    assert sorted(norms) == [f"{letter}{number}" for letter in "abc" for number in range(5)]


def test_two_threads_write_beside_under_names_of_their_own(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = shop / "config" / "note.yaml"
    both, fsync = threading.Barrier(2, timeout=10), os.fsync

    def together(descriptor: int) -> None:
        fsync(descriptor)
        both.wait()

    monkeypatch.setattr(os, "fsync", together)
    failures: list[BaseException] = []

    def write(text: str) -> None:
        try:
            settings_file._replace(file, text)
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(letter * 1000,)) for letter in "ab"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert file.read_text() in ("a" * 1000, "b" * 1000)


def test_a_file_that_is_replaced_keeps_its_rights(shop: Path) -> None:
    file = shop / "config" / "crm.yaml"
    file.chmod(0o640)
    change_setting(file, ["trash_days"], 60)
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_change_of_an_older_text_is_refused(shop: Path) -> None:
    file = shop / "config" / "vat.yaml"
    seen = sealed(file)
    change_settings(file, [(["rates", 0], None)], seal=seen)
    after = file.read_text()
    with pytest.raises(Conflict, match=r"vat.yaml was changed meanwhile"):
        change_settings(file, [(["rates", 0], None)], seal=seen)
    assert file.read_text() == after


def test_an_order_that_lacks_an_item_does_not_take_it_out(shop: Path) -> None:
    file = shop / "config" / "pipelines.yaml"
    before = file.read_text()
    with pytest.raises(Conflict):
        reorder_items(file, ["pipelines", "sales", "stages"], ["new", "proposal"])
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("wished", "listed"),
    [
        (["one", "three"], ['  - "one"   # first', "  - three   # third", "# after"]),
        (["two", "three", "four"], ["  - two   # second", "  - three   # third", "  - four", "# after"]),
        (["one"], ['  - "one"   # first', "# after"]),
    ],
)
def test_words_that_stay_in_a_list_keep_their_quotes_and_comments(wished: list[str], listed: list[str]) -> None:
    text = 'a:\n  - "one"   # first\n  - two   # second\n  - three   # third\n# after\nb: 1\n'
    after = settings_editing.edited(
        text, lambda document: settings_editing.put(document, ["a"], wished), Path("x.yaml")
    )
    assert after.splitlines() == ["a:", *listed, "b: 1"]
