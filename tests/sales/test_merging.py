from __future__ import annotations

import pytest

from crm.errors import Refused, WrongUsage
from crm.sales.merging import merge
from crm.sales.undo import undo
from crm.store.check import check
from crm.workspace import Workspace


def test_the_first_keeps_what_it_has_and_takes_what_it_lacks(sales: Workspace) -> None:
    sales.contacts.add(name="Иван Петров", phones=["+79161234567"], position="директор")
    sales.contacts.add(name="И. Петров", phones=["+79161234568"], position="бухгалтер", emails=["i@example.ru"])
    merged = merge(sales, "contact", 1, [2])
    assert merged.doc["name"] == "Иван Петров"
    assert merged.doc["position"] == "директор"
    assert merged.doc["phones"] == ["+79161234567", "+79161234568"]
    assert merged.doc["emails"] == ["i@example.ru"]


def test_links_lead_to_the_one_that_stays(sales: Workspace) -> None:
    for name in ("ООО Ромашка", "ООО «Ромашка»"):
        sales.companies.add(name=name)
    sales.contacts.add(name="Иван", companies=["company/1", "company/2"])
    sales.deals.add(title="Щебень", company="company/2")
    sales.activities.add(kind="call", about="company/2")
    merge(sales, "company", 1, [2])
    assert sales.contacts.get(1).companies == ("company/1",)
    assert sales.deals.get(1).company == "company/1"
    assert sales.activities.get(1).about == "company/1"
    assert sales.companies.get(2).deleted is not None
    assert check(sales.store) == []


def told(crm: Workspace) -> list[dict[str, object]]:
    """Return all companies and deals without what follows every change."""
    docs = [record.doc for noun in ("company", "deal") for record in crm.collection(noun).find()]
    return [{name: value for name, value in doc.items() if name not in ("rev", "updated")} for doc in docs]


def test_merging_is_one_undo(sales: Workspace) -> None:
    for name in ("A", "B", "C"):
        sales.companies.add(name=name)
    sales.deals.add(title="Щебень", company="company/3")
    before = told(sales)
    number = sales.store.number
    merge(sales, "company", 1, [2, 3])
    assert sales.store.number == number + 1
    undo(sales)
    assert told(sales) == before


def test_a_record_is_not_merged_into_itself_nor_from_the_trash(sales: Workspace) -> None:
    for name in ("A", "B"):
        sales.companies.add(name=name)
    with pytest.raises(WrongUsage):
        merge(sales, "company", 1, [1])
    sales.companies.delete(2)
    with pytest.raises(Refused):
        merge(sales, "company", 1, [2])


def test_a_merged_deal_has_five_contacts_at_most(sales: Workspace) -> None:
    for number in range(6):
        sales.contacts.add(name=f"Иван {number}")
    sales.deals.add(title="A", contacts=[f"contact/{number}" for number in (1, 2, 3)])
    sales.deals.add(title="B", contacts=[f"contact/{number}" for number in (4, 5, 6)])
    with pytest.raises(Refused, match="5"):
        merge(sales, "deal", 1, [2])
    assert sales.deals.get(2).deleted is None
