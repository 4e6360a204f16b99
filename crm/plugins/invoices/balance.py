"""How money that came in, or was taken back, changes what is left to pay of an invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from crm.model.money import Money
from crm.plugins.invoices.invoice import APPROVED, ISSUED, PAID, PARTLY_PAID, SENT

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft

_NOTHING = Decimal(0)


def settle(draft: Draft, invoice: Doc, change: Decimal) -> None:
    """Draft an invoice's new balance; `change` is in its currency, below zero where a payment is taken back.

    Says `on_invoice_paid` when nothing is left to pay any more.
    """
    fields = _settled(invoice, change)
    draft.update("invoice", invoice["id"], fields)
    if fields["status"] == PAID and invoice["status"] != PAID:
        draft.emit("on_invoice_paid", f"invoice/{invoice['id']}")


def _settled(invoice: Doc, change: Decimal) -> Doc:
    currency = invoice["total"]["currency"]
    total, paid = Decimal(invoice["total"]["amount"]), Decimal(invoice["paid"]["amount"]) + change
    above = max(paid - total, _NOTHING)
    return {
        "paid": Money(paid, currency).to_json(),
        "balance": Money(max(total - paid, _NOTHING), currency).to_json(),
        "advance": Money(above, currency).to_json() if above else None,
        "status": PAID if paid >= total else PARTLY_PAID if paid else _unpaid_status(invoice),
    }


def _unpaid_status(invoice: Doc) -> str:
    if "sent_at" in invoice:
        return SENT
    return APPROVED if "approved_at" in invoice else ISSUED
