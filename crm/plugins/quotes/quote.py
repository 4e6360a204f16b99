"""A quote: what a client is offered, at what price and until when."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day, Moment
from crm.model.field_parts import Items
from crm.model.fields import Choice, Flag, LongText, MoneyField, Number, Ref, Text
from crm.model.record import Record
from crm.plugins.quotes.discount import DiscountField

DRAFT, SENT, ACCEPTED = N_("draft"), N_("sent"), N_("accepted")
DECLINED, EXPIRED, REPLACED = N_("declined"), N_("expired"), N_("replaced")
STATUSES = (DRAFT, SENT, ACCEPTED, DECLINED, EXPIRED, REPLACED)
OPEN = (DRAFT, SENT)
"""Statuses of a quote that nobody answered yet."""


class Quote(Record):
    """An offer to a client (коммерческое предложение).

    `series` and `series_number` are what `number` was made of. A quote past its `valid_until` that nobody answered is
    shown as `expired` at once, and becomes it by the clock. `replaces` is the version before, `replaced_by` the next.
    """

    noun, plural = "quote", "quotes"
    title_one, title_many = N_("Quote"), N_("Quotes")
    example = '--deal 12 --item "SCH520*10" --item "Доставка*1@9405%none"'
    naming = "number"
    typed_first = ()
    born_with = ("number",)
    orders = (("series", "series_number"), ("status", "valid_until"), ("updated",), ("owner", "updated"))

    number = Text(N_("Number"), key=True, search=True, listed=True, fixed=True)
    date = Day(N_("Date"), listed=True, column=True)
    deal = Ref(N_("Deal"), "deal")
    company = Ref(N_("Company"), "company", listed=True)
    contact = Ref(N_("Contact"), "contact")
    items = Items(N_("Items"), search=True)
    discount = DiscountField(N_("Discount on the whole"))
    total = MoneyField(N_("Total"), column=True, listed=True, fixed=True)
    vat = MoneyField(N_("VAT"), fixed=True)
    own = Text(N_("Our company"))
    vat_included = Flag(N_("Prices include VAT"), default=True)
    status = Choice(N_("Status"), options=STATUSES, column=True, listed=True, fixed=True)
    valid_until = Day(N_("Valid until"), column=True, listed=True)
    template = Text(N_("Template"))
    version = Number(N_("Version"), fixed=True, default=1)
    replaces = Ref(N_("Version before"), "quote", fixed=True)
    replaced_by = Ref(N_("Next version"), "quote", fixed=True)
    sent_at = Moment(N_("Sent"), fixed=True)
    sent_to = Text(N_("Sent to"), fixed=True)
    accepted_at = Moment(N_("Accepted"), fixed=True)
    decline_reason = Text(N_("Reason of the refusal"), fixed=True)
    comment = LongText(N_("Comment"))
    series = Text(N_("Series"), column=True, fixed=True)
    series_number = Number(N_("Number in the series"), column=True, fixed=True)
