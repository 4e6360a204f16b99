"""An invoice in the exchange with 1C: whether and when it was told there, and as of which revision."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day, Moment
from crm.model.field_parts import Parts
from crm.model.fields import Choice, Flag, Number, Ref, Text
from crm.model.record import Record

WAITING, EXPORTED = N_("waiting"), N_("exported")


class OnecOrder(Record):
    """An invoice as 1C knows it, an order (заказ) under its exchange number.

    `exchange` is the number of the last file it went with, `invoice_rev` the revision of the invoice that went: a
    later one is told with the next file. The rest is what 1C told of it; `claims` are the payments of 1C that were
    taken, each with the payment that it is here.
    """

    noun, plural = "onec_order", "onec_orders"
    title_one, title_many = N_("Order for 1C"), N_("Orders for 1C")
    naming = "number"
    by_hand = False
    typed_first = ()
    owned = False
    orders = (("number",), ("updated",))

    invoice = Ref(N_("Invoice"), "invoice", required=True, listed=True, fixed=True)
    number = Number(N_("Exchange number"), column=True, listed=True, fixed=True)
    status = Choice(N_("Status"), options=(WAITING, EXPORTED), column=True, listed=True, fixed=True)
    exchange = Number(N_("Exchange"), listed=True, fixed=True)
    exported = Moment(N_("Exported"), listed=True, fixed=True)
    invoice_rev = Number(N_("Revision of the invoice"), fixed=True)
    onec_number = Text(N_("Number in 1C"), search=True, listed=True, fixed=True)
    onec_date = Day(N_("Date in 1C"), fixed=True)
    onec_status = Text(N_("Status in 1C"), listed=True, fixed=True)
    posted = Flag(N_("Posted in 1C"), fixed=True)
    cancelled_there = Flag(N_("Cancelled in 1C"), fixed=True)
    shipped = Flag(N_("Shipped"), fixed=True)
    shipment = Text(N_("Number of the shipment"), fixed=True)
    shipment_date = Day(N_("Date of the shipment"), fixed=True)
    claims = Parts(N_("Payments of 1C"), open_=True, fixed=True)
