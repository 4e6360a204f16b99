"""Which invoice money is given back for by an outgoing movement; a refund is only proposed, never made by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal

from crm.locale import _
from crm.plugins.bank.matching import Match
from crm.plugins.bank.open_invoices import Numbers, OpenInvoice, oldest_first
from crm.plugins.bank.purpose import Purpose
from crm.plugins.bank.scoring import SUGGEST_FROM, Scored, Signal
from crm.plugins.bank.statement import Movement


class PaidInvoices:
    """The invoices in one currency that something was paid for."""

    def __init__(self, invoices: Iterable[OpenInvoice] = ()) -> None:
        self.numbers = Numbers()
        self._with_advance: defaultdict[tuple[str, Decimal], dict[str, OpenInvoice]] = defaultdict(dict)
        self._advances: dict[str, Decimal] = {}
        for invoice in invoices:
            self.put(invoice)

    def put(self, invoice: OpenInvoice) -> None:
        """Take an invoice in, or its newer state."""
        before = self._advances.get(invoice.ref, Decimal(0))
        self._advances[invoice.ref] = invoice.advance
        self.numbers.put(invoice)
        for tax_id in invoice.tax_ids:
            self._with_advance[tax_id, before].pop(invoice.ref, None)
            if invoice.advance:
                self._with_advance[tax_id, invoice.advance][invoice.ref] = invoice

    def overpaid(self, tax_id: str, amount: Decimal) -> list[OpenInvoice]:
        """Return the invoices of a client that were paid above their total by exactly `amount`."""
        return oldest_first(self._with_advance.get((tax_id, amount), {}).values()) if tax_id else []


def find_refunds(movement: Movement, paid: Callable[[], PaidInvoices], rejected: Collection[str] = ()) -> Match:
    """Find the invoices for which an outgoing movement gives money back to the client.

    `paid` is asked only where the purpose speaks of a return; `rejected` are invoices that a person said it is not for.
    """
    purpose = Purpose(movement.purpose)
    if movement.direction != "out" or not purpose.returns:
        return Match(why=_("Money that went out pays no invoice of ours."))
    scored = _scored(movement.payee.inn, movement.amount, purpose, paid())
    offered = [one for one in scored if one.points >= SUGGEST_FROM and one.invoices[0].ref not in rejected]
    if not offered:
        return Match(why=_("Money is given back, but not for an invoice that is known."))
    refs = tuple(one.invoices[0].ref for one in offered)
    why = " ".join([_("Money is given back: confirm it."), *(one.why for one in offered)])
    return Match(suggested=refs, points=max(one.points for one in offered), why=why)


def _scored(payee: str, amount: Decimal, purpose: Purpose, paid: PaidInvoices) -> list[Scored]:
    if named := [one for one in paid.numbers.named(purpose) if one.paid >= amount]:
        return [_named(one, payee, purpose, amount) for one in named]
    signal = Signal(70, _("paid above its total by this amount"))
    return [Scored((one,), (signal,)) for one in paid.overpaid(payee, amount)]


def _named(invoice: OpenInvoice, payee: str, purpose: Purpose, amount: Decimal) -> Scored:
    if payee and payee in invoice.tax_ids:
        signals = [Signal(60, _("named in the purpose, the payee is the client"))]
    else:
        signals = [Signal(35, _("named in the purpose, the payee is someone else"))]
    if amount == invoice.advance:
        signals.append(Signal(30, _("paid above its total by this amount")))
    elif amount == invoice.paid:
        signals.append(Signal(30, _("all that was paid for it")))
    if invoice.date in purpose.dates:
        signals.append(Signal(10, _("its date is named")))
    return Scored((invoice,), tuple(signals))
