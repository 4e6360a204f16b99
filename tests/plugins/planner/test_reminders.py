"""Reminders: to the owner and to the client, in the console and by a real mail server, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm.due import tick
from crm.locale import use_language
from tests.plugins.mailings.conftest import Post, PostOffice, opened, post_office, settings_of

__all__ = ["post_office", "settings_of"]
START = datetime(2030, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def office(shop_folder: Path, settings_of: Callable[..., str]) -> Iterator[Post]:
    (shop_folder / "config" / "mailings.yaml").write_text(settings_of(**{"from": "sales@example.ru"}))
    with opened(shop_folder) as crm:
        crm.users.set(1, email="olga@example.ru")
        crm.contacts.add(name="Василий", emails="v@example.ru")
        crm.deals.add(title="Щебень", contacts=["contact/1"])
        crm.activities.add(kind="meeting", subject="Замер", about="deal/1", due=START)
        yield crm
    use_language("en")


def ticked(crm: Post, before: timedelta) -> list[str]:
    told = list(tick(crm, START - before))
    assert [one.text for one in told if one.error] == []
    return [one.text for one in told if one.plugin == "planner"]


def test_a_client_is_reminded_two_hours_before_a_meeting_and_the_owner_later(
    office: Post, post_office: PostOffice
) -> None:
    assert ticked(office, timedelta(minutes=121)) == []
    assert len(ticked(office, timedelta(minutes=119))) == 1
    assert post_office.addresses() == ["v@example.ru"]
    letter = post_office.letters[0][1]
    assert "Замер" in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert ticked(office, timedelta(minutes=90)) == [], "once"
    assert len(ticked(office, timedelta(minutes=15))) == 1
    assert post_office.addresses() == ["v@example.ru", "olga@example.ru"]
    assert [one.kind for one in office.activities.find()] == ["meeting"], "a letter of the program is nobody's work"


def test_a_meeting_at_another_time_is_reminded_of_again(office: Post, post_office: PostOffice) -> None:
    ticked(office, timedelta(minutes=60))
    office.activities.postpone(1, START + timedelta(days=1), "просят завтра")
    ticked(office, timedelta(minutes=60) - timedelta(days=1))
    assert post_office.addresses() == ["v@example.ru"] * 2
    reminders: Any = office.collection("reminder")
    assert [one.to for one in reminders.find()] == ["client", "client"]


def test_what_is_done_or_past_is_not_reminded_of(office: Post, post_office: PostOffice) -> None:
    assert ticked(office, timedelta(minutes=-1)) == ["reminder/1 Замер → owner"], "no client after the beginning"
    office.activities.add(kind="call", subject="Звонок", due=START + timedelta(hours=1))
    office.activities.done(2)
    assert ticked(office, timedelta(minutes=-50)) == []


def test_a_client_without_an_address_is_told_of(office: Post, post_office: PostOffice) -> None:
    office.contacts.set(1, emails="")
    ticked(office, timedelta(minutes=60))
    assert post_office.letters == []
    assert "not said to whom" in office.collection("reminder").get(1).problem


def test_settings_switch_reminders_off_and_say_other_words(office: Post, post_office: PostOffice) -> None:
    text = "owner: {minutes: 0, morning: ''}\nclient: {minutes: 30, subject: 'Ждём {when}', text: '{subject}!'}\n"
    (office.root / "config" / "planner.yaml").write_text(text)
    with opened(office.root) as crm:
        assert ticked(crm, timedelta(minutes=60)) == []
        ticked(crm, timedelta(minutes=20))
    (address, letter), *more = post_office.letters
    assert (address, letter["Subject"].split()[0], more) == ("v@example.ru", "Ждём", [])


def test_one_sees_reminders_until_they_are_put_away_or_done(office: Post) -> None:
    reminders: Any = office.collection("reminder")
    ticked(office, timedelta(minutes=10))
    (mine,) = (one for one in reminders.open_for("olga") if one.to == "owner")
    reminders.put_away(mine.id)
    assert [one for one in reminders.open_for("olga") if one.to == "owner"] == []


def test_a_day_without_a_time_is_reminded_of_in_the_morning(office: Post, post_office: PostOffice) -> None:
    office.activities.add(kind="task", subject="Отчёт", due="2030-03-05")
    assert ticked(office, timedelta(hours=7)) == [], "08:00 in the zone of the workspace"
    office.activities.add(kind="task", subject="Сверка", due="2030-03-05")
    told = ["reminder/1 Отчёт → owner", "reminder/2 Сверка → owner"]
    assert ticked(office, timedelta(hours=3)) == told
    ((address, letter),) = post_office.letters
    assert (address, letter["Subject"]) == ("olga@example.ru", "2 activities today")
    assert "Отчёт" in letter.get_content()
    assert "Сверка" in letter.get_content()
    assert ticked(office, timedelta(hours=3)) == []
