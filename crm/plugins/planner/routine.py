"""A routine: an activity that comes again every day, week, month or quarter (T8); when is `occasions.py`."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day
from crm.model.fields import Choice, Flag, Ref, Text
from crm.model.record import Record

DAY, WEEK, MONTH, QUARTER = "day", "week", "month", "quarter"


class Routine(Record):
    """A saved activity that is planned anew when its day comes.

    `on` names the days: `mon, thu` of a week, `1, 15, last` of a month or of a quarter's first month. With `noun` and
    `query` it is a checklist of the records that the condition selects then; `each` plans one activity for each.
    """

    noun, plural = "routine", "routines"
    title_one, title_many = N_("Regular activity"), N_("Regular activities")
    example = '"Выставить счета" --every month --on 25 --time 10:00'
    naming = "subject"
    typed_first = ("subject",)
    orders = (("updated",), ("owner", "updated"))

    subject = Text(N_("Subject"), required=True, search=True, listed=True)
    kind = Choice(N_("Kind"), "activity_kinds", default="task", listed=True)
    every = Choice(N_("Every"), options=(DAY, WEEK, MONTH, QUARTER), default=WEEK, listed=True)
    on = Text(N_("On these days"), listed=True)
    time = Text(N_("At"), listed=True)
    about = Ref(N_("About"), listed=True)
    about_noun = Text(N_("Checklist of"))
    query = Text(N_("Those with"))
    each = Flag(N_("An activity for each"))
    starts = Day(N_("From"))
    ends = Day(N_("Until"))
    paused = Flag(N_("Paused"), column=True, listed=True)
    last = Day(N_("Last planned for"), listed=True, fixed=True)
    activity = Ref(N_("Planned"), "activity", listed=True, fixed=True)
