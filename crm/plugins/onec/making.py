"""An invoice made into the order that 1C is told of, with the buyer as he stood on the invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from crm.plugins.invoices.invoice import CANCELLED
from crm.plugins.onec.order import Buyer, Order, OrderLine, guid_for
from crm.plugins.onec.units import find_unit

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.plugins.invoices.invoice import Invoice
    from crm.workspace import Workspace

_STATUSES = {
    "issued": "Выставлен",
    "checking": "На согласовании",
    "approved": "Согласован",
    "sent": "Отправлен",
    "partly_paid": "Оплачен частично",
    "paid": "Оплачен",
    "cancelled": "Отменен",
}
"""What 1C shows under «Статус заказа»; 1C speaks Russian whatever the reader of the workspace does."""
_WORK = {"356", "359", "362", "366", "539", "540", "876"}
"""Units that only services are counted in, by ОКЕИ: hours, days, months, years, «усл. ед.»."""


def order_of(crm: Workspace, invoice: Invoice) -> Order:
    """Return the order of an issued invoice; a deleted one is told as cancelled.

    Raises InvalidValue when the rate of its currency is not known.
    """
    if invoice.total is None or invoice.date is None:
        raise ValueError(f"{invoice.ref} is a draft")
    total = invoice.total
    return Order(
        guid=guid_for(crm.identity, invoice.ref),
        number=invoice.exchange_number or 0,
        date=invoice.date,
        buyer=buyer_of(crm, invoice),
        lines=tuple(_line(crm, line) for line in invoice.items),
        total=total.amount,
        currency=total.currency,
        rate=crm.settings.rate(total.currency, invoice.date),
        included=invoice.vat_included,
        due=invoice.due,
        comment=_comment(invoice),
        status=_STATUSES.get(invoice.status, ""),
        cancelled=invoice.status == CANCELLED or "deleted" in invoice.doc,
    )


def _comment(invoice: Invoice) -> str:
    """Return the comment, under the printed number where 1C would show another: purposes of payments name it."""
    shown = "" if invoice.number == str(invoice.exchange_number) else f"Счёт № {invoice.number}"
    return "\n".join(filter(None, (shown, invoice.comment)))
