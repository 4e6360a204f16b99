from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from crm import open_workspace
from crm.errors import Refused
from crm.settings_file import change_setting
from tests.plugins.bank.desk import ROMASHKA, status, take
from tests.plugins.bank.files import OURS, OURS_TOO, cp1251, document, outgoing, section, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.plugins.bank.movements import BankMovements
    from crm.workspace import Workspace


def test_money_given_back_is_proposed_and_confirmed(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    invoice = issue("1000")
    take(movements, cp1251(document(Сумма="1000")))
    back = outgoing(Сумма="405", НазначениеПлатежа="Возврат по счету № 1", ПолучательИНН=ROMASHKA)
    movement = take(movements, cp1251(back)).fresh[0]
    assert (movement.direction, movement.status, movement.invoices) == ("out", "suggested", (invoice.ref,))
    assert status(shop, invoice)[0] == "paid"
    movements.confirm(movement.id)
    assert status(shop, invoice) == ("partly_paid", Decimal(405))
    payment: Any = shop.collection("payment").get(movements.get(movement.id).payments[0])
    assert (payment.refund, payment.source, payment.amount) == (True, "bank", 405)


def test_a_refund_that_is_rejected_is_left_aside(shop: Workspace, movements: BankMovements, issue: Any) -> None:
    issue("1000")
    take(movements, cp1251(document(Сумма="1000")))
    back = outgoing(Сумма="405", НазначениеПлатежа="Возврат по счету № 1", ПолучательИНН=ROMASHKA)
    movement = take(movements, cp1251(back)).fresh[0]
    assert movements.reject(movement.id).status == "ignored"
    assert list(movements.unmatched()) == []


@pytest.fixture
def two_companies(shop: Workspace) -> Iterator[Workspace]:
    """Open the shop again with a second company of ours, each company with an account."""
    main = {"name": "Пример Групп", "inn": "7700000016", "bank": {"account": OURS}}
    other = {"id": "ip", "name": "ИП Ильина", "inn": "770000000300", "bank": {"account": OURS_TOO}}
    change_setting(shop.root / "config" / "crm.yaml", ("company",), main)
    change_setting(shop.root / "config" / "crm.yaml", ("companies",), [other])
    with open_workspace(shop.root, actor="olga", language="en") as crm:
        yield crm


def test_an_invoice_is_paid_to_the_account_of_the_company_that_issued_it(two_companies: Workspace) -> None:
    shop = two_companies
    movements: Any = shop.collection("bank_movement")
    client = shop.companies.add(name="Ромашка", inn=ROMASHKA)
    invoices: Any = shop.collection("invoice")
    invoice = invoices.issue(company=client.ref, items=["Насос*1@1000"], own="ip")
    wrong, right = document(), document(Номер="78", ПолучательСчет=OURS_TOO)
    header = f"РасчСчет={OURS}\nРасчСчет={OURS_TOO}"
    first = take(movements, cp1251(wrong)).fresh[0]
    assert (first.own, first.status, first.invoices) == ("", "suggested", (invoice.ref,))
    assert "another company of ours" in first.why
    again = take(movements, statement(wrong, document(Номер="79"), right, header=header).encode())
    second, third = again.fresh
    assert (third.own, third.status, second.own, again.known) == ("ip", "applied", "", 1)
    kept: Any = list(shop.collection("bank_statement").find())
    assert [(one.account, one.own, one.fresh) for one in kept] == [
        (OURS, "", 1), (OURS, "", 1), (OURS_TOO, "ip", 1)
    ]  # fmt: skip


def test_a_company_of_ours_is_known_by_its_tax_id_on_an_account_that_no_setting_names(
    two_companies: Workspace,
) -> None:
    movements: Any = two_companies.collection("bank_movement")
    account = "40702810900000000099"
    data = statement(document(ПолучательСчет=account, ПолучательИНН="770000000300"), header=f"РасчСчет={account}")
    assert take(movements, data.encode()).fresh[0].own == "ip"
    assert two_companies.collection("bank_statement").get(1).doc["own"] == "ip"


def test_money_of_our_own_from_an_account_that_is_not_known_is_left_aside(movements: BankMovements) -> None:
    ours = document(ПлательщикИНН="7700000016", ПолучательИНН="7700000016", НазначениеПлатежа="Пополнение счета")
    movement = take(movements, cp1251(ours)).fresh[0]
    assert (movement.direction, movement.status) == ("in", "ignored")
    assert movement.why == "The payer is our own company: such money pays no invoice."


def test_money_between_accounts_of_our_companies_is_internal(two_companies: Workspace) -> None:
    movements: Any = two_companies.collection("bank_movement")
    moved = take(movements, cp1251(document(ПлательщикСчет=OURS_TOO, ПлательщикИНН="770000000300"))).fresh
    assert [(one.direction, one.account, one.status) for one in moved] == [
        ("internal", OURS_TOO, "ignored"), ("internal", OURS, "ignored")
    ]  # fmt: skip


def test_a_transfer_told_by_the_statements_of_both_accounts_is_kept_once(two_companies: Workspace) -> None:
    """The order is of the 17th; one bank tells the day the money went, the other the day it came."""
    movements: Any = two_companies.collection("bank_movement")
    sides = {"ПлательщикСчет": OURS_TOO, "ПлательщикИНН": "770000000300"}
    went = document(**sides, ДатаПоступило="", ДатаСписано="18.03.2026")
    came = document(**sides, ДатаПоступило="18.03.2026", ДатаСписано="")
    one = statement(went, header=f"РасчСчет={OURS_TOO}").encode("cp1251")
    assert len(take(movements, one).fresh) == 2
    assert len(take(movements, cp1251(came)).fresh) == 0


def test_a_statement_is_kept_with_what_it_told(shop: Workspace, movements: BankMovements) -> None:
    take(movements, cp1251(section(came="7.00"), document()))
    kept: Any = shop.collection("bank_statement").get(1)
    assert (kept.file, kept.account, kept.fresh) == ("1.txt", OURS, 1)
    assert (kept.opening, kept.came, kept.closing) == (500, 1000, 1500)
    assert "the bank's total is 7.00" in kept.warnings
    assert movements.get(1).statement == kept.ref
    with pytest.raises(Refused, match="not added by hand"):
        shop.collection("bank_statement").add(file="x")


def test_a_stranger_whose_account_paid_for_the_client_before_is_known(
    shop: Workspace, movements: BankMovements, issue: Any
) -> None:
    for amount in ("700", "1000"):
        issue(amount)
    named = {"ПлательщикИНН": "7707083893", "НазначениеПлатежа": "За Ромашку, счет № {n} от {day:%d.%m.%Y}"}
    day = shop.today()
    pay = [{**named, "НазначениеПлатежа": named["НазначениеПлатежа"].format(n=n, day=day)} for n in (1, 2)]
    first = take(movements, cp1251(document(Сумма="700", **pay[0]))).fresh[0]
    assert (first.status, first.points) == ("suggested", 75)
    movements.confirm(first.id)
    second = take(movements, cp1251(document(Номер="78", **pay[1]))).fresh[0]
    assert (second.status, second.points) == ("applied", 85)
