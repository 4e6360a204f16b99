from __future__ import annotations

import pytest
from tinydb.queries import where

from crm.errors import InvalidValue, Refused
from crm.sales.collection import Edit
from crm.workspace import Workspace


@pytest.fixture
def deal(sales: Workspace) -> int:
    return sales.deals.add(title="Щебень", amount=1000).id


def test_a_new_deal(sales: Workspace, deal: int) -> None:
    made = sales.deals.get(deal)
    assert (made.pipeline, made.stage, made.probability, made.owner) == ("sales", "new", 10, "olga")
    assert [step["stage"] for step in made.doc["stage_log"]] == ["new"]


def test_moving_changes_stage_probability_and_the_log(sales: Workspace, deal: int) -> None:
    moved = sales.deals.move(deal, "Quote sent")
    assert (moved.stage, moved.probability) == ("proposal", 50)
    assert [step["stage"] for step in moved.doc["stage_log"]] == ["new", "proposal"]
    assert moved.stage_since == moved.updated


def test_moving_to_where_it_stands_changes_nothing(sales: Workspace, deal: int) -> None:
    before = sales.store.number
    sales.deals.move(deal, "new")
    assert sales.store.number == before


def test_a_stage_of_another_pipeline_is_refused(sales: Workspace, deal: int) -> None:
    with pytest.raises(InvalidValue, match="proposal"):
        sales.deals.move(deal, "diagnostics")


def test_another_pipeline_begins_at_its_first_stage(sales: Workspace, deal: int) -> None:
    sales.deals.move(deal, "proposal")
    moved = sales.deals.set(deal, pipeline="service")
    assert (moved.pipeline, moved.stage) == ("service", "new")


def test_winning_and_losing(sales: Workspace, deal: int) -> None:
    won = sales.deals.win(deal)
    assert (won.outcome, won.probability, won.closed) == ("won", 100, won.updated)
    with pytest.raises(Refused, match="reopen"):
        sales.deals.win(deal)
    with pytest.raises(Refused, match="reopen"):
        sales.deals.lose(deal, "price")
    with pytest.raises(Refused, match="reopen"):
        sales.deals.move(deal, "new")
    lost = sales.deals.lose(sales.deals.add(title="Песок").id, "Too expensive")
    assert (lost.outcome, lost.lost_reason, lost.probability) == ("lost", "price", 0)


def test_reopening_goes_on_where_it_was(sales: Workspace, deal: int) -> None:
    sales.deals.move(deal, "proposal")
    sales.deals.lose(deal, "price")
    opened = sales.deals.reopen(deal)
    assert (opened.outcome, opened.lost_reason, opened.closed) == ("", "", None)
    assert (opened.stage, opened.probability) == ("proposal", 50)
    with pytest.raises(Refused):
        sales.deals.reopen(deal)
    sales.deals.win(deal)
    assert sales.deals.reopen(deal, "new").stage == "new"


def test_five_contacts_and_no_more(sales: Workspace, deal: int) -> None:
    for number in range(6):
        sales.contacts.add(name=f"Иван {number}")
    for number in range(1, 6):
        sales.deals.link(deal, f"contact/{number}")
    with pytest.raises(Refused, match="5"):
        sales.deals.link(deal, "contact/6")
    sales.deals.unlink(deal, "contact/1")
    sales.deals.link(deal, "contact/6")
    assert sales.deals.get(deal).contacts == ("contact/2", "contact/3", "contact/4", "contact/5", "contact/6")


def test_linking_companies_and_leads(sales: Workspace, deal: int) -> None:
    sales.companies.add(name="ООО Ромашка")
    sales.leads.add(name="Василий")
    sales.deals.link(deal, "company/1")
    assert sales.deals.link(deal, "lead/1").lead == "lead/1"
    assert sales.deals.unlink(deal, "company/1").company is None
    with pytest.raises(Refused):
        sales.deals.link(deal, "deal/1")


def test_a_typed_name_pulls_the_existing_contact(sales: Workspace, deal: int) -> None:
    sales.contacts.add(name="Иван Петров")
    sales.contacts.add(name="Анна Смирнова")
    assert sales.deals.link(deal, "смирнова").contacts == ("contact/2",)


def test_a_deal_is_found_from_its_contact(sales: Workspace, deal: int) -> None:
    sales.contacts.add(name="Иван Петров")
    sales.deals.link(deal, "contact/1")
    assert [one.id for one in sales.deals.having("contacts", "contact/1")] == [deal]


def test_items_set_the_amount_unless_it_is_given(sales: Workspace) -> None:
    deal = sales.deals.add(title="Щебень", items=["Щебень*10@1750%22"])
    assert str(deal.doc["amount"]["amount"]) == "17500.00"
    changed = sales.deals.set(deal.id, items=["Щебень*1@1750%22"], amount=1500)
    assert changed.doc["amount"]["amount"] == "1500.00"


def test_what_the_verbs_keep_is_not_written_by_hand(sales: Workspace, deal: int) -> None:
    for name in ("outcome", "stage_since"):
        with pytest.raises(Refused, match="win, lose, reopen"):
            sales.deals.set(deal, Edit(name, "=", "won"))


def test_the_owner_of_what_is_made_automatically(sales: Workspace) -> None:
    from crm import open_workspace
    from crm.settings_file import change_setting

    change_setting(sales.root / "config" / "pipelines.yaml", ["pipelines", "sales", "default_owner"], "petr")
    with open_workspace(sales.root, actor="site", via="api") as crm:
        assert crm.deals.add(title="A").owner == "petr"
        assert crm.deals.add(title="A", owner="anna").owner == "anna"
    with open_workspace(sales.root, actor="olga") as crm:
        assert crm.deals.add(title="A").owner == "olga"


def test_within_a_change_set_deals_are_found_in_order_and_counted_as_they_stand(sales: Workspace) -> None:
    for amount in (10, 30, 20):
        sales.deals.add(title=str(amount), amount=amount)
    with sales.transaction("two things"):
        sales.deals.set(2, amount=1)
        sales.deals.add(title="15", amount=15)
        assert [deal.title for deal in sales.deals.find(sort="-amount", limit=2)] == ["20", "15"]
        assert sales.deals.count(where("amount") > 12) == 2
        assert sales.deals.first(where("amount") < 12) == sales.deals.get(1)
