"""An invoice in the exchange with 1C: whether and when it was told there, and as of which revision."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Moment
from crm.model.fields import Choice, Number, Ref
from crm.model.record import Record

WAITING, EXPORTED = "waiting", "exported"


class OnecOrder(Record):
    """An invoice as 1C knows it, an order (заказ) under its exchange number.

    `exchange` is the number of the last file it went with, `invoice_rev` the revision of the invoice that went: a
    later one is told with the next file.
    """

    noun, plural = "onec_order", "onec_orders"
    title_one, title_many = N_("Order for 1C"), N_("Orders for 1C")
    naming = "number"
    typed_first = ()
    owned = False
    orders = (("number",), ("updated",))

    invoice = Ref(N_("Invoice"), "invoice", required=True, listed=True, fixed=True)
    number = Number(N_("Exchange number"), column=True, listed=True, fixed=True)
    status = Choice(N_("Status"), options=(WAITING, EXPORTED), column=True, listed=True, fixed=True)
    exchange = Number(N_("Exchange"), listed=True, fixed=True)
    exported = Moment(N_("Exported"), listed=True, fixed=True)
    invoice_rev = Number(N_("Revision of the invoice"), fixed=True)
