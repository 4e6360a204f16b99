"""The verbs of quotes: send, accept, decline; what a quote takes from its deal and gives back to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.plugins.quotes.papers import Papers, any_text, status_of
from crm.plugins.quotes.quote import ACCEPTED, DECLINED, DRAFT, EXPIRED, SENT, Quote
from crm.plugins.quotes.settings import QuoteSettings

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft

_AGREED = ("items", "company", "contact", "deal", "date", "vat_included", "valid_until")


class Quotes(Papers[Quote]):
    """All quotes (коммерческие предложения)."""

    @property
    def settings(self) -> QuoteSettings:
        """Return `config/quotes.yaml`."""
        return self.crm.settings.section("quotes", QuoteSettings)

    def complete(self, doc: Doc) -> Doc:
        """Return a new quote: a draft with its number, its date, and until when it holds."""
        from crm.plugins.quotes.numbering import next_number

        day = self._day(doc)
        doc = {**doc, "status": DRAFT, "date": day.isoformat()}
        doc.setdefault("valid_until", (day + timedelta(days=self.settings.valid_days)).isoformat())
        numbered = next_number(self.crm, "quote", self.settings.number, day, self.settings.first)
        return super().complete({**doc, **numbered._asdict()})

    def export(self, record: Quote) -> Doc:
        """Return a quote's JSON; one past its day that nobody answered is `expired`."""
        doc = super().export(record)
        return {**doc, "status": EXPIRED} if self.has_expired(record) else doc

    def has_expired(self, quote: Quote) -> bool:
        """Tell whether a quote holds no longer and was never answered."""
        until = quote.valid_until
        return quote.status in (DRAFT, SENT) and until is not None and until < self.crm.today()

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; what the client accepted does not change."""
        if stored.get("status") == ACCEPTED:
            self.refuse_change(
                stored,
                fields,
                _AGREED,
                _("the client accepted it"),
                _("Make another quote: crm quote add --deal {deal}").format(deal=stored.get("deal") or "…"),
            )
        super().change(draft, stored, fields)

    def send(self, key: int | str) -> Quote:
        """Note that a quote went to the client (КП отправлено)."""
        with self.crm.writing("quote send") as draft:
            stored = self._in_status(key, DRAFT, SENT)
            self._refuse_empty(stored)
            draft.update("quote", stored["id"], {"status": SENT, "sent_at": draft.time})
            draft.emit("on_quote_sent", self._ref(stored))
            return self.get(stored["id"])

    def accept(self, key: int | str) -> Quote:
        """Note that the client accepted a quote; the open deal gets its goods and its amount.

        One that has expired is accepted with a warning. The stage of the deal follows by the pipeline's goals.
        """
        with self.crm.writing("quote accept") as draft:
            stored = self._in_status(key, DRAFT, SENT, DECLINED)
            self._refuse_empty(stored)
            self._warn_of_expiry(stored)
            fields = {"status": ACCEPTED, "accepted_at": draft.time, "decline_reason": None}
            draft.update("quote", stored["id"], fields)
            self._hand_over(stored)
            draft.emit("on_quote_accepted", self._ref(stored))
            return self.get(stored["id"])

    def _warn_of_expiry(self, stored: Doc) -> None:
        if self.has_expired(self.record(stored)):
            self.crm.warnings.append(
                _("{ref} was valid until {day} only; it is accepted all the same.").format(
                    ref=self._ref(stored), day=stored["valid_until"]
                )
            )

    def _hand_over(self, stored: Doc) -> None:
        """Give the goods and the amount to the deal while it is open."""
        deal: Any = self.crm.record(stored["deal"]) if stored.get("deal") else None
        if deal is not None and not deal.outcome and "deleted" not in deal.doc:
            values = {"items": stored["items"], "amount": stored["total"]}
            self.crm.collection("deal").set(deal.id, **values)

    def decline(self, key: int | str, reason: str = "") -> Quote:
        """Note that the client said no to a quote, and why (any words, or a reason of lost deals)."""
        with self.crm.writing("quote decline") as draft:
            stored = self._in_status(key, DRAFT, SENT)
            fields = {"status": DECLINED, "decline_reason": any_text(reason) or None}
            draft.update("quote", stored["id"], fields)
            return self.get(stored["id"])

    def _in_status(self, key: int | str, *statuses: str) -> Doc:
        stored = self.editable(self.id_of(key))
        if stored["status"] not in statuses:
            raise Refused(
                _("{ref}: the status is «{status}» already.").format(ref=self._ref(stored), status=status_of(stored)),
                _("Make another quote, or take that back: crm undo --ref {ref}").format(ref=self._ref(stored)),
            )
        return stored

    def _refuse_empty(self, stored: Doc) -> None:
        if not stored.get("items"):
            raise InvalidValue(
                _("{ref} has no lines of goods.").format(ref=self._ref(stored)),
                _("Add them: crm quote set {id} items+=«Доставка*1@9405»").format(id=stored["id"]),
            )

    # --- on paper ----------------------------------------------------------------------------------------------------

    def html(self, key: int | str) -> str:
        """Return a quote as a page to show or to print."""
        from crm.plugins.quotes.printing import html

        return html(self.crm, self.get(key))

    def pdf(self, key: int | str) -> bytes:
        """Return a quote as PDF."""
        from crm.plugins.paper.pdf import pdf

        return pdf(self.html(key))
