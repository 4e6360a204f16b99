"""An invoice: what a client is to pay, by when, and what is paid of it."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day, Moment
from crm.model.field_parts import Items, Parts
from crm.model.fields import Choice, Flag, LongText, MoneyField, Number, Ref, Text
from crm.model.record import Record
from crm.plugins.paper.titles import SIDE
from crm.plugins.quotes.discount import DiscountField

DRAFT, ISSUED, CHECKING, APPROVED = N_("draft"), N_("issued"), N_("checking"), N_("approved")
SENT, PARTLY_PAID, PAID, CANCELLED = N_("sent"), N_("partly_paid"), N_("paid"), N_("cancelled")
STATUSES = (DRAFT, ISSUED, CHECKING, APPROVED, SENT, PARTLY_PAID, PAID, CANCELLED)
AWAITING = (ISSUED, CHECKING, APPROVED, SENT, PARTLY_PAID)
"""Statuses of an invoice that money is expected for."""


class Invoice(Record):
    """A claim for payment (счёт на оплату).

    `exchange_number` is what other systems know it by: given once, never again, not even after an undo. `seller` and
    `buyer` are the requisites as they were on the day of issue. `advance` is what was paid above the total.
    """

    noun, plural = "invoice", "invoices"
    title_one, title_many = N_("Invoice"), N_("Invoices")
    example = '--company "ООО Ромашка" --item "SCH520*10"'
    naming = "number"
    typed_first = ()
    born_with = ("number",)
    orders = (
        ("series", "series_number"),
        ("exchange_number",),
        ("status", "due"),
        ("status", "balance_currency", "balance"),
        ("date",),
        ("updated",),
        ("owner", "updated"),
    )

    number = Text(N_("Number"), key=True, search=True, listed=True, fixed=True)
    exchange_number = Number(N_("Exchange number"), key=True, column=True, fixed=True)
    date = Day(N_("Date"), column=True, listed=True)
    deal = Ref(N_("Deal"), "deal")
    quote = Ref(N_("Quote"), "quote")
    company = Ref(N_("Company"), "company", listed=True)
    contact = Ref(N_("Contact"), "contact")
    own = Text(N_("Our company"), column=True)
    items = Items(N_("Items"), search=True)
    discount = DiscountField(N_("Discount on the whole"))
    total = MoneyField(N_("Total"), column=True, listed=True, fixed=True)
    vat = MoneyField(N_("VAT"), fixed=True)
    vat_included = Flag(N_("Prices include VAT"), default=True)
    status = Choice(N_("Status"), options=STATUSES, column=True, listed=True, fixed=True)
    due = Day(N_("Pay by"), column=True, listed=True)
    shipment = Day(N_("Shipment"))
    paid = MoneyField(N_("Paid"), fixed=True)
    balance = MoneyField(N_("Left to pay"), column=True, listed=True, fixed=True)
    advance = MoneyField(N_("Paid above the total"), fixed=True)
    seller = Parts(N_("Seller"), open_=True, titles=SIDE, fixed=True)
    buyer = Parts(N_("Buyer"), open_=True, titles=SIDE, fixed=True)
    issued_at = Moment(N_("Issued"), fixed=True)
    submitted_at = Moment(N_("Given to check"), fixed=True)
    submitted_by = Text(N_("Given to check by"), fixed=True)
    rejected_at = Moment(N_("Returned by the accountant"), fixed=True)
    rejected_by = Text(N_("Returned by"), fixed=True)
    reject_reason = Text(N_("What is to be corrected"), fixed=True)
    approved_at = Moment(N_("Approved"), fixed=True)
    approved_by = Text(N_("Approved by"), fixed=True)
    sent_at = Moment(N_("Sent"), fixed=True)
    sent_to = Text(N_("Sent to"), fixed=True)
    cancel_reason = Text(N_("Reason of the cancellation"), fixed=True)
    comment = LongText(N_("Comment"))
    series = Text(N_("Series"), column=True, fixed=True)
    series_number = Number(N_("Number in the series"), column=True, fixed=True)
