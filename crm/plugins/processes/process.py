"""A process: one run of a routine for one record."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.field_lists import Refs
from crm.model.fields import Choice, Ref, Text
from crm.model.record import Record

RUNNING, DONE, STOPPED = "running", "done", "stopped"


class Process(Record):
    """One run of a routine; `step` is where it stands, `activities` are those of its steps in their order."""

    noun, plural = "process", "processes"
    title_one, title_many = N_("Process"), N_("Processes")
    example = "delivery --about deal/12"
    naming = "title"
    typed_first = ("routine",)
    orders = (("state", "updated"), ("updated",), ("owner", "updated"))

    title = Text(N_("Title"), search=True, listed=True, fixed=True)
    routine = Text(N_("Routine"), required=True, column=True, listed=True)
    about = Ref(N_("About"), listed=True, required=True)
    step = Text(N_("Step"), listed=True, fixed=True)
    state = Choice(N_("State"), options=(RUNNING, DONE, STOPPED), default=RUNNING, column=True, listed=True, fixed=True)
    activities = Refs(N_("Activities"), "activity", key=True, fixed=True)
    finished = Moment(N_("Finished"), fixed=True)
