"""A reminder as it was given: to whom, of what, when; so that it is given once."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.fields import Choice, Flag, Ref, Text
from crm.model.record import Record

OWNER, CLIENT = "owner", "client"


class Reminder(Record):
    """One reminder; `slot` names activity, time and whom, so that another time of the activity is another reminder."""

    noun, plural = "reminder", "reminders"
    title_one, title_many = N_("Reminder"), N_("Reminders")
    naming = "subject"
    typed_first = ()
    by_hand = False
    orders = (("owner", "due"), ("updated",), ("owner", "updated"))

    subject = Text(N_("Subject"), listed=True, fixed=True)
    activity = Ref(N_("Activity"), "activity", listed=True, fixed=True)
    to = Choice(N_("To whom"), options=(OWNER, CLIENT), column=True, listed=True, fixed=True)
    due = Moment(N_("Due"), column=True, listed=True, fixed=True)
    slot = Text(N_("Reminded of"), key=True, fixed=True)
    letter = Ref(N_("Letter"), listed=True, fixed=True)
    problem = Text(N_("What went wrong"), listed=True, fixed=True)
    seen = Flag(N_("Seen"), column=True, fixed=True)
