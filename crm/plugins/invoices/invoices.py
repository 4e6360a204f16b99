"""The verbs of invoices: issue, submit, approve, send, cancel, pay, and a deal made of an invoice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.plugins.invoices.asking import answered
from crm.plugins.invoices.checking import Checking
from crm.plugins.invoices.invoice import (
    APPROVED,
    AWAITING,
    CANCELLED,
    CHECKING,
    DRAFT,
    ISSUED,
    PAID,
    SENT,
    Invoice,
)
from crm.plugins.invoices.mailing import queue_letter
from crm.plugins.invoices.paying import Paying
from crm.plugins.quotes.papers import any_text, status_of
from crm.sales.collection import Edit

if TYPE_CHECKING:
    from crm.model.deal import Deal
    from crm.model.fields import Doc
    from crm.plugins.parcels.parcel import Parcel
    from crm.plugins.quotes.numbering import NumberTemplate
    from crm.store.draft import Draft

_PRINTED = ("items", "company", "contact", "date", "vat_included", "quote", "own", "shipment", "discount")


class Invoices(Checking, Paying):
    """All invoices (счета)."""

    bases: ClassVar[tuple[str, ...]] = ("quote", "deal")

    # --- reading -----------------------------------------------------------------------------------------------------

    def open(self) -> list[Invoice]:
        """Return the invoices that money is expected for: issued, neither paid nor cancelled; the oldest first."""
        from tinydb.queries import where

        return list(self.find(where("status").one_of(list(AWAITING)) & (where("balance") > 0), sort="date"))

    def export(self, record: Invoice) -> Doc:
        """Return an invoice's JSON; one that is late has the days since it was due."""
        doc, late = super().export(record), self.days_late(record)
        return {**doc, "overdue": late} if late else doc

    def days_late(self, invoice: Invoice) -> int:
        """Return how many days ago an invoice was to be paid, 0 where it is not late."""
        if invoice.status not in AWAITING or invoice.due is None:
            return 0
        return max((self.crm.today() - invoice.due).days, 0)

    def overdue(self) -> list[Invoice]:
        """Return the invoices that were to be paid before today, the oldest due first."""
        late = [one for one in self.open() if self.days_late(one)]
        return sorted(late, key=lambda one: str(one.doc["due"]))

    # --- a draft -----------------------------------------------------------------------------------------------------

    def complete(self, doc: Doc) -> Doc:
        """Return a new invoice: a draft; numbers come with the issue."""
        return super().complete({**doc, "status": DRAFT})

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; what stands on an issued paper does not change."""
        if stored["status"] != DRAFT:
            self.refuse_change(
                stored,
                fields,
                _PRINTED,
                _("it is issued"),
                _("Cancel it and issue another: crm invoice cancel {id}").format(id=stored["id"]),
            )
        super().change(draft, stored, fields)

    def delete(self, key: int | str) -> Invoice:
        """Put an invoice into the trash; one that money came in for stays."""
        self._refuse_paid(self.doc(self.id_of(key)), _("has payments"))
        return super().delete(key)

    # --- issuing -----------------------------------------------------------------------------------------------------

    def issue(self, key: int | str | None = None, **values: object) -> Invoice:
        """Issue a draft, or make an invoice from `quote`, `deal` or `items` and issue it at once.

        Other values: number, company, contact, due, date, comment, vat_included, currency, discount, owner. It gets its
        numbers and the requisites of both sides as they are now. What is unusual about it becomes a warning.
        """
        given = {name: value for name, value in values.items() if value not in (None, "", [], ())}
        with self.crm.writing("invoice issue") as draft:
            if key is None:
                made = self.add(**given)
            else:
                number = given.pop("number", "")
                made = self.set(key, *(Edit(name, "=", raw) for name, raw in given.items()))
                self._renumber(draft, made, number)
            self._issue(draft, self.editable(made.id))
            return self.get(made.id)

    def _renumber(self, draft: Draft, made: Invoice, number: object) -> None:
        """Give a draft the number that its issue names."""
        if number and made.status == DRAFT:
            values: dict[str, object] = {**made.doc, "number": number}
            self._keep_number(values, but=made.id)
            draft.update("invoice", made.id, {"number": values["number"]})

    def _issue(self, draft: Draft, stored: Doc) -> None:
        self._refuse_unready(stored)
        day = date.fromisoformat(stored["date"]) if "date" in stored else self.crm.today()
        for doubt in self._doubts(stored, day):
            self.crm.warnings.append(f"{self._ref(stored)}: {doubt}")
        draft.update("invoice", stored["id"], self._issued(stored, day, draft.time))
        draft.emit("on_invoice_issued", self._ref(stored))
        issued = self.get(stored["id"])
        answered(self.crm, issued)
        if self.settings.send_automatically and not self.settings.check_first:
            queue_letter(self.crm, draft, issued)

    def _issued(self, stored: Doc, day: date, now: str) -> Doc:
        """Return the fields that the issue sets."""
        from crm.plugins.invoices.snapshot import buyer_now, seller_now

        return {
            **self._numbers(day, str(stored.get("own") or ""), str(stored.get("number") or "")),
            "date": day.isoformat(),
            "due": stored.get("due") or (day + timedelta(days=self.settings.due_days)).isoformat(),
            "status": ISSUED,
            "issued_at": now,
            "paid": {**stored["total"], "amount": "0.00"},
            "balance": stored["total"],
            "seller": seller_now(self.crm, str(stored.get("own") or "")),
            "buyer": buyer_now(self.crm, stored),
        }

    def _numbers(self, day: date, own: str, given: str) -> Doc:
        """Return the exchange number and the printed one, which is the same where one company counts without end."""
        from crm.plugins.invoices.exchange import next_exchange_number
        from crm.plugins.quotes.numbering import free_number, given_number, next_number

        exchange, template = next_exchange_number(self.crm, self.settings.first), self._template(own)
        if given:
            return {"exchange_number": exchange, **given_number(template, day, given, own)}
        if own or template.counts_within_a_period or self.crm.settings.account.companies:
            first = 1 if own else self.settings.first
            numbered = next_number(self.crm, "invoice", template, day, first, own)
        else:
            numbered = free_number(self.crm, "invoice", template, day, exchange)
        return {"exchange_number": exchange, **numbered._asdict()}

    def _template(self, own: str) -> NumberTemplate:
        """Return how the invoices of a company of ours are numbered."""
        from crm.plugins.quotes.numbering import NumberTemplate

        for company in self.crm.settings.account.companies:
            if company.id == own and company.number:
                return NumberTemplate.from_plain(company.number)
        return self.settings.number

    def _refuse_unready(self, stored: Doc) -> None:
        ref = self._ref(stored)
        if stored["status"] != DRAFT:
            raise Refused(
                _("{ref}: the status is «{status}» already.").format(ref=ref, status=status_of(stored)),
                _("Issue another: crm invoice issue --deal …"),
            )
        if not stored.get("items") or self.record(stored).total == 0:
            raise InvalidValue(
                _("There is nothing to pay for in {ref}.").format(ref=ref),
                _("Give lines of goods with prices: --item «Доставка*1@9405»"),
            )
        if not stored.get("company") and not stored.get("contact"):
            raise InvalidValue(_("{ref} has nobody to pay it.").format(ref=ref), _("Give --company or --contact."))

    def _doubts(self, stored: Doc, day: date) -> list[str]:
        from crm.plugins.invoices.doubts import doubts

        return list(doubts(self.crm, stored, day, quote_first=self.settings.quote_first))

    # --- on its way --------------------------------------------------------------------------------------------------

    def mail(self, key: int | str, to: str = "", text: str = "") -> Parcel:
        """Put the letter with an invoice into the outbox: to the accountant of its client, or `to` somebody named."""
        with self.crm.writing("invoice mail") as draft:
            stored = self._in_status(key, *AWAITING, PAID)
            if self.settings.check_first and not stored.get("approved_at"):
                raise Refused(
                    _("{ref} is not approved by the accountant yet.").format(ref=self._ref(stored)),
                    _("Approve it first: crm invoice approve {id}").format(id=stored["id"]),
                )
            return queue_letter(self.crm, draft, self.record(stored), to, text, must=True)  # type: ignore[return-value]

    def note_sent(self, key: int | str, address: str) -> None:
        """Note that the letter with an invoice went to an address."""
        with self.crm.writing("invoice send") as draft:
            stored = self.doc(self.id_of(key))
            fields: Doc = {"sent_at": draft.time, "sent_to": address}
            if stored["status"] in (ISSUED, CHECKING, APPROVED):
                fields["status"] = SENT
            draft.update("invoice", stored["id"], fields)

    def send(self, key: int | str) -> Invoice:
        """Note that an invoice went to the client, and to which address one sends it.

        One that the accountant still checks goes with a warning.
        """
        from crm.plugins.invoices.addressee import address_for

        with self.crm.writing("invoice send") as draft:
            stored = self._in_status(key, *AWAITING, PAID)
            if stored["status"] == CHECKING:
                self.crm.warnings.append(
                    _("{ref} was sent before the accountant approved it.").format(ref=self._ref(stored))
                )
            fields = {"sent_at": draft.time, "sent_to": address_for(self.crm, self.record(stored))[0] or None}
            if stored["status"] in (ISSUED, CHECKING, APPROVED):
                fields["status"] = SENT
            draft.update("invoice", stored["id"], fields)
            return self.get(stored["id"])

    def cancel(self, key: int | str, reason: str = "") -> Invoice:
        """Cancel an invoice that nothing was paid of; it keeps its numbers."""
        with self.crm.writing("invoice cancel") as draft:
            stored = self._in_status(key, DRAFT, *AWAITING, PAID)
            self._refuse_paid(stored, _("has payments"))
            fields: Doc = {"status": CANCELLED, "cancel_reason": any_text(reason) or None}
            if "balance" in stored:
                fields["balance"] = {**stored["balance"], "amount": "0.00"}
            draft.update("invoice", stored["id"], fields)
            return self.get(stored["id"])

    def _refuse_paid(self, stored: Doc, why: str) -> None:
        paid = self.record(stored).paid
        if paid is not None and paid.amount:
            raise Refused(
                f"{self._ref(stored)}: {why}.",
                _("Take them back first: crm undo --ref payment/…, or crm payment delete …"),
            )

    # --- its deal ----------------------------------------------------------------------------------------------------

    def make_deal(self, key: int | str, *, title: str = "", pipeline: str = "") -> Deal:
        """Make the deal that an invoice without one belongs to (сделка из счёта)."""
        with self.crm.writing("invoice deal") as draft:
            stored = self.editable(self.id_of(key))
            if stored.get("deal"):
                raise Refused(_("{ref} belongs to {deal}.").format(ref=self._ref(stored), deal=stored["deal"]))
            values: dict[str, Any] = {
                "title": title or stored["items"][0]["name"],
                "pipeline": pipeline,
                "company": stored.get("company"),
                "contacts": [stored["contact"]] if stored.get("contact") else [],
                "items": stored["items"],
                "amount": stored["total"],
            }
            made: Deal = self.crm.collection("deal").add(**{name: value for name, value in values.items() if value})
            draft.update("invoice", stored["id"], {"deal": made.ref})
            return made

    # --- on paper ----------------------------------------------------------------------------------------------------

    def html(self, key: int | str) -> str:
        """Return an invoice as a page to show or to print."""
        from crm.plugins.invoices.printing import html

        return html(self.crm, self._printable(key))

    def pdf(self, key: int | str) -> bytes:
        """Return an invoice as PDF."""
        from crm.plugins.paper.pdf import pdf

        return pdf(self.html(key))

    def _printable(self, key: int | str) -> Invoice:
        invoice = self.get(key)
        if not invoice.number:
            raise Refused(
                _("{ref} has no number yet.").format(ref=invoice.ref),
                _("Issue it first: crm invoice issue {id}").format(id=invoice.id),
            )
        return invoice
