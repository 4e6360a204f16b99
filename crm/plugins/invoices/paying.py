"""Money of invoices: payments, refunds, advances used for another invoice."""

from __future__ import annotations

from typing import Any

from crm.errors import Refused
from crm.locale import _
from crm.plugins.invoices.payment import ADVANCE, MANUAL, Payment
from crm.plugins.invoices.standing import Standing


class Paying(Standing):
    """The verbs of invoices that money moves by."""

    def pay(
        self,
        invoice: int | str,
        amount: object = None,
        *,
        date: object = None,
        source: str = MANUAL,
        reference: str = "",
        key: str = "",
        purpose: str = "",
    ) -> Payment:
        """Take a payment for an invoice, of all that is left when no `amount` is given.

        `key` names a payment of another system: the same key again returns the payment that is there and changes
        nothing, not even when it is in the trash.
        """
        with self.crm.writing("invoice pay"):
            payments: Any = self.crm.collection("payment")
            known: Payment | None = payments.by_key(key) if key else None
            if known is not None:
                return known
            values = {"date": date, "source": source, "reference": reference, "key": key, "purpose": purpose}
            given = {name: value for name, value in values.items() if value not in (None, "")}
            made: Payment = payments.add(invoice=f"invoice/{self.id_of(invoice)}", amount=amount, **given)
            return made

    def refund(self, invoice: int | str, amount: object = None, **values: object) -> Payment:
        """Give money back for an invoice: all that was paid above its total, else all that was paid, or `amount`.

        Other values: date, reference, purpose.
        """
        with self.crm.writing("invoice refund"):
            record = self.get(invoice)
            usual = record.advance or record.paid
            if usual is None or not usual.amount:
                raise Refused(
                    _("Nothing was paid for {ref}.").format(ref=record.ref), _("There is nothing to give back.")
                )
            given = {name: value for name, value in values.items() if value not in (None, "")}
            payments: Any = self.crm.collection("payment")
            made: Payment = payments.add(invoice=record.ref, amount=amount or usual, refund=True, **given)
            return made

    def use_advance(self, key: int | str, source: int | str, amount: object = None) -> Payment:
        """Pay an invoice from what was paid above the total of another of the same client (зачёт аванса)."""
        with self.crm.writing("invoice use-advance"):
            mine, other = self.get(key), self.get(source)
            if other.advance is None or not other.advance.amount:
                raise Refused(
                    _("{ref} has no advance.").format(ref=other.ref),
                    _("See them: crm invoice list --where 'advance > 0'"),
                )
            if (mine.company, mine.contact if not mine.company else None) != (
                other.company, other.contact if not other.company else None,
            ):  # fmt: skip
                raise Refused(_("{one} and {two} are of different clients.").format(one=mine.ref, two=other.ref))
            if mine.balance is None or not mine.balance.amount:
                raise Refused(_("Nothing is left to pay of {ref}.").format(ref=mine.ref))
            used = amount or min(mine.balance, other.advance)
            payments: Any = self.crm.collection("payment")
            purpose = _("Advance of {one} for {two}").format(one=other.label, two=mine.label)
            payments.add(invoice=other.ref, amount=used, refund=True, source=ADVANCE, purpose=purpose)
            made: Payment = payments.add(invoice=mine.ref, amount=used, source=ADVANCE, purpose=purpose)
            return made
