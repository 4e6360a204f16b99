from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm import where
from crm.entrance import open_workspace
from crm.errors import InvalidValue, Refused
from crm.sales.collection import Edit
from crm.sales.undo import undo
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, client, deal, events, quotes


def test_a_quote_takes_the_client_of_its_deal_and_counts_its_lines(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop), items=ITEMS)
    assert (quote.company, quote.contact, quote.deal) == ("company/1", "contact/1", "deal/1")
    assert (str(quote.total), str(quote.vat)) == ("26905.00 RUB", "4851.72 RUB")
    assert (quote.status, quote.owner) == ("draft", "olga")
    assert quote.date == shop.today()
    assert quote.valid_until == shop.today() + timedelta(days=14)


def test_without_lines_it_takes_those_of_the_deal(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop, items=ITEMS).ref)
    assert [line["name"] for line in quote.items] == ["Щебень 5-20", "Доставка"]
    assert quote.total == 26905


def test_vat_on_top_recounts_the_lines_of_the_deal(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop, items=ITEMS), vat_included="no")
    assert not quote.vat_included
    assert (str(quote.total), str(quote.vat)) == ("32824.10 RUB", "5919.10 RUB")


def test_the_rate_of_a_line_is_that_of_the_day(shop: Workspace) -> None:
    quote = quotes(shop).add(company=client(shop), items=["Доставка*1@120"], date="2025-12-31")
    assert [line["vat"] for line in quote.items] == ["20"]
    assert quote.number == "2025-0001"


def test_a_quote_in_another_currency(shop: Workspace) -> None:
    quote = quotes(shop).add(company=client(shop), items=["Доставка*1@120"], currency="usd")
    assert str(quote.total) == "120.00 USD"


def test_numbers_count_within_the_year(shop: Workspace) -> None:
    client(shop)
    with shop.transaction("two at once"):
        numbers = [
            quotes(shop).add(company=1, items=["A*1@1"], date=day).number for day in ("2026-01-09", "2026-05-09")
        ]
    numbers += [quotes(shop).add(company=1, items=["A*1@1"], date=day).number for day in ("2026-07-01", "2027-01-09")]
    assert numbers == ["2026-0001", "2026-0002", "2026-0003", "2027-0001"]


def test_the_count_begins_where_the_settings_say(shop_folder: Path) -> None:
    change_setting(shop_folder / "config" / "quotes.yaml", ("first",), 100)
    change_setting(shop_folder / "config" / "quotes.yaml", ("number",), "КП-{n}")
    with open_workspace(shop_folder, actor="olga") as crm:
        assert [quotes(crm).add(items=["A*1@1"]).number for _time in range(2)] == ["КП-100", "КП-101"]


def test_a_wrong_template_names_the_file_and_the_line(shop_folder: Path) -> None:
    change_setting(shop_folder / "config" / "quotes.yaml", ("number",), "{n.real}")
    with (
        open_workspace(shop_folder, actor="olga", language="en") as crm,
        pytest.raises(InvalidValue, match=r"quotes\.yaml"),
    ):
        quotes(crm).add(items=["A*1@1"])


@pytest.mark.parametrize("name", ["status", "total", "accepted_at"])
def test_what_the_program_keeps_is_not_given(shop: Workspace, name: str) -> None:
    with pytest.raises(Refused, match=name):
        quotes(shop).add(items=["A*1@1"], **{name: "1"})


def test_lines_are_added_and_replaced(shop: Workspace) -> None:
    quote = quotes(shop).add(items=["A*1@100"])
    assert quotes(shop).set(quote.id, Edit("items", "+=", "B*2@50")).total == 200
    assert quotes(shop).set(quote.id, items=["C*1@7"]).total == 7
    assert quotes(shop).set(quote.id, vat_included="no").total == 7 + 1.54


def test_a_sent_quote_says_so(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop), items=ITEMS)
    sent = quotes(shop).send(quote.id)
    assert sent.status == "sent"
    assert sent.sent_at is not None
    assert events(shop) == ["on_quote_sent"]


def test_an_accepted_quote_gives_its_goods_to_the_deal(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop, amount=1), items=ITEMS)
    accepted = quotes(shop).accept(quote.id)
    assert (accepted.status, "on_quote_accepted" in events(shop)) == ("accepted", True)
    sale = shop.deals.get(1)
    assert sale.amount == 26905
    assert len(sale.items) == 2


def test_undo_of_an_acceptance_gives_the_deal_its_amount_back(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop, amount=1), items=ITEMS)
    quotes(shop).accept(quote.id)
    undo(shop)
    assert (quotes(shop).get(1).status, shop.deals.get(1).stage) == ("draft", "proposal")
    assert shop.deals.get(1).amount == 1


def test_a_closed_deal_keeps_its_amount(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop, amount=1), items=ITEMS)
    shop.deals.win(1)
    quotes(shop).accept(quote.id)
    assert shop.deals.get(1).amount == 1


@pytest.mark.parametrize(
    "field", [{"items": ["A*1@1"]}, {"company": ""}, {"date": "2020-01-01"}, {"vat_included": "no"}]
)
def test_an_accepted_quote_does_not_change(shop: Workspace, field: dict[str, Any]) -> None:
    quotes(shop).accept(quotes(shop).add(deal=deal(shop), items=ITEMS).id)
    with pytest.raises(Refused, match="crm quote revise 1"):
        quotes(shop).set(1, **field)
    assert quotes(shop).set(1, comment="позвонить").comment == "позвонить"


def test_an_accepted_quote_is_not_declined(shop: Workspace) -> None:
    quotes(shop).accept(quotes(shop).add(deal=deal(shop), items=ITEMS).id)
    with pytest.raises(Refused, match="undo"):
        quotes(shop).decline(1)


def test_a_declined_quote_may_be_accepted_after_all(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    assert quotes(shop).decline(1, "дорого").decline_reason == "дорого"
    assert quotes(shop).accept(1).decline_reason == ""


def test_an_empty_quote_is_neither_sent_nor_accepted(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop))
    for verb in (quotes(shop).send, quotes(shop).accept):
        with pytest.raises(InvalidValue, match="no lines"):
            verb(1)


def test_an_expired_quote_is_shown_so_and_accepted_with_a_warning(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop), items=ITEMS, valid_until=shop.today() - timedelta(days=1))
    assert quotes(shop).export(quote)["status"] == "expired"
    quotes(shop).accept(quote.id)
    assert "quote/1 was valid until" in shop.warnings[0]
    assert quotes(shop).export(quotes(shop).get(1))["status"] == "accepted"


def test_it_holds_on_its_last_day(shop: Workspace) -> None:
    quote = quotes(shop).add(items=["A*1@1"], valid_until="today")
    assert quotes(shop).export(quote)["status"] == "draft"


def test_the_owner_of_the_deal_owns_the_quote(shop: Workspace) -> None:
    shop.users.add(name="Пётр", login="petr")
    assert quotes(shop).add(deal=deal(shop, owner="petr"), items=ITEMS).owner == "petr"


def test_quotes_are_found_by_number_and_by_goods(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    assert [record.ref for record in shop.find(f"{shop.today().year}-0001 щебень", nouns=["quote"])] == ["quote/1"]
    assert quotes(shop).count(where("total") > 26904) == 1


def test_the_printed_quote_has_goods_client_and_term(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS, valid_until="2026-12-31", date="2026-12-01")
    page = quotes(shop).html(1).replace("\u00a0", " ")
    for text in ("Коммерческое предложение № 2026-0001", "ООО Ромашка", "Щебень 5-20", "31 декабря 2026"):
        assert text in page
    assert quotes(shop).pdf(1).startswith(b"%PDF")


def test_a_form_of_the_workspace_comes_first(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS)
    forms = shop.root / "config" / "papers"
    forms.mkdir()
    (forms / "quote.html").write_text("<p>Наше КП {{ paper.number }}</p>", "utf-8")
    assert quotes(shop).html(1) == f"<p>Наше КП {quotes(shop).get(1).number}</p>"


def test_goods_named_by_their_sku_get_their_name(shop: Workspace) -> None:
    client(shop)
    quote = quotes(shop).add(company=1, items=[{"name": "SCH520", "qty": "10"}])
    assert (quote.items[0]["name"], str(quote.total)) == ("Щебень 5-20", "17500.00 RUB")
