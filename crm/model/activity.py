"""An activity (дело): a call, a meeting, a letter, a task; planned, then done."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.fields import Choice, Flag, LongText, Number, Ref, Text
from crm.model.record import Record


class Activity(Record):
    """Something to do, or done, about a record."""

    noun, plural = "activity", "activities"
    title_one, title_many = N_("Activity"), N_("Activities")
    example = 'call "Уточнить объём" --about deal/12 --due tomorrow'
    naming = "subject"
    typed_first = ("kind", "subject")
    born_with = ("done",)
    orders = (
        ("owner", "done", "due"),
        ("done", "due", "owner", "urgent"),
        ("updated",),
        ("owner", "updated"),
        ("done_at", "owner", "done"),
        ("due", "owner"),
    )
    tally = ("kind", "done", "owner")

    kind = Choice(N_("Kind"), "activity_kinds", column=True, listed=True)
    subject = Text(N_("Subject"), required=True, search=True, listed=True)
    about = Ref(N_("About"), listed=True)
    due = Moment(N_("Due"), column=True, listed=True)
    done = Flag(N_("Done"), column=True, listed=True, fixed=True)
    done_at = Moment(N_("Done at"), column=True, fixed=True)
    result = LongText(N_("Result"), search=True)
    direction = Choice(N_("Direction"), options=("in", "out"))
    outcome = Choice(N_("Outcome"), options=("success", "failure", "no_answer"))
    duration = Number(N_("Duration, s"), least=0)
    urgent = Flag(N_("Urgent"), column=True)
    points = Number(N_("Points"), column=True, fixed=True)
