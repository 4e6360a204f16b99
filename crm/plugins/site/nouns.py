"""The nouns of the site: a request as it came, and a notice of a stage on its way back."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.fields import Choice, LongText, Number, Ref, Text
from crm.model.record import Record

FORM, ORDER = "form", "order"
WAITING, TAKEN, FAILED = "waiting", "taken", "failed"


class SiteRequest(Record):
    """A form or an order of the site; `key` is the site's own number, so that the same one is taken once."""

    noun, plural = "site_request", "site_requests"
    title_one, title_many = N_("Request of the site"), N_("Requests of the site")
    naming = "key"
    typed_first = ()
    by_hand = False
    orders = (("updated",), ("owner", "updated"))

    kind = Choice(N_("Kind"), options=(FORM, ORDER), column=True, listed=True, fixed=True)
    key = Text(N_("Number on the site"), key=True, search=True, listed=True, fixed=True)
    about = Ref(N_("Became"), listed=True, key=True, fixed=True)
    client = Ref(N_("Client"), listed=True, fixed=True)
    told = LongText(N_("As it came"), fixed=True)


class SiteNotice(Record):
    """One change of a stage on its way to the site; it may arrive twice, its `delivery` stays the same."""

    noun, plural = "site_notice", "site_notices"
    title_one, title_many = N_("Notice to the site"), N_("Notices to the site")
    naming = "event"
    typed_first = ()
    by_hand = False
    orders = (("status", "next_at"), ("updated",))

    event = Text(N_("Event"), listed=True, fixed=True)
    about = Ref(N_("About"), listed=True, fixed=True)
    url = Text(N_("Address"), listed=True, fixed=True)
    delivery = Text(N_("Delivery"), key=True, fixed=True)
    body = LongText(N_("Body"), fixed=True)
    status = Choice(N_("Status"), options=(WAITING, TAKEN, FAILED), column=True, listed=True, fixed=True)
    attempts = Number(N_("Attempts"), listed=True, fixed=True)
    next_at = Moment(N_("Tried again at"), column=True, fixed=True)
    error = Text(N_("What went wrong"), listed=True, fixed=True)
