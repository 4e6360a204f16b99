"""The nouns of mailings: a segment, a mailing to it, each letter's dispatch, and who wants no letters."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Choices, Emails, Refs
from crm.model.fields import Choice, Flag, LongText, Number, Ref, Text
from crm.model.record import Record

DRAFT, SENDING, PAUSED = "draft", "sending", "paused"
QUEUED, SENT, FAILED, BOUNCED, SKIPPED = "queued", "sent", "failed", "bounced", "skipped"


class Segment(Record):
    """A part of the base: records that a condition selects, people with certain roles, members by hand."""

    noun, plural = "segment", "segments"
    title_one, title_many = N_("Segment"), N_("Segments")

    name = Text(N_("Name"), required=True, search=True, listed=True)
    kind = Choice(N_("Whom it holds"), options=("contact", "company", "lead"), default="contact", listed=True)
    query = Text(N_("Condition"), listed=True)
    roles = Choices(N_("Roles"), "contact_roles", listed=True)
    addresses = Emails(N_("Addresses by hand"))
    members = Refs(N_("Members by hand"))


class Mailing(Record):
    """A letter to a segment; it may be changed until it is sent for the first time.

    `by_clock`: its letters are spread over `hours` of working days (by default those of the settings) from `starts` on.
    """

    noun, plural = "mailing", "mailings"
    title_one, title_many = N_("Mailing"), N_("Mailings")
    example = '"Новости" --segment 3 --subject "Новости ноября" --template "Здравствуйте!"'

    name = Text(N_("Name"), required=True, search=True, listed=True)
    segment = Ref(N_("Segment"), "segment", required=True, listed=True)
    subject = Text(N_("Subject"), required=True, search=True, listed=True)
    template = LongText(N_("Text of the letter"), required=True)
    from_address = Text(N_("Sender"))
    rate = Number(N_("Letters a minute"))
    hours = Text(N_("Hours"))
    starts = Day(N_("Not before"))
    by_clock = Flag(N_("Sent by the clock"), column=True, fixed=True)
    status = Choice(
        N_("Status"), options=(DRAFT, SENDING, PAUSED, SENT), default=DRAFT, column=True, listed=True, fixed=True
    )


class Dispatch(Record):
    """One letter of a mailing to one address.

    `sending` is committed before the mail server is told the letter, `sent` after it took it: a letter that stays
    `sending` may have arrived, and only a person sends it again.
    """

    noun, plural = "dispatch", "dispatches"
    title_one, title_many = N_("Letter of a mailing"), N_("Letters of mailings")
    naming = "address"
    by_hand = False
    typed_first = ()
    orders = (("mailing", "status"), ("updated",))

    mailing = Ref(N_("Mailing"), "mailing", required=True, column=True, listed=True, fixed=True)
    address = Text(N_("Address"), required=True, key=True, search=True, listed=True, fixed=True)
    slot = Text(N_("Outbox key"), key=True, fixed=True)
    recipient = Ref(N_("To whom"), listed=True, fixed=True)
    company = Ref(N_("Company"), "company", fixed=True)
    status = Choice(
        N_("Status"), options=(QUEUED, SENDING, SENT, FAILED, BOUNCED, SKIPPED), column=True, listed=True, fixed=True
    )
    message_id = Text(N_("Message-ID"), key=True, fixed=True)
    token = Text(N_("Token to unsubscribe"), key=True, fixed=True)
    attempts = Number(N_("Attempts"), fixed=True)
    sent_at = Moment(N_("Sent at"), listed=True, fixed=True)
    pardoned = Flag(N_("Counts as a bounce no more"), fixed=True)
    error = Text(N_("What went wrong"), listed=True, fixed=True)


class Unsubscribe(Record):
    """An address that gets no mailings."""

    noun, plural = "unsubscribe", "unsubscribes"
    title_one, title_many = N_("Unsubscribed address"), N_("Unsubscribed addresses")
    naming = "address"
    typed_first = ("address",)
    owned = False
    remembered = ("address",)

    address = Text(N_("Address"), required=True, key=True, search=True, listed=True)
    date = Day(N_("Unsubscribed on"), listed=True)
    reason = Text(N_("Reason"), listed=True)
    mailing = Ref(N_("Mailing"), "mailing", key=True, listed=True, fixed=True)
