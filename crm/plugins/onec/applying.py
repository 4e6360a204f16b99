"""What 1C told of our orders, applied: marks on the order, payments on its invoice; told again, nothing changes.

Money that came by another way too (a bank statement) is recognised and not counted twice, and nothing is ever taken
back because 1C does not know of it.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import CrmError
from crm.locale import _
from crm.model.money import Money
from crm.plugins.invoices.invoice import AWAITING, CANCELLED, DRAFT
from crm.plugins.invoices.payment import ONEC
from crm.plugins.onec.told import ORDER, PAYMENTS, REFUNDS, SHIPMENT, Paper, read_day

if TYPE_CHECKING:
    from datetime import date

    from crm.model.fields import Doc
    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.invoices.payment import Payment
    from crm.plugins.onec.exchange import OnecOrder
    from crm.plugins.onec.exchanges import OnecOrders
    from crm.store.draft import Draft

SAME_DAYS = 5
"""Days by which the bank and 1C may date one payment differently."""

IGNORED, UNCHANGED, CHANGED, FAILED = "ignored", "unchanged", "changed", "failed"


class Outcome(NamedTuple):
    """What came of one document of 1C: its number, how it ended, sentences on it, and its order where there is one."""

    number: str
    state: str
    said: list[str]
    order: OnecOrder | None = None


def apply(orders: OnecOrders, draft: Draft, paper: Paper) -> Outcome:
    """Apply one document; one that is not of ours is ignored, one that cannot be right is left out whole."""
    if paper.fault:
        return Outcome(paper.number, FAILED, [paper.fault])
    if paper.operation != ORDER:
        return Outcome(paper.number, IGNORED, [_("«{operation}» is no order.").format(operation=paper.operation)])
    invoice = _invoice(orders, paper.number)
    if invoice is None:
        return Outcome(paper.number, IGNORED, [_("No invoice has this number.")])
    if invoice.status == DRAFT or "deleted" in invoice.doc:
        return Outcome(paper.number, IGNORED, [_("{ref} is deleted.").format(ref=invoice.ref)])
    return _Application(orders, draft, invoice, paper).run()


def _invoice(orders: OnecOrders, number: str) -> Invoice | None:
    if not number.isdecimal() or not number.isascii() or len(number) > 6:
        return None
    return next(iter(orders.crm.collection("invoice").having("exchange_number", str(int(number)))), None)


class _Application:
    """One order of 1C on its invoice."""

    def __init__(self, orders: OnecOrders, draft: Draft, invoice: Invoice, paper: Paper) -> None:
        self.orders = orders
        self.crm = orders.crm
        self.draft = draft
        self.invoice = invoice
        self.order = orders.join(invoice)
        self.paper = paper
        self.claims = dict(self.order.claims)
        self.said: list[str] = []

    def run(self) -> Outcome:
        """Apply payments, then marks, then a cancellation."""
        for part in self.paper.parts:
            self._take_part(part)
        self._close_remainder()
        self._cancel()
        fields = {name: value for name, value in self._fields().items() if self.order.doc.get(name) != value}
        if fields:
            self.draft.update(self.order.noun, self.order.id, fields)
            self.said += self._told(fields)
        state = CHANGED if self.said and (fields or self._paid_now) else UNCHANGED
        return Outcome(self.paper.number, state, self.said, self.orders.get(self.order.id))

    _paid_now = False

    # --- marks -------------------------------------------------------------------------------------------------------

    def _fields(self) -> Doc:
        """Return what the marks say, as fields of the order; what 1C does not mention stays."""
        marks = self.paper.marks
        shipment = next((part for part in self.paper.parts if part.operation == SHIPMENT), None)
        shipped = shipment is not None or self.paper.is_marked("Отгружен")
        fields = {
            "onec_number": marks.get("Номер по 1С"),
            "onec_date": _day(marks.get("Дата по 1С", "")),
            "onec_status": marks.get("Статус заказа") if "Номер по 1С" in marks else None,
            "posted": True if self.paper.is_marked("Проведен") else None,
            "cancelled_there": True if self.paper.is_marked("Отменен", "ПометкаУдаления") else None,
            "shipped": True if shipped else None,
            "shipment": marks.get("Номер отгрузки по 1С") or (shipment.number if shipment else None),
            "shipment_date": _day(marks.get("Дата отгрузки по 1С", "")) or (_iso(shipment.date) if shipment else None),
            "claims": self.claims or None,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def _told(self, fields: Doc) -> list[str]:
        """Say what the marks changed, in words."""
        told = {
            "onec_number": _("number in 1C {value}"),
            "onec_status": _("status in 1C «{value}»"),
            "shipped": _("shipped"),
            "cancelled_there": _("cancelled in 1C"),
        }
        return [text.format(value=fields[name]) for name, text in told.items() if name in fields]

    def _cancel(self) -> None:
        """Cancel the invoice of an order that was cancelled in 1C, unless money came for it."""
        if not self.paper.is_marked("Отменен", "ПометкаУдаления") or self.order.cancelled_there:
            return
        invoice = self._now()
        if invoice.status in AWAITING and not (invoice.paid and invoice.paid.amount):
            self.crm.collection("invoice").cancel(invoice.id, _("Cancelled in 1C."))  # type: ignore[attr-defined]
            self._paid_now = True
        elif invoice.status != CANCELLED:
            self.said.append(_("{ref} has payments and is not cancelled here.").format(ref=invoice.ref))

    # --- money -------------------------------------------------------------------------------------------------------

    def _take_part(self, part: Paper) -> None:
        if part.operation in REFUNDS:
            self._note_refund(part)
        if part.operation not in PAYMENTS or part.marks.get("Оплачен", "true").lower() == "false":
            return
        if self.invoice.status == CANCELLED:
            self.said.append(
                _("{ref} is cancelled: its payment {number} is left out.").format(
                    ref=self.invoice.ref, number=part.number
                )
            )
        elif part.amount:
            number = part.marks.get("Номер оплаты по 1С") or part.number
            key = f"onec:{part.guid}" if part.guid else self._key(number, part.date)
            self._take_money(key, part.amount, part.date, part.number)

    def _note_refund(self, part: Paper) -> None:
        key = f"refund:{part.guid or part.number}"
        if key not in self.claims:
            self.claims[key] = "-"
            self.said.append(
                _("1C tells of a refund of {amount}, {number}: enter it by hand.").format(
                    amount=part.amount, number=part.number
                )
            )

    def _key(self, number: str, day: date | None) -> str:
        return f"onec:{self.invoice.exchange_number}:{number}:{day or ''}"

    def _take_money(self, key: str, amount: Decimal, day: date | None, reference: str) -> None:
        """Pay the invoice, unless 1C told of this payment before or the money is here from elsewhere."""
        if key in self.claims or self._payments().by_key(key) is not None:
            return
        same = self._same_money(amount, day)
        if same:
            self.claims[key] = ", ".join(one.ref for one in same)
            self.said.append(_("{amount} is here already: {refs}.").format(amount=amount, refs=self.claims[key]))
            return
        self.claims[key] = self._pay(key, amount, day, reference).ref

    def _pay(self, key: str, amount: Decimal, day: date | None, reference: str) -> Payment:
        money = Money(amount, self.invoice.total.currency)  # type: ignore[union-attr]
        payment: Payment = self.crm.collection("invoice").pay(  # type: ignore[attr-defined]
            self.invoice.id, money, date=day, source=ONEC, reference=reference, key=key, purpose=_("As 1C tells")
        )
        self._paid_now = True
        self.said.append(_("{amount} paid").format(amount=money))
        return payment

    def _same_money(self, amount: Decimal, day: date | None) -> list[Payment]:
        """Return payments from elsewhere that are this money: one of its amount and about its day, or all together."""
        claimed = {ref for refs in self.claims.values() for ref in refs.split(", ")}
        living = self._payments().having("invoice", self.invoice.ref)
        free = [one for one in living if one.source != ONEC and one.ref not in claimed and one.amount]
        for one in free:
            if one.amount and one.amount.amount == amount and _near(one.date, day):
                return [one]
        total = sum((one.amount.amount for one in free if one.amount), Decimal(0))
        return free if free and total == amount else []

    def _close_remainder(self) -> None:
        """Pay the rest where 1C says that all is paid and does not say by what («по данным 1С»)."""
        invoice = self._now()
        left = invoice.balance
        if not self.paper.is_marked("Оплачен") or left is None or not left.amount or invoice.status == CANCELLED:
            return
        number = self.paper.marks.get("Номер оплаты по 1С", "")
        day = read_day(self.paper.marks.get("Дата оплаты по 1С", "") or self.paper.marks.get("Дата оплаты", ""))
        key = self._key(number or "all", day)
        if self._payments().by_key(key) is None:
            self.claims[key] = self._pay(key, left.amount, day, number).ref

    def _now(self) -> Invoice:
        found: Invoice = self.crm.collection("invoice").get(self.invoice.id)
        return found

    def _payments(self) -> Any:
        return self.crm.collection("payment")


def _near(here: date | None, there: date | None) -> bool:
    return here is None or there is None or abs(here - there) <= timedelta(days=SAME_DAYS)


def _day(written: str) -> str | None:
    try:
        day = read_day(written)
    except CrmError:
        return None
    return _iso(day)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
