from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import InvalidValue, Refused
from crm.model.items import build_line, parse_item
from crm.plugins.quotes.discount import spread_over
from crm.sales.collection import Edit
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, client, deal, invoices, quotes

PRICES = st.decimals(min_value=0, max_value=10**6, places=2)
LINES = st.lists(
    st.tuples(PRICES, st.integers(1, 50), st.integers(0, 100), st.sampled_from(["22", "10", "0", "none", "22/122"])),
    min_size=1,
    max_size=12,
)


def test_a_line_says_its_discount_and_whether_it_is_an_option() -> None:
    said = parse_item("?Труба 2*3*10@1 750-2,5%%22")
    assert (said.name_or_sku, said.qty, said.price, said.vat) == ("Труба 2*3", 10, 1750, "22")
    assert (said.discount, said.optional) == (Decimal("2.5"), True)
    assert parse_item("Труба*10-5%").discount == 5


@given(LINES, st.booleans(), st.integers(0, 10_000))
def test_a_discount_is_spread_to_the_kopeck_and_taken_back_whole(
    lines: list[tuple[Decimal, int, int, str]], included: bool, hundredths: int
) -> None:
    items = [
        build_line(name="A", qty=Decimal(qty), price=price, vat=vat, included=included, discount=Decimal(percent))
        for price, qty, percent, vat in lines
    ]
    whole = sum((_base(line, included) for line in items), Decimal(0))
    off = (whole * hundredths / 10_000).quantize(Decimal("0.01"))
    less = spread_over(items, str(off), included=included)
    assert whole - sum((_base(line, included) for line in less), Decimal(0)) == off
    assert all(Decimal(line["sum"]) >= 0 for line in less)
    assert spread_over(less, "", included=included) == items


def _base(line: dict[str, str], included: bool) -> Decimal:
    vat = Decimal(0) if included or "/" in line["vat"] else Decimal(line.get("vat_sum", "0"))
    return Decimal(line["sum"]) - vat


def test_a_quote_less_five_percent(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop), items=ITEMS, discount="5 %")
    assert (quote.discount, str(quote.total)) == ("5%", "25559.75 RUB")
    assert [line["discount_sum"] for line in quote.items] == ["875.00", "470.25"]
    assert str(quote.vat) == "4609.13 RUB"


def test_lines_and_discount_change_together(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=ITEMS, discount="1345.25")
    assert quotes(shop).set(1, Edit("items", "+=", "Разгрузка*1@1000")).total == Decimal("26559.75")
    assert quotes(shop).set(1, discount="").total == 27905
    assert "discount_sum" not in quotes(shop).get(1).items[0]


@pytest.mark.parametrize("discount", ["101%", "30000", "-5%", "много"])
def test_an_impossible_discount_is_refused(shop: Workspace, discount: str) -> None:
    company = client(shop)
    with pytest.raises(InvalidValue):
        quotes(shop).add(company=company, items=ITEMS, discount=discount)
    assert quotes(shop).count() == 0


def test_deal_and_invoice_keep_what_was_agreed(shop: Workspace) -> None:
    quotes(shop).accept(quotes(shop).add(deal=deal(shop), items=[*ITEMS, "?Разгрузка*1@1000"], discount="5%").id)
    assert shop.deals.get(1).amount == Decimal("25559.75")
    from_deal, from_quote = invoices(shop).issue(deal=1), invoices(shop).issue(quote=1)
    assert from_deal.total == from_quote.total == Decimal("25559.75")
    assert (from_quote.discount, len(from_quote.items)) == ("5%", 2)
    page = invoices(shop).html(from_quote.id).replace("\u00a0", " ")
    assert "26 905,00" in page
    assert "-1 345,25" in page


def test_an_option_counts_once_the_client_takes_it(shop: Workspace) -> None:
    quote = quotes(shop).add(deal=deal(shop), items=["?Разгрузка*1@1000", *ITEMS, "?Упаковка*1@500"])
    assert (quote.total, [line["name"] for line in quote.items][2:]) == (26905, ["Разгрузка", "Упаковка"])
    with pytest.raises(InvalidValue, match="3, 4"):
        quotes(shop).accept(1, "2")
    accepted = quotes(shop).accept(1, "3")
    assert accepted.total == shop.deals.get(1).amount == 27905
    assert [line["name"] for line in shop.deals.get(1).items] == ["Щебень 5-20", "Доставка", "Разгрузка"]


def test_only_a_quote_has_options(shop: Workspace) -> None:
    company = client(shop)
    with pytest.raises(InvalidValue, match="only a quote"):
        invoices(shop).issue(company=company, items=["?Разгрузка*1@1000"])


def test_a_quote_of_options_alone_is_not_sent(shop: Workspace) -> None:
    quotes(shop).add(deal=deal(shop), items=["?Разгрузка*1@1000"])
    with pytest.raises(InvalidValue, match="no lines"):
        quotes(shop).send(1)


def test_an_issued_invoice_keeps_its_discount(shop: Workspace) -> None:
    invoices(shop).issue(company=client(shop), items=ITEMS, discount="5%")
    with pytest.raises(Refused):
        invoices(shop).set(1, discount="10%")
