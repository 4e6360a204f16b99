"""Deals of the demo and their papers: moved, won and lost; quotes sent, invoices issued and paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.demo.part import Part

if TYPE_CHECKING:
    from crm.model.deal import Deal

UNFINISHED = {12: "cancelled", 10: "overdue", 7: "partly paid", 5: "sent", 3: "approved", 2: "issued"}
"""Invoices that stay as they are for good, by the number of working days before the last."""
BY_BANK = 14
"""On how many of the last days payments wait for the bank statement."""
LOST = ("price", "competitor", "no_answer", "no_budget", "delay")
FORWARD = {"new": "qualified", "qualified": "proposal", "proposal": "invoice"}


class Deals(Part):
    """How deals go on, by the dice."""

    def day(self) -> None:
        """Tell what a day brings to the deals."""
        for deal in self.open_deals():
            luck = self.dice.random()
            with self.crm.by(deal.owner):
                if luck < 0.015 and deal.stage in FORWARD:
                    self.crm.deals.lose(deal.id, self.dice.choice(LOST))
                elif luck < 0.13 and deal.stage in FORWARD and deal.stage != "proposal":
                    self.crm.deals.move(deal.id, FORWARD[deal.stage])
                elif luck < 0.2 and deal.stage == "signing":
                    self.win(deal)

    def win(self, deal: Deal) -> None:
        """Close a deal as won, with the acts of its invoices."""
        self.crm.deals.win(deal.id)
        if self.nouns("document", "invoice"):
            for invoice in self.verbs("invoice").having("deal", deal.ref):
                self.verbs("document").add(kind="act", invoice=invoice.ref)

    # --- papers ------------------------------------------------------------------------------------------------------

    def papers(self, days_left: int) -> None:
        """Tell what a day brings to quotes and invoices."""
        if not self.nouns("quote", "invoice"):
            return
        quotes = list(self.verbs("quote").find(sort="id"))
        for quote in quotes:
            if quote.status == "sent" and quote.deal not in self.kept:
                self._quote_goes_on(quote)
        for invoice in self.verbs("invoice").open():
            by_hand = days_left > BY_BANK and not {invoice.ref, invoice.deal} & self.kept
            if by_hand and self.dice.random() < 0.12:
                with self.crm.by(invoice.owner):
                    self.verbs("invoice").pay(invoice.id)
        quoted = {quote.doc.get("deal") for quote in quotes}
        for deal in self.open_deals():
            if deal.stage == "proposal" and deal.items and deal.ref not in quoted:
                self.quote(deal)

    def quote(self, deal: Deal) -> Any:
        """Make a quote of a deal and send it."""
        less = "5%" if deal.id % 3 == 0 else ""
        with self.crm.by(deal.owner):
            made = self.verbs("quote").add(deal=deal.ref, owner=deal.owner, discount=less)
            return self.verbs("quote").send(made.id)

    def _quote_goes_on(self, quote: Any) -> None:
        deal = self.crm.deals.get(quote.deal)
        luck = self.dice.random()
        with self.crm.by(deal.owner):
            if deal.outcome:
                self.verbs("quote").decline(quote.id)
            elif luck < 0.18:
                self.accept(quote)

    def accept(self, quote: Any) -> Any:
        """Note that the client accepted a quote, and issue its invoice."""
        self.verbs("quote").accept(quote.id)
        return self.verbs("invoice").issue(quote=quote.ref, owner=quote.owner)

    # --- invoices that stay as they are ------------------------------------------------------------------------------

    def unfinished(self, days_left: int) -> None:
        """Make the invoice of this day that stays in its state, where there is one."""
        state = UNFINISHED.get(days_left, "")
        if not state or not self.nouns("invoice"):
            return
        invoices, owner = self.verbs("invoice"), self.owner()
        with self.crm.by(owner):
            made = invoices.issue(items=self._lines(), owner=owner, company=self._company())
            self.kept.add(made.ref)
            match state:
                case "approved":
                    invoices.approve(made.id)
                case "sent" | "overdue":
                    invoices.send(made.id)
                case "partly paid":
                    invoices.pay(made.id, amount=made.total.amount // 2)
                case "cancelled":
                    invoices.cancel(made.id)

    def draft(self) -> None:
        """Leave an invoice that is being made."""
        if self.nouns("invoice"):
            owner = self.owner()
            with self.crm.by(owner):
                self.verbs("invoice").add(items=self._lines(), owner=owner, company=self._company())

    def _company(self) -> str:
        return self.dice.choice(list(self.crm.companies.find())).ref

    def _lines(self) -> list[str]:
        goods, service = self.dice.choice(self.cast.goods[:5]), self.dice.choice(self.cast.goods[8:])
        return [f"{goods.sku}*{self.dice.choice((8, 12, 15, 30, 45))}", f"{service.sku}*{self.dice.choice((1, 2))}"]
