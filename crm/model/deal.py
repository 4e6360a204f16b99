"""A deal: the path from interest to payment."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Refs, Texts
from crm.model.field_parts import Extras, Items
from crm.model.fields import Choice, LongText, MoneyField, Number, Ref, Text
from crm.model.record import Record

WON, LOST = "won", "lost"
MOST_CONTACTS = 5
"""Contacts that a deal may have (E22)."""


class Deal(Record):
    """A sale on its way through a pipeline; `outcome` is empty while it is open.

    `stage_log` lists every stage it stood in, each with the time it came there.
    """

    noun, plural = "deal", "deals"
    title_one, title_many = N_("Deal"), N_("Deals")
    example = '"Щебень" --company "ООО Ромашка" --item "SCH520*10@1750%22"'
    naming = "title"
    typed_first = ("title",)
    orders = (
        ("outcome", "pipeline", "stage", "updated"),
        ("stage", "owner", "updated"),
        ("owner", "updated"),
        ("stage", "updated"),
        ("updated",),
        ("pipeline", "outcome", "stage", "amount_currency", "amount"),
        ("outcome", "closed"),
        ("amount",),
    )
    tally = ("pipeline", "stage", "outcome", "owner", "source")

    title = Text(N_("Title"), required=True, search=True, listed=True)
    pipeline = Choice(N_("Pipeline"), "pipelines", column=True)
    stage = Choice(N_("Stage"), "stages", column=True, listed=True)
    amount = MoneyField(N_("Amount"), signed=False, column=True, listed=True)
    type = Choice(N_("Type"), "deal_types", column=True)
    direction = Choice(N_("Direction"), "directions", column=True)
    source = Choice(N_("Source"), "sources", column=True)
    company = Ref(N_("Company"), "company", listed=True)
    contacts = Refs(N_("Contacts"), "contact", limit=MOST_CONTACTS)
    lead = Ref(N_("Lead"), "lead")
    items = Items(N_("Items"), search=True)
    probability = Number(N_("Probability, %"), least=0, most=100, column=True)
    expected_close = Day(N_("Expected close"), column=True, listed=True)
    closed = Moment(N_("Closed"), column=True)
    outcome = Choice(N_("Outcome"), options=(WON, LOST), column=True, fixed=True, listed=True)
    lost_reason = Choice(N_("Lost reason"), "lost_reasons", column=True)
    stage_since = Moment(N_("In stage since"), column=True, fixed=True)
    shared = Texts(N_("Shared with"), key=True, fixed=True)
    comment = LongText(N_("Comment"), search=True)
    extra = Extras(N_("Fields of this card alone"), search=True)
