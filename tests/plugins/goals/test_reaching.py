from __future__ import annotations

from pathlib import Path

import pytest

from crm.entrance import open_workspace
from crm.errors import NotFound, Refused
from crm.plugins.goals.reaching import tick
from crm.sales.undo import undo
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, deal, invoices, quotes

STAGES = ("pipelines", "sales", "stages")


def goals(folder: Path, stage: str, *found: dict[str, object]) -> None:
    change_setting(folder / "config" / "pipelines.yaml", (*STAGES, stage, "goals"), list(found))


def stage(crm: Workspace) -> str:
    return crm.deals.get(1).stage


def test_an_accepted_quote_moves_the_deal_on(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    quotes(shop).accept(1)
    assert stage(shop) == "invoice"


def test_what_a_goal_moved_is_undone_with_its_cause(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    quotes(shop).accept(1)
    undo(shop)
    assert (stage(shop), quotes(shop).get(1).status) == ("proposal", "draft")


def test_a_paid_invoice_moves_the_deal_on(shop: Workspace) -> None:
    invoices(shop).issue(deal=deal(shop, items=ITEMS))
    shop.deals.move(1, "invoice")
    invoices(shop).pay(1, 5)
    assert stage(shop) == "invoice"
    invoices(shop).pay(1)
    assert stage(shop) == "signing"


def test_a_deal_skips_the_stages_before_the_goal(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    shop.deals.move(1, "new")
    quotes(shop).accept(1)
    assert stage(shop) == "invoice"


def test_a_deal_never_goes_back_by_what_happened_late(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    shop.deals.move(1, "signing")
    quotes(shop).accept(1)
    assert stage(shop) == "signing"


def test_a_goal_ahead_that_leads_behind_is_not_reached(shop_folder: Path) -> None:
    goals(shop_folder, "signing", {"on": "invoice_issued", "to": "new"})
    with open_workspace(shop_folder, actor="olga") as crm:
        invoices(crm).issue(deal=deal(crm, items=ITEMS))
        assert stage(crm) == "proposal"
        crm.deals.move(1, "signing")
        invoices(crm).issue(deal=1)
        assert stage(crm) == "new"


def test_a_closed_deal_stays(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    shop.deals.lose(1, "price")
    quotes(shop).accept(1)
    assert (stage(shop), shop.deals.get(1).outcome) == ("proposal", "lost")


def test_an_activity_of_the_kind_reaches_the_goal_of_its_stage_alone(shop_folder: Path) -> None:
    goals(shop_folder, "qualified", {"on": "activity_done", "kind": "meeting"})
    with open_workspace(shop_folder, actor="olga") as crm:
        sale = deal(crm)
        crm.deals.move(1, "new")
        for kind in ("call", "meeting", "meeting"):
            crm.activities.add(kind=kind, subject=kind, about=sale.ref)
        crm.activities.done(2)
        assert stage(crm) == "new"
        crm.deals.move(1, "qualified")
        crm.activities.done(1)
        assert stage(crm) == "qualified"
        crm.activities.done(3)
        assert stage(crm) == "proposal"


def test_an_activity_about_an_invoice_concerns_its_deal(shop_folder: Path) -> None:
    goals(shop_folder, "proposal", {"on": "activity_done", "kind": "call", "to": "signing"})
    with open_workspace(shop_folder, actor="olga") as crm:
        invoice = invoices(crm).issue(deal=deal(crm, items=ITEMS))
        crm.activities.add(kind="call", subject="оплата", about=invoice.ref)
        crm.activities.done(1)
        assert stage(crm) == "signing"


def test_a_goal_sets_the_classifiers_of_the_client(shop_folder: Path) -> None:
    goals(shop_folder, "invoice", {"on": "payment_received", "to": "signing", "set": {"loyalty": "loyal"}})
    with open_workspace(shop_folder, actor="olga") as crm:
        invoices(crm).issue(deal=deal(crm, items=ITEMS))
        invoices(crm).pay(1, 5)
        assert stage(crm) == "signing"
        assert crm.companies.get(1).classifiers == {"loyalty": "loyal"}


def test_a_manager_ticks_a_goal(shop_folder: Path) -> None:
    box: dict[str, object] = {"on": "ticked", "id": "volume", "title": "Объём уточнён", "to": "signing"}
    goals(shop_folder, "proposal", box)
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        deal(crm)
        with pytest.raises(NotFound, match="crm deal goals 1"):
            tick(crm, 1, "other")
        assert tick(crm, 1, "объём уточнён").stage == "signing"
        assert next(crm.deals.history(1)).command == "deal tick"
        with pytest.raises(NotFound, match="deal/1 has no goal to tick now"):
            tick(crm, 1, "")
        crm.deals.win(1)
        with pytest.raises(Refused, match="closed"):
            tick(crm, 1, "volume")


def test_papers_without_a_deal_move_nothing(shop: Workspace) -> None:
    deal(shop)
    invoices(shop).pay(invoices(shop).issue(company=1, items=ITEMS).id)
    assert stage(shop) == "proposal"
