"""What tests of papers begin with: a client, goods, a deal at the stage of the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from crm.model.deal import Deal
    from crm.plugins.invoices.invoices import Invoices
    from crm.plugins.invoices.payments import Payments
    from crm.plugins.quotes.quotes import Quotes
    from crm.workspace import Workspace

ITEMS = ["SCH520*10", "Доставка*1@9405"]
"""26 905.00 with 4 851.72 of VAT of 22 % within (17 500.00 and 9 405.00)."""


def client(crm: Workspace) -> str:
    company = crm.companies.add(name="ООО Ромашка", inn="7800000027", kpp="780001001", emails="office@romashka.ru")
    crm.contacts.add(name="Василий Петров", companies=[company.ref], phones="8 916 123-45-67")
    crm.products.add(sku="SCH520", name="Щебень 5-20", unit="т", price="1750", vat="22")
    return company.ref


def deal(crm: Workspace, **values: Any) -> Deal:
    company = client(crm)
    made = crm.deals.add(**{"title": "Щебень", "company": company, "contacts": ["contact/1"], **values})
    return crm.deals.move(made.id, "proposal")


def quotes(crm: Workspace) -> Quotes:
    return cast("Quotes", crm.collection("quote"))


def invoices(crm: Workspace) -> Invoices:
    return cast("Invoices", crm.collection("invoice"))


def payments(crm: Workspace) -> Payments:
    return cast("Payments", crm.collection("payment"))


def events(crm: Workspace) -> list[str]:
    """Return the events of the last command of a person, and of what plugins did because of it."""
    from crm.store.history import Asked, lines

    found: list[str] = []
    for line in lines(crm.store, Asked()):
        found = [*(event["name"] for event in line.events), *found]
        if "cause" not in line.extra:
            break
    return found
