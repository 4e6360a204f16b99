"""Addresses of calendars: made, revoked, answered with a person's activities as iCalendar (RFC 5545)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import NotFound, Refused
from crm.locale import _, use_language
from crm.model import Reply, Request
from crm.plugins.timetable.nouns import CalendarFeed
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from icalendar import Event

    from crm.model.activity import Activity
    from crm.workspace import Workspace

TYPE = "text/calendar; charset=utf-8"
BACK, AHEAD = timedelta(days=90), timedelta(days=366)
LASTS = timedelta(hours=1)
"""How long an activity with a time takes where nothing says otherwise."""


class Made(NamedTuple):
    """A new address of a calendar, and the secret in it."""

    feed: CalendarFeed
    token: str


class CalendarFeeds(Collection[CalendarFeed]):
    """All addresses of calendars."""

    def make(self, login: str = "") -> Made:
        """Make the address of one's calendar, or of another's where one may edit that person's activities.

        The one before stops working.
        """
        owner = self.crm.person(login) if login else self.crm.actor
        if owner != self.crm.actor:
            self.crm.guard.check("edit", "activity", {"owner": owner})
        token = token_urlsafe(24)
        with self.crm.writing("calendar_feed make") as draft:
            self._revoke(owner, draft.time)
            users = self.crm.collection("user").having("login", owner)
            doc = {"name": users[0].label if users else owner, "owner": owner, "hash": _hash(token)}
            return Made(self.record(draft.create("calendar_feed", doc)), token)

    def revoke(self, login: str = "") -> list[CalendarFeed]:
        """Revoke a person's addresses; raise Refused where there is none."""
        owner = self.crm.person(login) if login else self.crm.actor
        if owner != self.crm.actor:
            self.crm.guard.check("edit", "activity", {"owner": owner})
        with self.crm.writing("calendar_feed revoke") as draft:
            gone = self._revoke(owner, draft.time)
            if not gone:
                raise Refused(_("{login} has no address of a calendar.").format(login=owner))
            return gone

    def _revoke(self, owner: str, now: str) -> list[CalendarFeed]:
        from tinydb.queries import where

        query: Any = (where("owner") == owner) & ~where("revoked").exists()
        with self.crm.writing("calendar_feed revoke") as draft:
            return [
                self.record(draft.update("calendar_feed", one.id, {"revoked": now})) for one in list(self.find(query))
            ]

    def by_token(self, token: str) -> CalendarFeed:
        """Return the feed that a secret opens; raise NotFound for a wrong or revoked one, or of who has left."""
        for feed in self.having("hash", _hash(token)) if token else ():
            left = any(not user.active for user in self.crm.collection("user").having("login", feed.owner))
            if not feed.revoked and not left:
                return feed
        raise NotFound(_("There is no such address."))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address(crm: Workspace, token: str) -> str:
    """Return the address to enter in a calendar program."""
    return crm.settings.account.hook_address(f"calendar/{token}.ics")


def answer(crm: Workspace, request: Request) -> Reply:
    """Answer a calendar program: the activities of whose address it is, with that person's rights."""
    feeds: CalendarFeeds = crm.collection("calendar_feed")  # type: ignore[assignment]
    feed = feeds.by_token(request.path.removesuffix(".ics"))
    asked: Any = feed.asked
    if asked is None or datetime.now(UTC) - asked > timedelta(hours=1):
        with crm.writing("calendar_feed asked") as draft:
            draft.update("calendar_feed", feed.id, {"asked": draft.time})
    crm.act_as(feed.owner)
    use_language(crm.settings.language)
    return Reply(calendar_of(crm, feed.owner), type=TYPE, headers={"Cache-Control": "private, max-age=300"})


def calendar_of(crm: Workspace, login: str) -> bytes:
    """Return a person's activities as iCalendar: with a time as an hour, with a day alone as that day."""
    from icalendar import Calendar
    from tinydb.queries import where

    calendar = Calendar()
    calendar.add("prodid", "-//crm//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", crm.settings.account.name or "crm")
    today = crm.today()
    period = (where("due") >= (today - BACK).isoformat()) & (where("due") < (today + AHEAD).isoformat())
    query: Any = (where("owner") == login) & period
    for activity in crm.activities.find(query, sort="due"):
        calendar.add_component(_event(crm, activity))
    return bytes(calendar.to_ical())


def _event(crm: Workspace, activity: Activity) -> Event:
    from icalendar import Event

    event = Event()
    due: Any = activity.due
    event.add("uid", f"activity-{activity.id}@{crm.identity}")
    event.add("dtstamp", activity.updated)
    event.add("dtstart", due)
    event.add("dtend", due + (LASTS if isinstance(due, datetime) else timedelta(days=1)))
    kind = crm.settings.dictionary("activity_kinds").title(activity.kind)
    event.add("summary", f"{'✓ ' if activity.done else ''}{kind}: {activity.subject}")
    event.add("sequence", activity.rev)
    event.add("description", "\n".join(_told(crm, activity)))
    if not isinstance(due, datetime):
        event.add("transp", "TRANSPARENT")
    base = crm.settings.account.public_url
    if base:
        event.add("url", f"{base.rstrip('/')}/{activity.ref}")
    return event


def _told(crm: Workspace, activity: Activity) -> list[str]:
    """Return what is told of an activity: what it is about with its phones, and what came of it."""
    told = []
    ref = activity.about
    if ref:
        noun, _slash, number = ref.partition("/")
        doc = crm.doc(noun, int(number))
        if doc is not None and crm.guard.may("read", noun, doc):
            told.append(f"{crm.record(ref).label} ({ref})")
            told += [str(phone) for phone in doc.get("phones") or []]
    return [*told, activity.result] if activity.result else told
