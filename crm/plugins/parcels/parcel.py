"""A parcel: one letter to one address with a paper enclosed."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.fields import Choice, LongText, Number, Ref, Text
from crm.model.record import Record

QUEUED, SENDING, SENT, FAILED = N_("queued"), N_("sending"), N_("sent"), N_("failed")


class Parcel(Record):
    """A letter with a paper (письмо с документом).

    It waits as `queued`; `sending` is committed before the mail server hears of it, so that one which stays there may
    have arrived and only a person sends it again. `paper` names what is enclosed: a record that prints, or
    `price?group=…`.
    """

    noun, plural = "parcel", "parcels"
    title_one, title_many = N_("Letter with a paper"), N_("Letters with papers")
    naming = "subject"
    by_hand = False
    typed_first = ()
    orders = (("status",), ("updated",))

    about = Ref(N_("About"), listed=True, fixed=True)
    address = Text(N_("Address"), required=True, search=True, listed=True, fixed=True)
    name = Text(N_("To whom"), fixed=True)
    subject = Text(N_("Subject"), required=True, search=True, listed=True, fixed=True)
    text = LongText(N_("Text of the letter"), fixed=True)
    paper = Text(N_("Enclosed"), key=True, listed=True, fixed=True)
    status = Choice(
        N_("Status"), options=(QUEUED, SENDING, SENT, FAILED), default=QUEUED, column=True, listed=True, fixed=True
    )
    attempts = Number(N_("Attempts"), fixed=True)
    message_id = Text(N_("Message-ID"), key=True, fixed=True)
    sent_at = Moment(N_("Sent at"), listed=True, fixed=True)
    error = Text(N_("What went wrong"), listed=True, fixed=True)
