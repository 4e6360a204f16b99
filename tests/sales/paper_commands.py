from __future__ import annotations

from typing import Any

from crm.workspace import Workspace
from tests.sales.commands import Command, Commands

ITEMS = [{"name": "Щебень", "quantity": "2", "price": "1500.50"}, {"name": "Доставка", "price": "900"}]


class PaperCommands(Commands):
    """Random commands of sales people and of the accountant: quotes, invoices and payments too."""

    def verbs(self) -> list[Command]:
        return [
            *super().verbs(),
            self.quote,
            lambda crm: papers(crm, "quote").send(self.one(crm, "quote")),
            lambda crm: papers(crm, "quote").accept(self.one(crm, "quote")),
            lambda crm: papers(crm, "quote").decline(self.one(crm, "quote"), "дорого"),
            self.invoice,
            lambda crm: papers(crm, "invoice").issue(quote=f"quote/{self.one(crm, 'quote')}"),
            lambda crm: papers(crm, "invoice").pay(self.one(crm, "invoice"), self.random.choice([None, "100"])),
            lambda crm: papers(crm, "invoice").refund(self.one(crm, "invoice")),
            lambda crm: papers(crm, "invoice").make_deal(self.one(crm, "invoice")),
            lambda crm: papers(crm, "invoice").cancel(self.one(crm, "invoice"), "передумали"),
            lambda crm: papers(crm, "document").add(kind="act", invoice=f"invoice/{self.one(crm, 'invoice')}"),
        ]

    def quote(self, crm: Workspace) -> None:
        papers(crm, "quote").add(deal=f"deal/{self.one(crm, 'deal')}", items=ITEMS)

    def invoice(self, crm: Workspace) -> None:
        papers(crm, "invoice").issue(company=f"company/{self.one(crm, 'company')}", items=ITEMS)


def papers(crm: Workspace, noun: str) -> Any:
    """Return the collection of a plugin's noun with the verbs that are its own."""
    return crm.collection(noun)
