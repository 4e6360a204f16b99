"""Mailings by the clock, static lists, leaving by one click, parked addresses, and what came of it all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.errors import InvalidValue, Refused
from crm.model import Reply, Request
from crm.model.report import Asked
from crm.plugins.mailings.leaving import answer
from crm.plugins.mailings.outcome import report
from crm.plugins.mailings.pages import page, people
from crm.plugins.mailings.spreading import read_hours, share
from crm.sales.collection import Edit
from tests.plugins.mailings.conftest import Post, PostOffice

MORNING = datetime(2030, 3, 5, 9, 0, tzinfo=ZoneInfo("Europe/Moscow"))
"""A Tuesday, in the zone of the workspace."""


@pytest.fixture
def mailing(post: Post) -> Any:
    post.segments.add(name="Все", query="id > 0")
    return post.mailings.add(name="Новости", segment="segment/1", subject="Новости", template="Здравствуйте!")


def ticks(post: Post, *moments: datetime) -> None:
    for moment in moments:
        list(post.mailings.send_due(moment, sleep=lambda _seconds: None))


# --- by the clock ----------------------------------------------------------------------------------------------------


def test_letters_are_spread_over_the_hours_of_working_days(post: Post, post_office: PostOffice, mailing: Any) -> None:
    post.mailings.schedule(mailing.id, "10:00-12:00")
    ticks(post, MORNING, MORNING.replace(hour=12), MORNING + timedelta(days=4, hours=2))
    assert post_office.letters == [], "before, behind, and on a Saturday"
    ticks(post, MORNING.replace(hour=10))
    assert len(post_office.letters) == 1, "three letters over 120 minutes: one a tick"
    ticks(post, MORNING.replace(hour=11, minute=59))
    assert len(post_office.letters) == 3, "the last minute takes what is left"
    ticks(post, MORNING.replace(hour=11, minute=59))
    assert post.mailings.get(mailing.id).status == "sent"


def test_the_rate_holds_and_a_day_to_begin_is_waited_for(post: Post, mailing: Any) -> None:
    settings = post.mailings._settings()
    scheduled = post.mailings.schedule(mailing.id, "10:00-12:00", "2030-03-06")
    assert share(post, scheduled, settings, MORNING.replace(hour=10), 1000) == 0
    tomorrow = MORNING.replace(day=6, hour=10)
    assert share(post, scheduled, settings, tomorrow, 1000) == 9
    assert share(post, post.mailings.set(mailing.id, rate=5), settings, tomorrow, 1000) == 5


def test_pause_stops_the_clock_and_schedule_goes_on(post: Post, post_office: PostOffice, mailing: Any) -> None:
    post.mailings.schedule(mailing.id, "10:00-12:00")
    ticks(post, MORNING.replace(hour=10))
    post.mailings.pause(mailing.id)
    ticks(post, MORNING.replace(hour=11, minute=59))
    assert len(post_office.letters) == 1
    post.mailings.schedule(mailing.id)
    ticks(post, MORNING.replace(hour=11, minute=59))
    assert sorted(post_office.addresses()) == ["anna@example.ru", "ivan@example.ru", "petr@example.ru"]


@pytest.mark.parametrize("hours", ["9", "18:00-09:00", "25:00-26:00", "ten-eleven", "09:00-09:00"])
def test_hours_that_are_none_are_refused(post: Post, mailing: Any, hours: str) -> None:
    with pytest.raises(InvalidValue):
        read_hours(hours)
    with pytest.raises(InvalidValue):
        post.mailings.set(mailing.id, hours=hours)


# --- static lists ----------------------------------------------------------------------------------------------------


def test_a_static_list_stays_as_it_was(post: Post, post_office: PostOffice, mailing: Any) -> None:
    frozen = post.segments.freeze(1, "Выставка")
    post.contacts.add(name="Новый", emails="new@example.ru")
    post.segments.drop(frozen.id, ["contact/3"])
    post.mailings.add(name="М", segment=frozen.ref, subject="С", template="Т")
    post.mailings.send(2)
    assert sorted(post_office.addresses()) == ["anna@example.ru", "ivan@example.ru"]
    assert post.segments.put(frozen.id, ["contact/3", "contact/3"]).members == ("contact/1", "contact/2", "contact/3")


def test_a_list_holds_one_noun(post: Post, mailing: Any) -> None:
    with pytest.raises(InvalidValue, match="contact"):
        post.segments.put(1, ["company/1"])


def test_segments_to_begin_with_can_be_read(post: Post) -> None:
    made = post.segments.starter()
    assert len(made) == 3
    assert post.segments.starter() == []
    told = {"loyalty": "loyal", "competitive_offers": "many", "last_contact": "failed"}
    post.companies.set(1, *(Edit(f"classifiers.{name}", "=", value) for name, value in told.items()))
    from crm.plugins.mailings.audience import audience

    assert [one.name for one in audience(post, made[0])] == ["ООО «Ромашка»"]


# --- leaving ---------------------------------------------------------------------------------------------------------


def asked(post: Post, method: str, token: str, body: bytes = b"") -> Reply:
    return answer(post, Request(method, token, body=body))


def test_a_get_shows_a_page_and_only_a_post_unsubscribes(post: Post, mailing: Any) -> None:
    post.mailings.send(mailing.id)
    token = post.dispatches.get(1).token
    page = asked(post, "GET", token)
    assert (page.status, b'<form method="post">' in page.data) == (200, True)
    assert post.unsubscribes.count() == 0
    for _time in range(2):
        assert asked(post, "POST", token, b"List-Unsubscribe=One-Click").status == 200
    (left,) = post.unsubscribes.find()
    assert (left.address, left.mailing) == (post.dispatches.get(1).address, mailing.ref)


@pytest.mark.parametrize("token", ["", "x", "../1"])
def test_a_wrong_token_unsubscribes_nobody(post: Post, mailing: Any, token: str) -> None:
    post.mailings.send(mailing.id)
    assert asked(post, "POST", token).status == 404
    assert post.unsubscribes.count() == 0


def test_the_link_in_the_letter_is_the_address_of_the_console(
    post: Post, post_office: PostOffice, mailing: Any, settings_of: Any
) -> None:
    from tests.plugins.mailings.conftest import opened

    (post.root / "config" / "mailings.yaml").write_text(settings_of(base_address="https://crm.example.ru"))
    with opened(post.root) as crm:
        crm.mailings.send(mailing.id)
        link = f"https://crm.example.ru/hooks/unsubscribe/{crm.dispatches.get(1).token}"
    letter = post_office.letters[0][1]
    assert link in str(letter["List-Unsubscribe"]).replace("\r\n", "")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


# --- bounces ---------------------------------------------------------------------------------------------------------


def test_an_address_that_is_none_is_parked_until_somebody_says_otherwise(
    post: Post, post_office: PostOffice, mailing: Any
) -> None:
    post_office.answers = {"petr@example.ru": "550 5.1.1 no such user", "anna@example.ru": "554 looks like spam"}
    post.mailings.send(mailing.id)
    assert [(address, count) for address, count, _why in post.mailings.parked()] == [("petr@example.ru", 1)]
    post_office.answers = {}
    post.mailings.add(name="Ещё", segment="segment/1", subject="С", template="Т")
    post.mailings.send(2)
    assert post_office.addresses().count("petr@example.ru") == 0
    assert post_office.addresses().count("anna@example.ru") == 1
    assert post.mailings.unpark("Petr@example.ru") == 1
    assert post.mailings.parked() == []
    with pytest.raises(Refused):
        post.mailings.unpark("petr@example.ru")


def test_a_second_report_of_a_bounce_counts_once(post: Post, mailing: Any) -> None:
    post.mailings.send(mailing.id)
    message_id = str(post.dispatches.get(1).message_id)
    for _time in range(2):
        post.dispatches.bounced(message_id, "550 gone")
    assert [count for _address, count, _why in post.mailings.parked()] == [1]


# --- what came of it -------------------------------------------------------------------------------------------------


def test_the_report_counts_deals_after_and_who_left(post: Post, mailing: Any) -> None:
    post.deals.add(title="Раньше", contacts=["contact/1"])
    post.mailings.send(mailing.id)
    post.dispatches.bounced(str(post.dispatches.get(3).message_id), "550")
    asked(post, "POST", post.dispatches.get(2).token)
    with post.writing("test") as draft:
        draft.update("deal", 1, {"created": "2020-01-01T00:00:00+00:00"})
    post.deals.add(title="После", contacts=["contact/1"], amount=500)
    post.deals.win(2)
    (row,) = report(post).rows
    assert {name: row[name] for name in ("sent", "bounced", "unsubscribed", "replied", "deals", "won")} == {
        "sent": 3, "bounced": 1, "unsubscribed": 1, "replied": 0, "deals": 1, "won": 1,
    }  # fmt: skip
    assert row["value"]["amount"] == "500.00"
    assert report(post, Asked(until=post.today() - timedelta(days=1))).rows == []


def test_the_console_shows_who_is_in_a_segment_and_what_came_of_mailings(post: Post, mailing: Any) -> None:
    post.unsubscribes.put("anna@example.ru")
    shown = people(post, post.segments.get(1))
    assert shown["text"] == "2 get a letter, 1 do not."
    assert [row["name"] for row in shown["tables"][0].rows if row["excluded"]] == ["contact/2"]
    (table,) = page(post, {})["tables"]
    assert [(row["title"], row["status"]) for row in table.rows] == [("mailing/1", "draft")]
