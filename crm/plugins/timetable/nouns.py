"""The nouns of the calendar: an address that a person's calendar program reads, and a meeting that came as a file."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.fields import Number, Ref, Text
from crm.model.record import Record


class CalendarFeed(Record):
    """The secret address of a person's calendar; only the hash of the secret is kept, so it is shown once."""

    noun, plural = "calendar_feed", "calendar_feeds"
    title_one, title_many = N_("Address of a calendar"), N_("Addresses of calendars")
    naming = "name"
    typed_first = ()
    by_hand = False

    name = Text(N_("Name"), listed=True, fixed=True)
    hash = Text(N_("Hash"), key=True, fixed=True)
    asked = Moment(N_("Last asked"), listed=True, fixed=True)
    revoked = Moment(N_("Revoked"), column=True, listed=True, fixed=True)


class Invitation(Record):
    """A meeting of an .ics file, by its UID, so that a newer version of it moves the same activity."""

    noun, plural = "invitation", "invitations"
    title_one, title_many = N_("Invitation"), N_("Invitations")
    naming = "uid"
    typed_first = ()
    by_hand = False

    uid = Text("UID", key=True, listed=True, fixed=True)
    sequence = Number(N_("Version"), listed=True, fixed=True)
    activity = Ref(N_("Activity"), "activity", listed=True, fixed=True)
