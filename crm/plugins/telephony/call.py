"""A call as the CRM keeps it, and as an exchange tells of it; taking one is `calls.py`."""

from __future__ import annotations

from typing import NamedTuple

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.fields import Choice, Number, Ref, Text
from crm.model.record import Record

IN, OUT = "in", "out"
RINGING, ANSWERED, MISSED = "ringing", "answered", "missed"
FINAL = (ANSWERED, MISSED)


class Told(NamedTuple):
    """What an exchange told of a call; `key` is its own id with the exchange's name, `duration` in seconds.

    `number` is the other side's, `extension` ours, `line` the number of ours that was dialled. Empty and None mean:
    not told this time.
    """

    key: str
    direction: str = ""
    number: str = ""
    extension: str = ""
    status: str = ""
    started: str = ""
    duration: int | None = None
    recording: str = ""
    line: str = ""


class Call(Record):
    """One call; `activity` is where it is logged, `callback` the «Перезвонить» that it made."""

    noun, plural = "call", "calls"
    title_one, title_many = N_("Call"), N_("Calls")
    naming = "number"
    by_hand = False
    typed_first = ()
    orders = (("updated",), ("owner", "updated"))

    key = Text(N_("Id of the exchange"), key=True, required=True, fixed=True, technical=True)
    number = Text(N_("Number"), search=True, listed=True, key=True, fixed=True)
    direction = Choice(N_("Direction"), options=(IN, OUT), column=True, listed=True, fixed=True)
    status = Choice(N_("Status"), options=(RINGING, ANSWERED, MISSED), column=True, listed=True, fixed=True)
    started = Moment(N_("Started"), column=True, listed=True, fixed=True)
    duration = Number(N_("Duration, s"), listed=True, fixed=True)
    extension = Text(N_("Extension"), fixed=True)
    line = Text(N_("Dialled number"), listed=True, fixed=True)
    client = Ref(N_("Client"), listed=True, fixed=True)
    activity = Ref(N_("Activity"), "activity", fixed=True)
    callback = Ref(N_("Call back"), "activity", fixed=True)
    recording = Text(N_("Recording"), fixed=True)
