"""The sales of whoever made the workspace, so that the first look at «Мой день» finds a working life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.demo.deals import LOST
from crm.demo.part import Part

if TYPE_CHECKING:
    import random

    from crm.demo.cast import Cast
    from crm.demo.clients import Clients
    from crm.demo.deals import Deals
    from crm.demo.work import Work
    from crm.demo.world import World
    from crm.model.deal import Deal


class Sale(NamedTuple):
    """A sale by its steps, each as many working days before this morning: asked, worked on, offered, billed, paid, won.

    `lost` is the day it was lost; `plan` for how many days ahead its next step is left (None: nothing is planned),
    and of which kind.
    """

    steps: tuple[int, ...]
    lost: int = -1
    plan: int | None = None
    kind: str = ""


SALES = (
    Sale((64, 63, 60, 55, 48, 43)),
    Sale((46, 44, 41, 36, 30, 27)),
    Sale((33, 31, 28), lost=17),
    Sale((24, 22, 19, 13, 6, 0)),
    Sale((21, 19, 16, 9, 2), plan=1, kind="meeting"),
    Sale((16, 15, 12, 5), plan=0, kind="letter"),
    Sale((13, 12, 7), plan=-2, kind="call"),
    Sale((9, 8, 4), plan=0, kind="meeting"),
    Sale((6, 3), plan=0, kind="call"),
    Sale((4,)),
    Sale((1,), plan=1, kind="call"),
)
CALLED = 15
"""On how many of the last days one of the clients was called."""


class Maker(Part):
    """Who made the workspace, at work."""

    def __init__(
        self, crm: World, cast: Cast, dice: random.Random, kept: set[str], parts: tuple[Clients, Deals, Work]
    ) -> None:
        super().__init__(crm, cast, dice, kept)
        self.clients, self.deals, self.work = parts
        self.sales: dict[int, int] = {}
        """The deal of each sale."""

    def day(self, days_left: int) -> None:
        """Tell the steps of a day, then a call to a client."""
        for number, sale in enumerate(SALES):
            with self.crm.by(self.crm.maker):
                if days_left in sale.steps:
                    self._step(number, sale.steps.index(days_left))
                elif days_left == sale.lost:
                    self.crm.deals.lose(self.sales[number], LOST[0])
        if days_left <= CALLED and (open_ones := self.open()):
            self.work.do(self.work.plan(self.dice.choice(open_ones), 0, "call"))

    def open(self) -> list[Deal]:
        """Return the deals that are open."""
        found = [self.crm.deals.get(number) for number in self.sales.values()]
        return [deal for deal in found if not deal.outcome]

    def _step(self, number: int, step: int) -> None:
        if step == 0:
            self._begin(number)
            return
        deal = self.crm.deals.get(self.sales[number])
        tell = (self._to_work, self._offer, self._bill, self._paid, self.deals.win)[step - 1]
        tell(deal)
        if step < 5:
            self.work.do(self.work.plan(deal, 0))

    def _begin(self, number: int) -> None:
        """Take a request, talk to the client, and make a deal of it."""
        lead = self.clients.request(self.crm.maker, reachable=True)
        self.kept.add(lead.ref)
        self.crm.leads.qualify(lead.id)
        self.work.do(self.work.plan(lead, 0, "call"))
        deal = self.clients.convert(lead)
        if deal is not None:
            self.kept.add(deal.ref)
            self.sales[number] = deal.id

    def _to_work(self, deal: Deal) -> None:
        self.crm.deals.move(deal.id, "qualified")

    def _offer(self, deal: Deal) -> None:
        self.crm.deals.move(deal.id, "proposal")
        if self.nouns("quote", "invoice"):
            self.deals.quote(deal)

    def _bill(self, deal: Deal) -> None:
        quotes = self.verbs("quote").having("deal", deal.ref) if self.nouns("quote", "invoice") else []
        for quote in quotes:
            self.deals.accept(quote)
        self._be_at(deal, "invoice")

    def _paid(self, deal: Deal) -> None:
        if self.nouns("invoice"):
            invoices: Any = self.verbs("invoice")
            for invoice in invoices.having("deal", deal.ref):
                invoices.pay(invoice.id)
        self._be_at(deal, "signing")

    def _be_at(self, deal: Deal, stage: str) -> None:
        """Move a deal that its goals did not move."""
        if self.crm.deals.get(deal.id).stage != stage:
            self.crm.deals.move(deal.id, stage)

    # --- this morning ------------------------------------------------------------------------------------------------

    def morning(self) -> None:
        """Leave two requests and the next steps of the open deals."""
        for taken in (True, False):
            lead = self.clients.request(self.crm.maker, reachable=True)
            if taken:
                self.crm.leads.qualify(lead.id)
                self.work.plan(lead, 0, "call")
        for number, sale in enumerate(SALES):
            if sale.plan is not None:
                self.work.plan(self.crm.deals.get(self.sales[number]), sale.plan, sale.kind)
