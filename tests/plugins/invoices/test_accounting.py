"""The accountant's check, own companies, refunds and advances, the clock of a client who waits, doubts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crm.delivery import Delivery
from crm.entrance import open_workspace
from crm.errors import InvalidValue, Refused
from crm.locale import use_language
from crm.plugins.invoices.asking import asked
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, client, deal, events, invoices, payments

SOLE_TRADER = {
    "id": "ip",
    "name": "ИП Сидорова Е. В.",
    "inn": "500100732259",
    "ogrn": "304500116000157",
    "director": "Сидорова Е. В.",
    "vat_payer": False,
    "number": "ИП-{year}-{n}",
    "stamp": "seal.svg",
    "bank": {"name": "АО БАНК", "bik": "044525225", "account": "40702810300000000011"},
}


@pytest.fixture
def two(shop_folder: Path) -> Iterator[Workspace]:
    """Return a workspace of two companies: ООО with VAT, ИП without."""
    change_setting(shop_folder / "config" / "crm.yaml", ("companies",), [SOLE_TRADER])
    (shop_folder / "config" / "seal.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        Delivery(crm).start()
        yield crm
    use_language("en")


def test_each_company_of_ours_has_its_series_its_vat_and_its_pictures(two: Workspace) -> None:
    company = client(two)
    one, other, third, fourth = (
        invoices(two).issue(company=company, items=ITEMS, own=own, date="2026-03-16") for own in ("", "ip", "ip", "")
    )
    assert [one.number, other.number, third.number, fourth.number] == ["1", "ИП-2026-1", "ИП-2026-2", "2"]
    assert [one.exchange_number, other.exchange_number, third.exchange_number, fourth.exchange_number] == [1, 2, 3, 4]
    assert (one.vat, other.vat) == (one.vat, 0)
    assert {line["vat"] for line in other.items} == {"none"}
    page = invoices(two).html(other.id)
    assert "ИП Сидорова Е. В." in page
    assert "Без налога (НДС)" in page
    assert "data:image/svg+xml;base64," in page
    assert "data:image" not in invoices(two).html(one.id)
    with pytest.raises(InvalidValue, match="no company of ours «ooo»"):
        invoices(two).issue(company=company, items=ITEMS, own="ooo")


def test_a_series_begins_anew_each_year(two: Workspace) -> None:
    company = client(two)
    numbers = [
        invoices(two).issue(company=company, items=ITEMS, own="ip", date=day).number
        for day in ("2026-12-30", "2027-01-02", "2026-12-31")
    ]
    assert numbers == ["ИП-2026-1", "ИП-2027-1", "ИП-2026-2"]


def test_the_accountant_checks_with_name_and_time(shop_folder: Path) -> None:
    change_setting(shop_folder / "config" / "invoices.yaml", ("accountant",), "anna")
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        crm.users.add(name="Анна", login="anna")
        crm.users.add(name="Иван", login="ivan")
        invoices(crm).issue(company=client(crm), items=ITEMS, owner="ivan")
    with open_workspace(shop_folder, actor="ivan", language="en") as crm:
        given = invoices(crm).submit(1)
        assert (given.status, given.submitted_by) == ("checking", "ivan")
        assert [(one.owner, one.subject) for one in crm.activities.find()] == [("anna", "Check invoice No. 1")]
        with pytest.raises(Refused, match="checked by anna"):
            invoices(crm).approve(1)
    with open_workspace(shop_folder, actor="anna", language="en") as crm:
        back = invoices(crm).reject(1, "нет {договора}")
        assert (back.status, back.rejected_by, back.reject_reason) == ("issued", "anna", "нет {договора}")
        assert [(one.owner, bool(one.done)) for one in crm.activities.find()] == [("anna", True), ("ivan", False)]
        invoices(crm).submit(1)
        approved = invoices(crm).approve(1)
        assert (approved.status, approved.approved_by, approved.reject_reason) == ("approved", "anna", "")
        assert approved.approved_at is not None


def test_what_was_paid_above_goes_back_or_pays_another(shop: Workspace) -> None:
    company = client(shop)
    first, second = (invoices(shop).issue(company=company, items=["Доставка*1@1000"]) for _n in range(2))
    invoices(shop).pay(first.id, 1700)
    assert str(invoices(shop).get(first.id).advance) == "700.00 RUB"
    invoices(shop).use_advance(second.id, first.id, None)
    one, other = invoices(shop).get(first.id), invoices(shop).get(second.id)
    assert (one.status, one.advance, str(one.paid)) == ("paid", None, "1000.00 RUB")
    assert (other.status, str(other.balance)) == ("partly_paid", "300.00 RUB")
    invoices(shop).refund(first.id, 400)
    assert events(shop) == []
    one = invoices(shop).get(first.id)
    assert (one.status, str(one.balance)) == ("partly_paid", "400.00 RUB")
    with pytest.raises(InvalidValue, match="cannot be given back"):
        invoices(shop).refund(first.id, 5000)
    assert [bool(one.refund) for one in payments(shop).find()] == [False, True, False, True]
    payments(shop).delete(4)
    assert invoices(shop).get(first.id).status == "paid"


def test_an_advance_stays_with_its_client(shop: Workspace) -> None:
    first = invoices(shop).issue(company=client(shop), items=["Доставка*1@1000"])
    invoices(shop).pay(first.id, 1500)
    second = invoices(shop).issue(company=shop.companies.add(name="Другая"), items=["Доставка*1@1000"])
    with pytest.raises(Refused, match="different clients"):
        invoices(shop).use_advance(second.id, first.id)
    with pytest.raises(Refused, match="no advance"):
        invoices(shop).use_advance(first.id, second.id)
    with pytest.raises(Refused, match="Nothing was paid"):
        invoices(shop).refund(second.id)


def test_a_client_who_asks_starts_a_clock_and_the_invoice_stops_it(shop: Workspace) -> None:
    made = deal(shop, items=ITEMS)
    shop.activities.add(subject="Позвонить", due=shop.today())
    waiting = asked(shop, made.ref)
    assert (waiting.urgent, waiting.kind, waiting.about) == (True, "invoice", made.ref)
    assert waiting.due is not None
    assert asked(shop, made.ref).id == waiting.id, "asked twice, the clock runs on"
    from crm.sales.agenda import agenda

    found = agenda(shop, "", shop.today())
    assert next(iter(found["today"] or found["later"])).id == waiting.id
    issued = invoices(shop).issue(deal=made)
    done = shop.activities.get(waiting.id)
    assert done.done
    assert done.result == f"Invoice No. {issued.number} in 0 min"


def test_late_invoices_say_by_how_much(shop: Workspace) -> None:
    company = client(shop)
    due = shop.today() - timedelta(days=3)
    late = invoices(shop).issue(company=company, items=ITEMS, due=due, date=due)
    invoices(shop).issue(company=company, items=ITEMS)
    assert [one.id for one in invoices(shop).overdue()] == [late.id]
    assert invoices(shop).export(late)["overdue"] == 3
    invoices(shop).pay(late.id)
    assert invoices(shop).overdue() == []


@pytest.mark.parametrize(
    ("day", "shipment", "rate", "warning"),
    [
        ("2025-12-20", None, "20", "VAT changes from 20 to 22 %"),
        ("2025-12-20", "2026-01-15", "22", "VAT was 20 % on 2025-12-20 and is 22 %"),
        ("2025-06-20", None, "20", ""),
        ("2026-02-01", "2026-02-10", "22", ""),
    ],
)
def test_a_change_of_rate_between_invoice_and_shipment_is_told(
    shop: Workspace, day: str, shipment: str | None, rate: str, warning: str
) -> None:
    made = invoices(shop).issue(company=client(shop), items=ITEMS, date=day, shipment=shipment)
    assert {line["vat"] for line in made.items} == {rate}
    told = [one for one in shop.warnings if "VAT" in one]
    assert len(told) == bool(warning)
    assert not warning or warning in told[0]


def test_a_rate_taken_out_of_the_sum(shop: Workspace) -> None:
    made = invoices(shop).issue(company=client(shop), items=["Аванс*1@1220%22/122"], vat_included="no")
    assert (str(made.total), str(made.vat)) == ("1220.00 RUB", "220.00 RUB")
    assert "НДС (22/122)" in invoices(shop).html(made.id)
    assert not [one for one in shop.warnings if "is not a rate" in one]


def test_mistyped_requisites_warn_and_only_the_code_is_not_printed(shop_folder: Path) -> None:
    change_setting(shop_folder / "config" / "crm.yaml", ("company", "bank", "account"), "40702810300000000012")
    with open_workspace(shop_folder, actor="olga", language="en") as crm:
        company = crm.companies.add(name="ООО Ромашка", inn="7800000028")
        made = invoices(crm).issue(company=company, items=ITEMS)
        assert made.status == "issued"
        assert any("INN 7800000028 does not add up" in one for one in crm.warnings)
        assert any("40702810300000000012 does not belong" in one for one in crm.warnings)
        assert "<svg" not in invoices(crm).html(made.id)


def test_a_payment_that_was_given_back_is_not_deleted_before_its_refund(shop: Workspace) -> None:
    invoice = invoices(shop).issue(company=client(shop), items=["Доставка*1@1000"])
    invoices(shop).pay(invoice.id, 1000)
    invoices(shop).refund(invoice.id, 400)
    with pytest.raises(Refused, match="given back"):
        payments(shop).delete(1)
    with pytest.raises(Refused, match="given back"):
        payments(shop).set(1, amount=300)
    assert str(invoices(shop).get(invoice.id).paid) == "600.00 RUB"
    payments(shop).delete(2)
    payments(shop).delete(1)
    assert str(invoices(shop).get(invoice.id).paid) == "0.00 RUB"
