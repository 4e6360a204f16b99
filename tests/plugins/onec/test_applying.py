"""What 1C tells, on the invoices of a shop: payments, marks, cancellations; told twice, nothing more happens."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest

from crm.entrance import open_workspace
from crm.errors import InvalidValue
from tests.plugins.onec.replies import paid, reply, subordinate
from tests.plugins.sales import events

if TYPE_CHECKING:
    from crm.plugins.onec.exchanges import OnecOrders, TakenIn
    from crm.workspace import Workspace

SAMPLES = Path(__file__).parents[3] / ".." / "shared" / "samples" / "commerceml"
SAMPLE = SAMPLES / "commerceml_reply_from_1c_payments_2.10.xml"
UNPAID = {"Оплачен": "false"}


@pytest.fixture
def orders(shop: Workspace) -> OnecOrders:
    client = shop.companies.add(name="ООО Ромашка", inn="7800000027", kpp="780001001")
    invoices: Any = shop.collection("invoice")
    for price in ("26905", "7500"):
        invoices.issue(company=client.ref, items=[f"Насос*1@{price}%22"])
    return shop.collection("onec_order")  # type: ignore[return-value]


def invoice(shop: Any, number: int) -> Any:
    return shop.collection("invoice").get(number)


def take(orders: OnecOrders, *documents: str, by: str = "file") -> TakenIn:
    return orders.take_in(reply(*documents), by)


def amounts(shop: Any) -> list[str]:
    return [str(one.amount.amount) for one in shop.collection("payment").find()]


def test_paid_closes_the_remainder_and_says_so(shop: Workspace, orders: OnecOrders) -> None:
    taken = take(orders, paid("1"))
    assert [(one.number, one.state) for one in taken.outcomes] == [("1", "changed")]
    payment = shop.collection("payment").get(1)
    assert (payment.source, payment.reference, str(payment.date)) == ("onec", "ПГ00-000077", "2026-03-18")
    assert invoice(shop, 1).status == "paid"
    assert {"on_payment_received", "on_invoice_paid"} <= set(events(shop))
    order = orders.get(1)
    assert (order.onec_number, order.onec_status, order.posted) == ("ПГAS-000001", "В обработке", True)


def test_told_again_changes_nothing(shop: Workspace, orders: OnecOrders) -> None:
    documents = [paid("1"), paid("2", UNPAID, subordinate("g-1", "3000.00"))]
    take(orders, *documents)
    number = shop.store.number
    taken = take(orders, *documents)
    assert [one.state for one in taken.outcomes] == ["unchanged", "unchanged"]
    assert shop.store.number == number


def test_parts_of_the_money_come_as_1c_learns_of_them(shop: Workspace, orders: OnecOrders) -> None:
    first, second = subordinate("g-1", "3000.00"), subordinate("g-2", "4500.00", "Выплата наличных денег")
    take(orders, paid("2", UNPAID, first))
    assert (invoice(shop, 2).status, str(invoice(shop, 2).balance.amount)) == ("partly_paid", "4500.00")
    take(orders, paid("2", {}, first, second))
    assert invoice(shop, 2).status == "paid"
    assert amounts(shop) == ["3000.00", "4500.00"]


def test_a_payment_that_1c_has_not_posted_is_not_money(shop: Workspace, orders: OnecOrders) -> None:
    take(orders, paid("2", UNPAID, subordinate("g-1", "3000.00", Оплачен="false")))
    assert amounts(shop) == []


def test_not_paid_takes_nothing_back(shop: Workspace, orders: OnecOrders) -> None:
    shop.collection("invoice").pay(1, source="bank")  # type: ignore[attr-defined]
    take(orders, paid("1", UNPAID))
    assert invoice(shop, 1).status == "paid"


def test_money_that_the_bank_told_of_is_not_counted_twice(shop: Workspace, orders: OnecOrders) -> None:
    shop.collection("invoice").pay(2, "3000", source="bank", date="2026-03-17")  # type: ignore[attr-defined]
    taken = take(orders, paid("2", UNPAID, subordinate("g-1", "3000.00")))
    assert amounts(shop) == ["3000.00"]
    assert "payment/1" in " ".join(taken.outcomes[0].said)
    take(orders, paid("2", UNPAID, subordinate("g-1", "3000.00"), subordinate("g-2", "3000.00")))
    assert amounts(shop) == ["3000.00", "3000.00"], "the second of the same amount is another one"


def test_one_payment_there_may_be_two_here(shop: Workspace, orders: OnecOrders) -> None:
    for part in ("3000", "4500"):
        shop.collection("invoice").pay(2, part, source="bank", date="2026-03-17")  # type: ignore[attr-defined]
    take(orders, paid("2", {}, subordinate("g-1", "7500.00")))
    assert amounts(shop) == ["3000.00", "4500.00"]


def test_a_payment_larger_than_anything_owed_is_an_advance(shop: Workspace, orders: OnecOrders) -> None:
    take(orders, paid("2", {}, subordinate("g-1", "8000.00")))
    assert invoice(shop, 2).status == "paid"
    assert str(invoice(shop, 2).advance.amount) == "500.00"


def test_shipped_and_status_are_kept(orders: OnecOrders) -> None:
    take(orders, paid("1", UNPAID, subordinate("s-1", "26905.00", "Отпуск товара", date="2026-03-20")))
    order = orders.get(1)
    assert (order.shipped, order.shipment, str(order.shipment_date)) == (True, "ПГ00-s-1", "2026-03-20")
    marks = {"Отгружен": "true", "Номер отгрузки по 1С": "5", "Дата отгрузки по 1С": "2026-03-21T00:00:00"}
    take(orders, paid("2", {**UNPAID, **marks}))
    assert (orders.get(2).shipped, orders.get(2).shipment) == (True, "5")


def test_cancelled_there_is_cancelled_here_unless_money_came(shop: Workspace, orders: OnecOrders) -> None:
    shop.collection("invoice").pay(2, "5", source="bank")  # type: ignore[attr-defined]
    gone = {**UNPAID, "Отменен": "true"}
    taken = take(orders, paid("1", gone), paid("2", gone))
    assert (invoice(shop, 1).status, invoice(shop, 2).status) == ("cancelled", "partly_paid")
    assert "not cancelled" in " ".join(taken.outcomes[1].said)
    late = take(orders, paid("1", {}, subordinate("g", "5.00")))
    assert "is cancelled" in " ".join(late.outcomes[0].said)
    assert amounts(shop) == ["5.00"]


@pytest.mark.parametrize("number", ["999", "ПГ-1", "", "1" * 50, "¹"])
def test_unknown_numbers_are_ignored(shop: Workspace, orders: OnecOrders, number: str) -> None:
    assert take(orders, paid(number)).outcomes[0].state == "ignored"
    assert amounts(shop) == []


def test_other_operations_are_ignored(orders: OnecOrders) -> None:
    assert take(orders, paid("1", operation="Отпуск товара")).outcomes[0].state == "ignored"


def test_a_bad_document_is_left_out_whole_and_the_others_kept(shop: Workspace, orders: OnecOrders) -> None:
    bad = paid("1", {}, subordinate("g-1", "5.00"), subordinate("g-2", "5.00", date="2106-01-01"))
    taken = take(orders, bad, paid("2"))
    assert [one.state for one in taken.outcomes] == ["failed", "changed"]
    assert "2106" in taken.outcomes[0].said[0]
    assert amounts(shop) == ["7500.00"]


def test_a_file_without_orders_is_refused(orders: OnecOrders) -> None:
    with pytest.raises(InvalidValue, match="no orders"):
        take(orders, "<Каталог><Ид>1</Ид></Каталог>")


def test_a_dry_run_changes_and_keeps_nothing(shop: Workspace, orders: OnecOrders) -> None:
    shop.dry_run = True
    assert take(orders, paid("1")).number is None
    assert shop.drafted
    shop.dry_run = False
    assert amounts(shop) == []
    assert not list(orders.folder.glob("*"))


def test_the_deal_moves_by_its_goal(shop: Workspace, orders: OnecOrders) -> None:
    deal = shop.deals.add(title="Насосы", company="company/1")
    shop.deals.move(deal.id, "invoice")
    invoices: Any = shop.collection("invoice")
    made = invoices.issue(deal=deal.ref, items=["Насос*1@100"])
    take(orders, paid(str(made.exchange_number)))
    assert shop.deals.get(deal.id).stage != "invoice"


def test_the_sample_of_1c(shop: Workspace, orders: OnecOrders) -> None:
    if not SAMPLE.is_file():
        pytest.skip("the sample is not here")
    data = SAMPLE.read_bytes().replace("<Номер>1042<".encode(), "<Номер>1<".encode())
    orders.take_in(data.replace("<Номер>1043<".encode(), "<Номер>2<".encode()))
    assert [invoice(shop, number).status for number in (1, 2)] == ["paid", "partly_paid"]
    assert amounts(shop) == ["26905.00", "3000.00"]
    assert orders.get(1).onec_number == "ПГAS-001042"


def test_export_into_a_copy_and_export_again_says_the_same(
    shop: Workspace, orders: OnecOrders, shop_folder: Path, tmp_path: Path
) -> None:
    """N9: 1C pulls, pushes back, and a copy of the workspace tells what the original tells."""
    shop.collection("invoice").pay(2, "3000")  # type: ignore[attr-defined]
    data = orders.write_out(everything=True).data
    with open_workspace(copytree(shop_folder, tmp_path / "copy"), actor="olga") as copy:
        copied: Any = copy.collection("onec_order")
        taken = copied.take_in(data)
        assert [one.state for one in taken.outcomes] == ["unchanged", "unchanged"]
        again = copied.write_out(everything=True).data
    body = [written.split(b"\n", 2)[2] for written in (data, again)]
    assert body[0] == body[1]
