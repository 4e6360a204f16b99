"""A day from the first request to the delivery, with real mail servers; the same day killed anywhere ends the same."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from crm.entrance import open_workspace
from crm.plugins.automation.reacting import names
from crm.plugins.control.report import control
from crm.plugins.motivator.report import Asked, standings
from crm.store import history
from tests.command_line import PROJECT
from tests.day.steps import ADDRESS, RULES, STEPS, TOKEN, play, state
from tests.plugins.conftest import made_shop, shop_folder
from tests.plugins.mailbox.conftest import dovecot, letter, mail_folder, put, user
from tests.plugins.mailbox.dovecot import PASSWORD
from tests.plugins.mailings.conftest import PostOffice, post_office

__all__ = ["dovecot", "made_shop", "mail_folder", "post_office", "put", "shop_folder", "user"]


@pytest.fixture
def morning(mail_folder: Path, put: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace before its day: rules, a token for site and telephone, a letter that waits in the box."""
    monkeypatch.setenv("CRM_IMAP_PASSWORD", PASSWORD)
    config = mail_folder / "config"
    (config / "rules.yaml").write_text(RULES)
    (config / "site.yaml").write_text(f"token: {TOKEN}\n")
    (config / "telephony.yaml").write_text(f"token: {TOKEN}\npeople: {{'101': olga}}\n")
    put(letter("Цена на щебень", f"Василий <{ADDRESS}>"))
    return mail_folder


def played(root: Path) -> None:
    for step in STEPS:
        play(root, step.name)


def test_a_day_from_the_request_to_the_delivery(morning: Path, post_office: PostOffice) -> None:
    played(morning)
    with open_workspace(morning, actor="olga", language="en") as crm:
        crm.deliver_pending()
        crm.collection("letter").reply(1, "1750 за тонну")  # type: ignore[attr-defined]
        assert [one.status for one in crm.collection("letter").deliver().letters] == ["sent"]  # type: ignore[attr-defined]
        assert post_office.addresses() == [ADDRESS]
        open_ones = {one.subject for one in crm.activities.find() if not one.done}
        assert "Перезвонить: +7 916 123-45-67" not in open_ones, "closed by the later call"
        assert not any(subject.startswith("Прочитать") for subject in open_ones), "answered"
        assert {"Отправить КП", "Посчитать (letter/1)"} <= open_ones
        assert any(subject.startswith("Собрать заказ") for subject in open_ones), "the delivery went on"
        assert crm.deals.get(1).stage == "signing"
        assert {"site_call", "deliver"} <= {
            name for line in history.lines(crm.store, history.Asked()) for name in names(line)
        }
        (olga,) = standings(crm, Asked(user="olga"))
        assert olga.points == 6, "an answered call and a meeting; a missed call is no work"
        (row,) = (row for row in control(crm, "light").rows if row["ref"] == "company/1")
        assert row["light"] in ("green", "yellow", "red")


@pytest.mark.slow
def test_the_same_day_killed_anywhere_ends_the_same(
    morning: Path, tmp_path: Path, crash_points: Callable[[str, int], None]
) -> None:
    whole, broken = (Path(copytree(morning, tmp_path / name)) for name in ("whole", "broken"))
    played(whole)
    dice, kills = random.Random(11), 0
    for step in STEPS:
        for at in (dice.randrange(1, 3), dice.randrange(1, 7)):
            kills += _killed(broken, step.name, at)
        play(broken, step.name)
    with open_workspace(whole, actor="olga") as one, open_workspace(broken, actor="olga") as other:
        one.deliver_pending()
        other.deliver_pending()
        assert state(other) == state(one)
    assert kills >= len(STEPS)
    crash_points("day", kills)


def _killed(root: Path, step: str, at: int) -> bool:
    words = [sys.executable, "-m", "tests.day.steps", str(root), step, str(at)]
    done = subprocess.run(words, cwd=PROJECT, env=dict(os.environ), capture_output=True, check=False)
    assert done.returncode in (0, -9), done.stderr.decode()
    return done.returncode == -9
