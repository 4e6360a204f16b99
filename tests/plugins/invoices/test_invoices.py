from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm.entrance import open_workspace
from crm.errors import InvalidValue, Refused
from crm.model.company import Company
from crm.plugins.invoices.invoice import Invoice
from crm.sales.collection import Edit
from crm.sales.undo import redo, undo
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, client, deal, events, invoices, quotes


def from_quote(crm: Workspace) -> Invoice:
    quote = quotes(crm).add(deal=deal(crm), items=ITEMS)
    quotes(crm).accept(quote.id)
    return invoices(crm).issue(quote=quote)


def test_an_invoice_of_an_accepted_quote(shop: Workspace) -> None:
    invoice = from_quote(shop)
    assert (invoice.quote, invoice.deal, invoice.company, invoice.contact) == (
        "quote/1",
        "deal/1",
        "company/1",
        "contact/1",
    )
    assert (invoice.number, invoice.exchange_number, invoice.status) == ("1", 1, "issued")
    assert [str(invoice.total), str(invoice.vat), str(invoice.paid), str(invoice.balance)] == [
        "26905.00 RUB",
        "4851.72 RUB",
        "0.00 RUB",
        "26905.00 RUB",
    ]
    assert (invoice.date, invoice.due) == (shop.today(), shop.today() + timedelta(days=5))
    assert shop.warnings == []
    assert events(shop) == ["on_invoice_issued"]


def test_an_invoice_of_a_deal_warns_that_no_quote_was_accepted(shop: Workspace) -> None:
    assert invoices(shop).issue(deal=deal(shop, items=ITEMS)).total == 26905
    assert shop.warnings == ["invoice/1: The client has not accepted a quote yet."]


def test_an_accepted_quote_of_the_deal_is_enough(shop: Workspace) -> None:
    quotes(shop).accept(quotes(shop).add(deal=deal(shop), items=ITEMS).id)
    invoices(shop).issue(deal=1)
    assert shop.warnings == []


def test_the_warning_can_be_switched_off(shop_folder: Path) -> None:
    change_setting(shop_folder / "config" / "invoices.yaml", ("quote_first",), False)
    with open_workspace(shop_folder, actor="olga") as crm:
        invoices(crm).issue(company=client(crm), items=ITEMS)
        assert crm.warnings == []


def test_a_second_invoice_of_a_quote_is_noticed(shop: Workspace) -> None:
    from_quote(shop)
    invoices(shop).issue(quote=1)
    assert shop.warnings == ["invoice/2: quote/1 has invoice/1 already."]


def test_a_rate_that_is_none_on_that_day_is_noticed(shop: Workspace) -> None:
    invoices(shop).issue(company=client(shop), items=["Доставка*1@122%20"], date="2026-02-01")
    assert "invoice/1: VAT of 20 % is not a rate of 2026-02-01." in shop.warnings


def test_goods_alone_make_an_invoice_and_later_its_deal(shop: Workspace) -> None:
    invoice = invoices(shop).issue(items=ITEMS, company=client(shop), contact=1)
    assert invoice.deal is None
    sale = invoices(shop).make_deal(invoice.id)
    assert (sale.title, sale.company, sale.contacts) == ("Щебень 5-20", "company/1", ("contact/1",))
    assert sale.amount == 26905
    assert invoices(shop).get(invoice.id).deal == sale.ref
    with pytest.raises(Refused, match="deal/1"):
        invoices(shop).make_deal(invoice.id)


def test_a_draft_has_no_number_until_it_is_issued(shop: Workspace) -> None:
    draft = invoices(shop).add(deal=deal(shop), items=["Доставка*1@100"])
    assert (draft.status, draft.number, draft.exchange_number, draft.label) == ("draft", "", None, "invoice/1")
    invoices(shop).set(draft.id, Edit("items", "+=", "Погрузка*1@50"))
    issued = invoices(shop).issue(draft.id, due="2027-01-15")
    assert (issued.number, issued.due) == ("1", date(2027, 1, 15))
    assert issued.total == 150
    with pytest.raises(Refused, match="«issued» already"):
        invoices(shop).issue(draft.id)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"company": 1}, "nothing to pay for"),
        ({"company": 1, "items": ["A*1@0"]}, "nothing to pay for"),
        ({"items": ["A*1@5"]}, "nobody to pay"),
    ],
)
def test_what_cannot_be_paid_is_not_issued(shop: Workspace, values: dict[str, Any], message: str) -> None:
    client(shop)
    with pytest.raises(InvalidValue, match=message):
        invoices(shop).issue(**values)
    assert invoices(shop).count() == 0


@pytest.mark.parametrize(
    "field", [{"items": ["A*1@1"]}, {"company": ""}, {"date": "2020-01-01"}, {"vat_included": "no"}]
)
def test_an_issued_invoice_does_not_change(shop: Workspace, field: dict[str, Any]) -> None:
    from_quote(shop)
    with pytest.raises(Refused, match="crm invoice cancel 1"):
        invoices(shop).set(1, **field)
    assert invoices(shop).set(1, due="2027-02-01").due == date(2027, 2, 1)


# --- numbers ----------------------------------------------------------------------------------------------------------


def issue(crm: Workspace, **values: Any) -> Invoice:
    return invoices(crm).issue(company=1, items=["A*1@10"], **values)


def test_an_exchange_number_is_never_given_again(shop: Workspace) -> None:
    client(shop)
    assert [issue(shop).exchange_number for _time in range(3)] == [1, 2, 3]
    undo(shop)
    undo(shop)
    assert [issue(shop).exchange_number for _time in range(2)] == [4, 5]
    assert [invoice.number for invoice in invoices(shop).find()] == ["1", "4", "5"]


def test_it_is_not_given_again_after_a_restart_nor_to_another(shop: Workspace) -> None:
    client(shop)
    issue(shop)
    undo(shop)
    (shop.root / "data" / "cache" / "index.sqlite").unlink()
    with open_workspace(shop.root, actor="olga") as again:
        assert issue(again).exchange_number == 2


def test_redo_brings_the_same_number_back(shop: Workspace) -> None:
    client(shop)
    issue(shop)
    undo(shop)
    redo(shop)
    assert invoices(shop).get(1).exchange_number == 1
    assert issue(shop).exchange_number == 2


def test_the_undone_issue_of_a_draft_uses_its_number_up(shop: Workspace) -> None:
    client(shop)
    draft = invoices(shop).add(company=1, items=["A*1@10"])
    invoices(shop).issue(draft.id)
    undo(shop)
    assert invoices(shop).get(draft.id).status == "draft"
    assert invoices(shop).issue(draft.id).exchange_number == 2


def test_several_in_one_change_set_differ(shop: Workspace) -> None:
    client(shop)
    with shop.transaction("three"):
        assert [issue(shop).number for _time in range(3)] == ["1", "2", "3"]
    undo(shop)
    assert issue(shop).number == "4"


def test_a_deleted_invoice_keeps_its_number(shop: Workspace) -> None:
    client(shop)
    invoices(shop).delete(issue(shop).id)
    assert issue(shop).number == "2"


def test_numbers_by_year_count_apart_from_exchange_numbers(shop_folder: Path) -> None:
    change_setting(shop_folder / "config" / "invoices.yaml", ("number",), "СЧ-{year}/{n:04d}")
    change_setting(shop_folder / "config" / "invoices.yaml", ("first",), 1042)
    with open_workspace(shop_folder, actor="olga") as crm:
        client(crm)
        made = [issue(crm, date=day) for day in ("2026-12-30", "2026-12-31", "2027-01-11")]
    assert [invoice.number for invoice in made] == ["СЧ-2026/1042", "СЧ-2026/1043", "СЧ-2027/0001"]
    assert [invoice.exchange_number for invoice in made] == [1042, 1043, 1044]


def test_who_reads_only_his_own_gets_the_next_number_all_the_same(shop: Workspace) -> None:
    client(shop)
    issue(shop)
    shop.users.add(name="Пётр", login="petr", role="manager")
    change_setting(shop.root / "config" / "access.yaml", ("roles", "manager", "read"), "own")
    with open_workspace(shop.root, actor="petr") as crm:
        shop.companies.set(1, owner="petr")
        assert issue(crm).number == "2"


# --- on its way -------------------------------------------------------------------------------------------------------


def test_the_accountant_checks_it_before_it_is_sent(shop: Workspace) -> None:
    from_quote(shop)
    assert invoices(shop).submit(1).status == "checking"
    approved = invoices(shop).approve(1)
    assert (approved.status, approved.approved_by, approved.approved_at is not None) == ("approved", "olga", True)
    assert invoices(shop).send(1).status == "sent"
    assert shop.warnings == []


def test_sending_it_unchecked_warns(shop: Workspace) -> None:
    from_quote(shop)
    invoices(shop).submit(1)
    invoices(shop).send(1)
    assert shop.warnings == ["invoice/1 was sent before the accountant approved it."]


def test_it_is_sent_to_the_accountant_of_the_client(shop: Workspace) -> None:
    from_quote(shop)
    assert invoices(shop).send(1).sent_to == "office@romashka.ru"
    shop.contacts.add(name="Анна", companies=["company/1"], roles=["accountant"], emails="buh@romashka.ru")
    assert invoices(shop).send(1).sent_to == "buh@romashka.ru"


def test_a_draft_is_neither_sent_nor_approved(shop: Workspace) -> None:
    invoices(shop).add(company=client(shop), items=ITEMS)
    for verb in (invoices(shop).send, invoices(shop).approve, invoices(shop).submit):
        with pytest.raises(Refused, match="crm invoice issue 1"):
            verb(1)


def test_a_cancelled_invoice_waits_for_no_money(shop: Workspace) -> None:
    from_quote(shop)
    assert [invoice.ref for invoice in invoices(shop).open()] == ["invoice/1"]
    cancelled = invoices(shop).cancel(1, "ошибка")
    assert (cancelled.status, cancelled.number, cancelled.cancel_reason) == ("cancelled", "1", "ошибка")
    assert invoices(shop).open() == []
    with pytest.raises(Refused, match="cancelled"):
        invoices(shop).pay(1)


def test_a_failed_issue_leaves_nothing(shop: Workspace) -> None:
    client(shop)
    with pytest.raises(InvalidValue, match="line of goods"):
        invoices(shop).issue(company=1, items=["A*1@10", "no quantity"])
    assert invoices(shop).count() == 0


def test_the_snapshot_of_the_buyer_stays(shop: Workspace) -> None:
    from_quote(shop)
    company: Company = shop.companies.set(1, name="ООО Лютик", inn="7702070139")
    assert company.name == "ООО Лютик"
    assert invoices(shop).get(1).buyer["name"] == "ООО Ромашка"
    assert invoices(shop).get(1).buyer["inn"] == "7800000027"
