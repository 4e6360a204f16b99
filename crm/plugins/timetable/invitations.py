"""Meetings that come as .ics files (RFC 5545, 5546): planned once, moved by a newer version, dropped when cancelled."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.timetable.nouns import Invitation
from crm.sales.collection import Collection
from crm.sales.intake import Asked, find_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.activity import Activity
    from crm.model.fields import Doc

LARGEST = 5_000_000


class Meeting(NamedTuple):
    """A meeting as a file tells of it; `people` are e-mail addresses of organizer and attendees."""

    uid: str
    subject: str
    start: date | datetime
    sequence: int
    cancelled: bool
    people: tuple[str, ...]
    repeats: bool


class Invitations(Collection[Invitation]):
    """All invitations."""

    def take(self, data: bytes, about: str = "", owner: str = "") -> list[Activity]:  # type: ignore[override]
        """Plan the meetings of a file, for its client where somebody of it is known; raise InvalidValue.

        What was taken before is moved where the file is newer, dropped where it is cancelled.
        """
        meetings = list(read(data, self.crm.settings.time_zone))
        if not meetings:
            raise InvalidValue(_("There is no meeting in the file."), _("Save it as .ics in the calendar program."))
        with self.crm.writing("activity ics"):
            found = [self._take(meeting, about, owner) for meeting in meetings]
        return [one for one in found if one is not None]

    def _take(self, meeting: Meeting, about: str, owner: str) -> Activity | None:
        known = next(iter(self.having("uid", meeting.uid)), None)
        if meeting.repeats:
            self.crm.warnings.append(
                _("«{subject}» comes again: only its first time is planned.").format(subject=meeting.subject)
            )
        if known is not None:
            return self._renew(known, meeting)
        return None if meeting.cancelled else self._plan(meeting, about, owner)

    def _plan(self, meeting: Meeting, about: str, owner: str) -> Activity:
        client = self.crm.record(about).ref if about else self._client(meeting)
        given: dict[str, Any] = {"about": client, "owner": owner}
        planned: Activity = self.crm.collection("activity").take(  # type: ignore[assignment]
            kind="meeting",
            subject=meeting.subject,
            due=meeting.start,
            **{name: value for name, value in given.items() if value},
        )
        with self.crm.writing("activity ics") as draft:
            doc: Doc = {"uid": meeting.uid, "sequence": meeting.sequence, "activity": planned.ref}
            draft.create("invitation", {**doc, "owner": planned.owner})
        return planned

    def _renew(self, known: Invitation, meeting: Meeting) -> Activity | None:
        activities: Any = self.crm.collection("activity")
        activity: Activity = activities.get(known.activity)
        if meeting.sequence < (known.sequence or 0) or activity.done or "deleted" in activity.doc:
            return activity
        with self.crm.writing("activity ics") as draft:
            draft.update("invitation", known.id, {"sequence": meeting.sequence})
            if meeting.cancelled:
                return activities.done(activity.id, _("The meeting was cancelled."), outcome="failure")  # type: ignore[no-any-return]
            return activities.set(activity.id, subject=meeting.subject, due=meeting.start)  # type: ignore[no-any-return]

    def _client(self, meeting: Meeting) -> str:
        """Return whom a meeting is with: the open deal of somebody known, else that person."""
        own = {str(user.email).lower() for user in self.crm.collection("user").find() if user.email}
        emails = [one for one in meeting.people if one not in own]
        found = find_client(self.crm, Asked("", [], emails, "")) if emails else []
        if not found:
            return ""
        client = found[0]
        field = {"contact": "contacts", "company": "company"}.get(client.noun, "")
        deals = self.crm.collection("deal").having(field, client.ref) if field else []
        open_ones = [deal for deal in deals if not deal.doc.get("outcome")]
        return open_ones[0].ref if len(open_ones) == 1 else client.ref


def read(data: bytes, zone: Any) -> Iterator[Meeting]:
    """Yield the meetings of a file; times without a zone are those of `zone`; raise InvalidValue."""
    from icalendar import Calendar

    if len(data) > LARGEST:
        raise InvalidValue(_("The file is larger than {n} MB.").format(n=LARGEST // 1_000_000))
    try:
        calendar = Calendar.from_ical(data)
        cancelled = str(calendar.get("method", "")).upper() == "CANCEL"
        events = calendar.walk("VEVENT")
    except Exception as error:  # whatever the reader stumbles over, the file is no calendar
        raise InvalidValue(
            _("This is no calendar file: {why}").format(why=str(error).splitlines()[0][:200] if str(error) else "…"),
            _("Save it as .ics in the calendar program."),
        ) from error
    for event in events:
        yield _meeting(event, zone, cancelled=cancelled)


def _meeting(event: Any, zone: Any, *, cancelled: bool) -> Meeting:
    try:
        start = event.decoded("dtstart")
    except Exception as error:  # a missing or broken DTSTART, whichever way the reader says it
        raise InvalidValue(_("A meeting of the file has no time that can be read.")) from error
    if isinstance(start, datetime) and start.tzinfo is None:
        start = start.replace(tzinfo=zone)
    place = str(event.get("location", "")).strip()
    subject = " ".join(str(event.get("summary", "") or _("Meeting")).split())[:300]
    people = [event.get("organizer", ""), *_many(event.get("attendee", []))]
    addresses = (str(one).lower().removeprefix("mailto:") for one in people if one)
    return Meeting(
        str(event.get("uid", "")) or f"{subject} {start}",
        f"{subject} ({' '.join(place.split())[:200]})" if place else subject,
        start,
        int(event.get("sequence", 0) or 0),
        cancelled or str(event.get("status", "")).upper() == "CANCELLED",
        tuple(one for one in addresses if "@" in one),
        event.get("rrule") is not None,
    )


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
