"""A message of a messenger, as it came or as it goes out; taking and answering are `messages.py`."""

from __future__ import annotations

from typing import NamedTuple

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.fields import Choice, LongText, Ref, Text
from crm.model.record import Record

IN, OUT = "in", "out"
RECEIVED, QUEUED, SENDING, SENT, FAILED = "received", "queued", "sending", "sent", "failed"


class Told(NamedTuple):
    """What a channel told of a message; `key` is its own id, `chat` whom an answer goes to."""

    channel: str
    key: str
    chat: str
    text: str
    name: str = ""
    phone: str = ""
    email: str = ""
    time: str = ""


class Message(Record):
    """One message; `sending` is committed before the channel hears of it: one that stays so may have arrived."""

    noun, plural = "message", "messages"
    title_one, title_many = N_("Message"), N_("Messages")
    naming = "text"
    typed_first = ()
    by_hand = False
    orders = (("updated",), ("owner", "updated"))

    channel = Text(N_("Channel"), column=True, listed=True, fixed=True)
    chat = Text(N_("Chat"), key=True, fixed=True, technical=True)
    key = Text(N_("Id in the channel"), key=True, fixed=True, technical=True)
    direction = Choice(N_("Direction"), options=(IN, OUT), column=True, listed=True, fixed=True)
    text = LongText(N_("Text"), search=True, listed=True, fixed=True)
    name = Text(N_("Who"), search=True, listed=True, fixed=True)
    date = Moment(N_("Date"), column=True, listed=True, fixed=True)
    client = Ref(N_("Client"), key=True, fixed=True)
    about = Ref(N_("About"), listed=True)
    status = Choice(
        N_("Status"), options=(RECEIVED, QUEUED, SENDING, SENT, FAILED), column=True, listed=True, fixed=True
    )
    activity = Ref(N_("Activity"), "activity", fixed=True)
    error = Text(N_("What went wrong"), fixed=True)
