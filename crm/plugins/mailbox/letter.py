"""The nouns of mail: a letter, come in or written by us, and a folder of a box with the place reached in it."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.field_lists import Emails, Refs, Texts
from crm.model.fields import Choice, LongText, Number, Ref, Text
from crm.model.record import Record

IN, OUT = "in", "out"
RECEIVED, QUEUED, SENDING, SENT, FAILED, BOUNCED = "received", "queued", "sending", "sent", "failed", "bounced"


class Letter(Record):
    """A letter; its bytes are `data/files/<raw>`, what is read of them stands here.

    `sending` is committed before the mail server hears of a letter, `delivered` names who has got it: a letter that
    stays `sending` may have arrived, and only a person sends it again.
    """

    noun, plural = "letter", "letters"
    title_one, title_many = N_("Letter"), N_("Letters")
    naming = "subject"
    by_hand = False
    typed_first = ()
    orders = (("direction", "date"), ("date",), ("status", "updated"), ("owner", "date"))

    subject = Text(N_("Subject"), required=True, search=True, listed=True, fixed=True)
    direction = Choice(N_("Direction"), options=(IN, OUT), column=True, listed=True, fixed=True)
    status = Choice(
        N_("Status"), options=(RECEIVED, QUEUED, SENDING, SENT, FAILED, BOUNCED), column=True, listed=True, fixed=True
    )
    sender = Text(N_("From"), key=True, search=True, listed=True, fixed=True)
    sender_name = Text(N_("Name of the sender"), search=True, fixed=True)
    to = Emails(N_("To"), fixed=True)
    date = Moment(N_("Date"), column=True, listed=True, fixed=True)
    about = Ref(N_("About"), listed=True)
    client = Ref(N_("Client"))
    nature = Choice(N_("Written by"), options=("person", "robot", "bounce"), listed=True, fixed=True)
    text = LongText(N_("Text"), search=True, fixed=True)
    attachments = Texts(N_("Attachments"), fixed=True)
    box = Text(N_("Box"), listed=True, fixed=True)
    message_id = Text(N_("Message-ID"), key=True, fixed=True, technical=True)
    thread = Text(N_("Thread"), key=True, fixed=True, technical=True)
    parent = Ref(N_("Answer to"), "letter", fixed=True)
    activities = Refs(N_("Activities"), "activity", key=True, fixed=True)
    raw = Text(N_("File"), key=True, fixed=True, technical=True)
    size = Number(N_("Size, bytes"), fixed=True, technical=True)
    delivered = Emails(N_("Delivered to"), fixed=True)
    refused = Emails(N_("Refused for"), fixed=True)
    attempts = Number(N_("Attempts"), fixed=True)
    error = Text(N_("What went wrong"), listed=True, fixed=True)


class Mailbox(Record):
    """A folder of a box: how far its letters were fetched, and what went wrong the last time."""

    noun, plural = "mailbox", "mailboxes"
    title_one, title_many = N_("Folder of a mailbox"), N_("Mailboxes")
    naming = "name"
    by_hand = False
    typed_first = ()
    owned = False

    name = Text(N_("Name"), required=True, search=True, key=True, listed=True, fixed=True)
    box = Text(N_("Box"), listed=True, fixed=True)
    folder = Text(N_("Folder"), listed=True, fixed=True)
    validity = Number(N_("UIDVALIDITY"), fixed=True)
    uid = Number(N_("Fetched up to"), listed=True, fixed=True)
    error = Text(N_("What went wrong"), listed=True, fixed=True)
