from __future__ import annotations

from datetime import timedelta

import pytest

from crm.errors import Refused
from crm.sales.collection import Edit
from crm.sales.undo import undo
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, client, deal, invoices, quotes


def test_the_next_version_takes_the_place_of_the_one_before(shop: Workspace) -> None:
    first = quotes(shop).add(deal=deal(shop), items=ITEMS, comment="с доставкой")
    quotes(shop).send(1)
    second = quotes(shop).revise(1, Edit("discount", "=", "5%"))
    third = quotes(shop).revise(second.id)
    assert (second.number, third.number) == (f"{first.number}/2", f"{first.number}/3")
    assert (third.status, third.version, third.comment, third.discount) == ("draft", 3, "с доставкой", "5%")
    assert [one.status for one in quotes(shop).versions(2)] == ["replaced", "replaced", "draft"]
    assert quotes(shop).get(1).total == 26905
    with pytest.raises(Refused, match="replaced"):
        quotes(shop).accept(1)
    assert quotes(shop).add(company="company/1", items=ITEMS).series_number == 2


def test_the_client_has_what_was_sent(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    quotes(shop).send(1)
    with pytest.raises(Refused, match="crm quote revise 1"):
        quotes(shop).set(1, items=["A*1@1"])
    later = shop.today() + timedelta(days=60)
    assert quotes(shop).set(1, valid_until=later).valid_until == later


def test_what_expired_is_noted_and_revived_by_a_later_day(shop: Workspace) -> None:
    past = shop.today() - timedelta(days=1)
    quotes(shop).add(deal=deal(shop), items=ITEMS, valid_until=past)
    quotes(shop).send(1)
    quotes(shop).add(company="company/1", items=ITEMS)
    assert [quote.id for quote in quotes(shop).expired()] == [1]
    assert (quotes(shop).note_expired(), quotes(shop).note_expired()) == (1, 0)
    assert quotes(shop).get(1).status == "expired"
    assert quotes(shop).set(1, valid_until=shop.today()).status == "sent"


def test_a_number_given_by_hand(shop: Workspace) -> None:
    company, year = client(shop), shop.today().year
    assert quotes(shop).add(company=company, items=ITEMS, number="КП-7/А").number == "КП-7/А"
    assert quotes(shop).add(company=company, items=ITEMS, number=f"{year}-0041").series_number == 41
    assert quotes(shop).add(company=company, items=ITEMS).number == f"{year}-0042"
    with pytest.raises(Refused, match="КП-7/А"):
        quotes(shop).add(company=company, items=ITEMS, number="КП-7/А")


def test_an_invoice_with_a_number_given_by_hand(shop: Workspace) -> None:
    company = client(shop)
    issued = invoices(shop).issue(company=company, items=ITEMS, number="15/П")
    draft = invoices(shop).add(company=company, items=ITEMS)
    named = invoices(shop).issue(draft.id, number="77")
    assert [one.number for one in (issued, named)] == ["15/П", "77"]
    assert [one.exchange_number for one in (issued, named)] == [1, 2]
    other = invoices(shop).add(company=company, items=ITEMS)
    with pytest.raises(Refused, match="77"):
        invoices(shop).issue(other.id, number="77")
    assert invoices(shop).get(other.id).status == "draft"
    last_year = invoices(shop).issue(company=company, items=ITEMS, number="77", date=f"{shop.today().year - 1}-12-30")
    assert last_year.number == "77"


def test_a_number_is_given_once_within_a_change_too(shop: Workspace) -> None:
    company = client(shop)
    with shop.transaction("two"):
        quotes(shop).add(company=company, items=ITEMS, number="К/1")
        with pytest.raises(Refused, match="К/1"):
            quotes(shop).add(company=company, items=ITEMS, number="К/1")
        quotes(shop).delete(1)
    assert quotes(shop).count() == 0


def test_a_version_is_taken_back_whole(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    quotes(shop).send(1)
    quotes(shop).revise(1)
    undo(shop)
    assert [(one.id, one.status) for one in quotes(shop).find()] == [(1, "sent")]
    assert quotes(shop).revise(1).number.endswith("/2")
