"""The verbs of payments: each one counts in its invoice, and is taken from it when it is changed or deleted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.model.money import Money, parse_money
from crm.plugins.invoices.balance import settle
from crm.plugins.invoices.invoice import CANCELLED, DRAFT
from crm.plugins.invoices.payment import MANUAL, Payment
from crm.plugins.quotes.papers import status_of
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft


class Payments(Collection[Payment]):
    """All payments (оплаты)."""

    def by_key(self, key: str) -> Payment | None:
        """Return the payment that an import knows by `key`, deleted or drafted ones too; None where there is none."""
        for record_id in self.crm.store.index.lookup("payment", "key", key):
            return self.record(self.doc(record_id))
        for kind, _id, doc in self.crm.store.draft.docs() if self.crm.store.draft else ():
            if kind == "payment" and doc is not None and doc.get("key") == key:
                return self.record(doc)
        return None

    # --- a new payment -----------------------------------------------------------------------------------------------

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values of a new payment: the day is today, the amount all that is left to pay of its invoice."""
        values = {name: value for name, value in values.items() if value not in (None, "")}
        values.setdefault("date", self.crm.today())
        if "invoice" in values:
            invoice = self._invoice(str(self.noun.read({"invoice": values["invoice"]}, self.crm.customs)["invoice"]))
            values.setdefault("company", invoice.get("company"))
            values["amount"] = self._amount(invoice, values.get("amount")).to_json()
        elif values.get("refund"):
            raise InvalidValue(_("Money goes back for an invoice."), _("Give --invoice 12."))
        elif "amount" not in values:
            raise InvalidValue(_("A payment needs an invoice or an amount."), _("Give --invoice 12."))
        return values

    def complete(self, doc: Doc) -> Doc:
        """Return a new payment, made by hand unless a source is given."""
        return super().complete({"source": MANUAL, **doc})

    def default_owner(self, doc: Doc) -> str:
        """Return who owns a new payment for which nobody was named: whoever owns the invoice."""
        invoice = self.crm.record(doc["invoice"]).doc if doc.get("invoice") else {}
        return str(invoice.get("owner") or self.crm.actor)

    def after_add(self, draft: Draft, record: Payment) -> None:
        """Count the payment in its invoice; one that came in is told of."""
        if record.refund:
            self._refuse_more_than_paid(record.doc)
        else:
            draft.emit("on_payment_received", record.ref)
        self._count(draft, record.doc, 1)

    def _refuse_more_than_paid(self, payment: Doc) -> None:
        paid = self.crm.record(payment["invoice"]).doc["paid"]["amount"]
        if Decimal(payment["amount"]["amount"]) > Decimal(paid):
            raise InvalidValue(
                _("More than was paid cannot be given back: {paid} of {ref}.").format(
                    paid=paid, ref=payment["invoice"]
                ),
                _("Give --amount of at most that."),
            )

    def _invoice(self, ref: str) -> Doc:
        """Return the invoice that is to be paid; raise Refused where none can be paid."""
        invoices = self.crm.collection("invoice")
        stored = invoices.editable(invoices.id_of(ref))
        if stored["status"] in (DRAFT, CANCELLED):
            raise Refused(
                _("{ref} cannot be paid: the status is «{status}».").format(ref=ref, status=status_of(stored)),
                _("Issue an invoice first: crm invoice issue …"),
            )
        return stored

    def _amount(self, invoice: Doc, given: object) -> Money:
        """Return what is paid, in the invoice's currency."""
        balance = Money.from_json(invoice["balance"])
        if given is None:
            found = balance
        elif isinstance(given, dict):
            found = Money.from_json(given)
        else:
            found = given if isinstance(given, Money) else parse_money(str(given), balance.currency)
        if found.amount <= 0:
            raise InvalidValue(
                _("A payment of {amount} for invoice/{id} is impossible.").format(amount=found, id=invoice["id"]),
                _("{balance} is left to pay.").format(balance=balance),
            )
        if found.currency != balance.currency:
            raise InvalidValue(
                _("invoice/{id} is in {currency}, not in {other}.").format(
                    id=invoice["id"], currency=balance.currency, other=found.currency
                ),
                _("Give the amount in the currency of the invoice."),
            )
        return found

    # --- a payment that is there -------------------------------------------------------------------------------------

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; a new amount or another invoice is counted anew."""
        if fields.keys() & {"amount", "invoice"}:
            becomes = {**stored, **fields}
            if becomes.get("invoice"):
                self._amount(self._invoice(becomes["invoice"]), becomes["amount"])
            self._count(draft, stored, -1)
            super().change(draft, stored, fields)
            self._count(draft, becomes, 1)
            self._refuse_overdrawn(stored, becomes)
            return
        super().change(draft, stored, fields)

    def delete(self, key: int | str) -> Payment:
        """Put a payment into the trash; its invoice is unpaid by as much."""
        with self.crm.writing("payment delete") as draft:
            stored = self.doc(self.id_of(key))
            deleted = super().delete(key)
            if "deleted" not in stored:
                self._count(draft, stored, -1)
                self._refuse_overdrawn(stored)
            return deleted

    def restore(self, key: int | str) -> Payment:
        """Take a payment out of the trash; it counts again."""
        with self.crm.writing("payment restore") as draft:
            restored = super().restore(key)
            self._count(draft, restored.doc, 1)
            self._refuse_overdrawn(restored.doc)
            return restored

    def _refuse_overdrawn(self, *payments: Doc) -> None:
        """Raise Refused where an invoice would have given back more than came in for it."""
        for ref in dict.fromkeys(one["invoice"] for one in payments if one.get("invoice")):
            invoice = self.crm.doc("invoice", int(ref.partition("/")[2]))
            if invoice is not None and Decimal(invoice["paid"]["amount"]) < 0:
                raise Refused(
                    _("Money was given back for {ref}, so what was paid for it stays.").format(ref=ref),
                    _("Take the refund back first; the payments: crm payment list --invoice {ref}").format(ref=ref),
                )

    def _count(self, draft: Draft, payment: Doc, sign: int) -> None:
        if payment.get("invoice"):
            invoice = self.crm.doc("invoice", int(payment["invoice"].partition("/")[2]))
            if invoice is not None:
                sign = -sign if payment.get("refund") else sign
                settle(draft, invoice, sign * Decimal(payment["amount"]["amount"]))
