"""A lead: any request with contact data; not yet a client, may never be a sale."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.field_lists import Emails, Phones
from crm.model.fields import Choice, LongText, MoneyField, Number, Ref, Text
from crm.model.record import Record

GOOD, JUNK = "good", "junk"


class Lead(Record):
    """A request that came in (лид, заявка, обращение)."""

    noun, plural = "lead", "leads"
    title_one, title_many = N_("Lead"), N_("Leads")
    example = '"Москва, Василий, щебень" --phone "8 916 123-45-67" --source site'
    orders = (
        ("stage", "updated"),
        ("owner", "stage", "updated"),
        ("updated",),
        ("source",),
        ("stage", "amount_currency", "amount"),
    )

    name = Text(N_("Name"), required=True, search=True, listed=True)
    stage = Choice(N_("Stage"), "lead_stages", column=True, listed=True)
    quality = Choice(N_("Quality"), options=(GOOD, JUNK), column=True)
    junk_reason = Choice(N_("Junk reason"), "junk_reasons")
    source = Choice(N_("Source"), "sources", column=True, listed=True)
    phones = Phones(N_("Phones"), listed=True)
    emails = Emails(N_("E-mails"))
    company_name = Text(N_("Company name"), search=True)
    contact_name = Text(N_("Contact name"), search=True)
    amount = MoneyField(N_("Amount"), signed=False, column=True, listed=True)
    comment = LongText(N_("Comment"), search=True)
    score = Number(N_("Score"), column=True)
    converted_to = Ref(N_("Converted to"), fixed=True)
    stage_since = Moment(N_("In stage since"), fixed=True)
