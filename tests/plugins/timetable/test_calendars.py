"""A person's calendar at a secret address, and meetings of .ics files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar

from crm.errors import InvalidValue, NotFound, Refused
from crm.model import Request
from crm.plugins.timetable.feeds import CalendarFeeds, answer
from crm.plugins.timetable.invitations import Invitations
from crm.plugins.timetable.load import days_of, load
from crm.workspace import Workspace


def event(**changed: str) -> bytes:
    lines = {
        "UID": "1@example.ru",
        "DTSTART;TZID=Europe/Moscow": "20301126T150000",
        "SUMMARY": "Замер",
        "LOCATION": "Склад",
        "ORGANIZER": "mailto:V@client.example",
        "SEQUENCE": "0",
        **changed,
    }
    body = "".join(f"{name}:{value}\r\n" for name, value in lines.items() if value)
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nDTSTAMP:20261120T100000Z\r\n"
    return f"{head}{body}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()


@pytest.fixture
def invitations(shop: Workspace) -> Invitations:
    shop.contacts.add(name="Василий", emails="v@client.example")
    shop.deals.add(title="Щебень", contacts=["contact/1"])
    return shop.collection("invitation")  # type: ignore[return-value]


def test_a_meeting_of_a_file_is_planned_for_the_clients_open_deal(invitations: Invitations) -> None:
    (made,) = invitations.take(event())
    assert (made.kind, made.subject, made.about) == ("meeting", "Замер (Склад)", "deal/1")
    assert made.due == datetime(2030, 11, 26, 12, tzinfo=UTC)


def test_a_newer_version_moves_it_an_older_one_does_not_a_cancellation_drops_it(invitations: Invitations) -> None:
    (made,) = invitations.take(event(SEQUENCE="1"))
    moved = {"DTSTART;TZID=Europe/Moscow": "20301127T150000"}
    invitations.take(event(SEQUENCE="0", **moved))
    activities: Any = invitations.crm.collection("activity")
    assert activities.get(made.id).due.day == 26
    invitations.take(event(SEQUENCE="2", **moved))
    assert activities.get(made.id).due.day == 27
    invitations.take(event(SEQUENCE="3", STATUS="CANCELLED"))
    assert activities.get(made.id).done
    assert activities.count() == 1


def test_times_without_a_zone_are_ours_and_days_stay_days(invitations: Invitations) -> None:
    (made,) = invitations.take(event(UID="a", **{"DTSTART;TZID=Europe/Moscow": "", "DTSTART": "20301126T150000"}))
    zone = invitations.crm.settings.time_zone
    assert isinstance(made.due, datetime)
    assert made.due.astimezone(zone).hour == 15
    (whole,) = invitations.take(event(UID="b", **{"DTSTART;TZID=Europe/Moscow": "", "DTSTART;VALUE=DATE": "20301126"}))
    assert whole.due == date(2030, 11, 26)


@pytest.mark.parametrize(
    "data",
    [b"", b"bad", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", event(**{"DTSTART;TZID=Europe/Moscow": ""}),
     event(**{"DTSTART;TZID=Europe/Moscow": "soon"}), b"x" * 5_000_001],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_in_words(invitations: Invitations, data: bytes) -> None:
    with pytest.raises(InvalidValue):
        invitations.take(data)
    assert invitations.crm.collection("activity").count() == 0


# --- the feed --------------------------------------------------------------------------------------------------------


def asked(crm: Workspace, token: str) -> list[Any]:
    reply = answer(crm, Request("GET", f"{token}.ics"))
    assert reply.type.startswith("text/calendar")
    return list(Calendar.from_ical(reply.data).walk("VEVENT"))


def test_a_feed_holds_ones_own_activities_and_stops_when_revoked(shop: Workspace) -> None:
    shop.users.add(name="Иван", login="ivan", role="manager")
    shop.activities.add(kind="call", subject="Мой звонок", due="tomorrow 15:00")
    shop.activities.add(kind="task", subject="Чужое", due="tomorrow", owner="ivan")
    feeds: CalendarFeeds = shop.collection("calendar_feed")  # type: ignore[assignment]
    old = feeds.make()
    (event_,) = asked(shop, old.token)
    assert "Мой звонок" in event_["summary"]
    new = feeds.make()
    with pytest.raises(NotFound):
        answer(shop, Request("GET", f"{old.token}.ics"))
    assert len(asked(shop, new.token)) == 1
    shop.act_as("olga")
    feeds = shop.collection("calendar_feed")  # type: ignore[assignment]
    feeds.revoke()
    for token in (new.token, "", "x"):
        with pytest.raises(NotFound):
            answer(shop, Request("GET", f"{token}.ics"))
    with pytest.raises(Refused):
        feeds.revoke()


def test_who_has_left_has_no_feed(shop: Workspace) -> None:
    shop.users.add(name="Иван", login="ivan", role="manager")
    feeds: CalendarFeeds = shop.collection("calendar_feed")  # type: ignore[assignment]
    token = feeds.make("ivan").token
    assert asked(shop, token) == []
    shop.act_as("olga")
    shop.users.set(2, active="no")
    with pytest.raises(NotFound):
        answer(shop, Request("GET", f"{token}.ics"))


def test_only_the_hash_of_the_secret_is_kept(shop: Workspace) -> None:
    feeds: CalendarFeeds = shop.collection("calendar_feed")  # type: ignore[assignment]
    token = feeds.make().token
    assert token not in str([one.doc for one in feeds.find()])


def test_a_feed_says_what_a_day_and_a_time_are(shop: Workspace) -> None:
    shop.activities.add(kind="task", subject="День", due="tomorrow")
    shop.activities.add(kind="call", subject="Час", due="tomorrow 15:00")
    feeds: CalendarFeeds = shop.collection("calendar_feed")  # type: ignore[assignment]
    found = {str(one["summary"]).split()[-1]: one for one in asked(shop, feeds.make().token)}
    assert not isinstance(found["День"].decoded("dtstart"), datetime)
    start, end = (found["Час"].decoded(name) for name in ("dtstart", "dtend"))
    assert (end - start).seconds == 3600


# --- the load --------------------------------------------------------------------------------------------------------


def test_the_load_counts_by_person_and_day(shop: Workspace) -> None:
    shop.users.add(name="Иван", login="ivan", role="manager")
    monday = date(2030, 11, 25)
    for due, owner in (("2030-11-25", "olga"), ("2030-11-25", "ivan"), ("2030-12-01", "ivan"), ("2030-12-02", "ivan")):
        shop.activities.add(kind="task", subject="Дело", due=due, owner=owner)
    found = load(shop, days_of("week", date(2030, 11, 27)))
    assert found.days[0] == monday
    assert (found.count_on(monday), found.count("ivan"), found.count("olga")) == (2, 2, 1)
    assert len(days_of("month", monday)) == 30
    assert days_of("day", monday) == (monday,)
