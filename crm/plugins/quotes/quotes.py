"""The verbs of quotes: send, accept, decline, revise; what a quote takes from its deal and gives back to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.plugins.quotes.discount import counted
from crm.plugins.quotes.options import chosen
from crm.plugins.quotes.papers import Papers, any_text, status_of
from crm.plugins.quotes.quote import ACCEPTED, DECLINED, DRAFT, EXPIRED, OPEN, REPLACED, SENT, Quote
from crm.plugins.quotes.settings import QuoteSettings

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.plugins.parcels.parcel import Parcel
    from crm.sales.collection import Edit
    from crm.store.draft import Draft

_OFFERED = ("items", "discount", "company", "contact", "date", "vat_included", "own", "template")
_AGREED = (*_OFFERED, "deal", "valid_until")


class Quotes(Papers[Quote]):
    """All quotes (коммерческие предложения)."""

    options: ClassVar[bool] = True

    @property
    def settings(self) -> QuoteSettings:
        """Return `config/quotes.yaml`."""
        return self.crm.settings.section("quotes", QuoteSettings)

    # --- a new quote -------------------------------------------------------------------------------------------------

    def complete(self, doc: Doc) -> Doc:
        """Return a new quote: a draft with its number, its date, and until when it holds."""
        day = self._day(doc)
        doc = {**doc, "status": DRAFT, "date": day.isoformat()}
        doc.setdefault("valid_until", (day + timedelta(days=self.settings.valid_days)).isoformat())
        self._template(doc)
        return super().complete({**doc, **self._number(doc, day)})

    def _number(self, doc: Doc, day: date) -> Doc:
        from crm.plugins.quotes.numbering import given_number, next_number

        if doc.get("number"):
            return {} if doc.get("replaces") else given_number(self.settings.number, day, doc["number"])
        return next_number(self.crm, "quote", self.settings.number, day, self.settings.first)._asdict()

    def _template(self, doc: Doc) -> None:
        """Raise InvalidValue for a template that the settings do not have."""
        name = doc.get("template")
        if name and name not in self.settings.templates:
            raise InvalidValue(
                _("There is no template «{name}» of quotes.").format(name=name),
                _("There are: {names}. Add one in config/quotes.yaml, under templates.").format(
                    names=", ".join(self.settings.templates) or "—"
                ),
            )

    # --- a quote that is there ---------------------------------------------------------------------------------------

    def export(self, record: Quote) -> Doc:
        """Return a quote's JSON; one past its day that nobody answered is `expired`."""
        doc = super().export(record)
        return {**doc, "status": EXPIRED} if self.has_expired(record) else doc

    def has_expired(self, quote: Quote) -> bool:
        """Tell whether a quote holds no longer and was never answered."""
        until = quote.valid_until
        return quote.status in (*OPEN, EXPIRED) and until is not None and until < self.crm.today()

    def expired(self) -> list[Quote]:
        """Return the quotes that hold no longer and were never answered, the first to expire first."""
        from tinydb.queries import where

        found = self.find(where("status").one_of([*OPEN, EXPIRED]), sort="valid_until")
        return [quote for quote in found if self.has_expired(quote)]

    def note_expired(self) -> int:
        """Note those that expired since as such; return how many."""
        late = [quote for quote in self.expired() if quote.status != EXPIRED]
        if late:
            with self.crm.writing("quote expire") as draft:
                for quote in late:
                    draft.update("quote", quote.id, {"status": EXPIRED})
        return len(late)

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; what the client has in hand or accepted does not change, a later day revives what expired."""
        self._refuse_edit(stored, fields)
        self._template(fields)
        until = fields.get("valid_until")
        if stored["status"] == EXPIRED and until and date.fromisoformat(until) >= self.crm.today():
            fields = {**fields, "status": SENT if stored.get("sent_at") else DRAFT}
        super().change(draft, stored, fields)

    def _refuse_edit(self, stored: Doc, fields: Doc) -> None:
        revise = _("Make another version: crm quote revise {id}").format(id=stored["id"])
        if stored.get("replaced_by"):
            revise = _("See the version after it: {ref}").format(ref=stored["replaced_by"])
        why = {ACCEPTED: _("the client accepted it"), REPLACED: _("another version took its place")}.get(
            stored["status"]
        )
        if why:
            self.refuse_change(stored, fields, _AGREED, why, revise)
        elif stored.get("sent_at"):
            self.refuse_change(stored, fields, _OFFERED, _("the client has it"), revise)

    def revise(self, key: int | str, *edits: Edit) -> Quote:
        """Make the next version of a quote, a draft with changes; the one before is replaced and stays to be read."""
        from crm.plugins.quotes.versions import next_number

        with self.crm.writing("quote revise") as draft:
            stored = self._in_status(key, DRAFT, SENT, ACCEPTED, DECLINED, EXPIRED)
            taken = {name: stored[name] for name in (*_OFFERED, "deal", "owner", "comment") if name in stored}
            taken |= {"date": None, "currency": stored["total"]["currency"]}
            taken |= {name: value for name, value in stored.items() if name in self.noun.custom}
            version = stored.get("version", 1) + 1
            linked = {"number": next_number(stored, version), "version": version, "replaces": self._ref(stored)}
            made = self._version(draft, taken, {**linked, "series": stored.get("series"),
                                                "series_number": stored.get("series_number")})  # fmt: skip
            draft.update("quote", stored["id"], {"status": REPLACED, "replaced_by": made.ref})
            return self.set(made.id, *edits) if edits else made

    def _version(self, draft: Draft, taken: Doc, linked: Doc) -> Quote:
        self.crm.guard.check("create", "quote", None)
        values = self.noun.read(self.given(taken), self.crm.customs)
        return self._create(draft, {**values, **linked})

    def versions(self, key: int | str) -> list[Quote]:
        """Return all versions of a quote, the first one first."""
        quote = self.get(key)
        while quote.replaces:
            quote = self.get(quote.replaces)
        found = [quote]
        while found[-1].replaced_by:
            found.append(self.get(found[-1].replaced_by))
        return found

    # --- on its way --------------------------------------------------------------------------------------------------

    def send(self, key: int | str) -> Quote:
        """Note that a quote went to the client (КП отправлено)."""
        with self.crm.writing("quote send") as draft:
            stored = self._in_status(key, DRAFT, SENT)
            self._refuse_empty(stored)
            self._sent(draft, stored)
            return self.get(stored["id"])

    def mail(self, key: int | str, to: str = "", text: str = "") -> Parcel:
        """Put the letter with a quote into the outbox: to its contact, else its company, or `to` somebody named."""
        from crm.plugins.quotes.mailing import queue_letter

        with self.crm.writing("quote mail") as draft:
            stored = self._in_status(key, DRAFT, SENT)
            self._refuse_empty(stored)
            return queue_letter(self.crm, draft, self.record(stored), to, text)

    def note_sent(self, key: int | str, address: str) -> None:
        """Note that the letter with a quote went to an address."""
        with self.crm.writing("quote send") as draft:
            self._sent(draft, self.doc(self.id_of(key)), sent_to=address)

    def _sent(self, draft: Draft, stored: Doc, **fields: Any) -> None:
        fields |= {"sent_at": draft.time}
        if stored["status"] == DRAFT:
            fields["status"] = SENT
        draft.update("quote", stored["id"], fields)
        draft.emit("on_quote_sent", self._ref(stored))

    def accept(self, key: int | str, options: str = "") -> Quote:
        """Note that the client accepted a quote, with the `options` named by their numbers («4,5» or «all»).

        The open deal gets its goods and its amount. One that has expired is accepted with a warning. The stage of the
        deal follows by the pipeline's goals.
        """
        with self.crm.writing("quote accept") as draft:
            stored = self._in_status(key, DRAFT, SENT, DECLINED, EXPIRED)
            if options:
                super().change(draft, stored, {"items": chosen(stored.get("items") or [], options)})
                stored = self.doc(stored["id"])
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
            values = {"items": counted(stored["items"]), "amount": stored["total"]}
            self.crm.collection("deal").set(deal.id, **values)

    def decline(self, key: int | str, reason: str = "") -> Quote:
        """Note that the client said no to a quote, and why (any words, or a reason of lost deals)."""
        with self.crm.writing("quote decline") as draft:
            stored = self._in_status(key, DRAFT, SENT, EXPIRED)
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
        if not counted(stored.get("items") or []):
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
