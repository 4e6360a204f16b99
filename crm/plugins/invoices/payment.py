"""A payment: money that came in for an invoice."""

from __future__ import annotations

from crm.locale import N_, _
from crm.model.field_dates import Day
from crm.model.fields import Choice, Flag, LongText, MoneyField, Ref, Text
from crm.model.record import Record

MANUAL, BANK, ONEC, ADVANCE = "manual", "bank", "onec", "advance"


class Payment(Record):
    """Money received (оплата); `key` is what an import knows it by, so that the same payment never counts twice.

    A `refund` is money that went back; it counts against what was paid.
    """

    noun, plural = "payment", "payments"
    title_one, title_many = N_("Payment"), N_("Payments")
    example = "--invoice 12 --amount 5000"
    naming = "reference"
    typed_first = ()
    orders = (("date",), ("updated",), ("owner", "updated"))

    invoice = Ref(N_("Invoice"), "invoice", listed=True)
    company = Ref(N_("Company"), "company", listed=True)
    amount = MoneyField(N_("Amount"), column=True, listed=True)
    date = Day(N_("Date"), column=True, listed=True)
    source = Choice(N_("Source"), options=(MANUAL, BANK, ONEC, ADVANCE), column=True)
    reference = Text(N_("Reference"), search=True, listed=True)
    refund = Flag(N_("Given back"), column=True)
    key = Text(N_("Import key"), key=True, fixed=True, technical=True)
    purpose = LongText(N_("Purpose"), search=True)

    @property
    def label(self) -> str:
        """Return what people call the payment: by the number of its order, by our own where it has none."""
        text = _("Refund {number} of {day}") if self.refund else _("Payment {number} of {day}")
        number, day = self.reference or self.id, self.date
        return text.format(number=number, day=f"{day:%d.%m.%Y}") if day else f"{self.one()} {number}"
