from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from crm.errors import OutsideFailed, Refused
from crm.sales.undo import undo

if TYPE_CHECKING:
    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.invoices.invoices import Invoices
    from crm.plugins.onec.exchanges import OnecOrders
    from crm.workspace import Workspace

SCHEMA = Path(__file__).parents[3] / ".." / "shared" / "samples" / "xsd" / "commerceML_2.08.xsd"
NAMED = '<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" '


@pytest.fixture
def orders(shop: Workspace) -> OnecOrders:
    return shop.collection("onec_order")  # type: ignore[return-value]


@pytest.fixture
def invoices(shop: Workspace) -> Invoices:
    return shop.collection("invoice")  # type: ignore[return-value]


@pytest.fixture
def issue(shop: Workspace, invoices: Invoices) -> Any:
    client = shop.companies.add(
        name="Ромашка", legal_name="ООО «Ромашка»", inn="7736050003", kpp="773601001", addresses=["г. Москва"]
    )
    shop.products.add(name="Щебень 5-20", sku="SCH520", unit="т", price="1750", vat="22")
    shop.products.add(name="Доставка", sku="DEL", price="9405", vat="22", service="yes")

    def make(**more: Any) -> Invoice:
        return invoices.issue(**{"company": client.ref, "items": ["SCH520*10", "DEL*1"], **more})

    return make


def documents(data: bytes) -> list[Any]:
    found: list[Any] = etree.fromstring(data).findall("Документ")
    return found


def numbers(data: bytes) -> list[str]:
    return [document.findtext("Номер") for document in documents(data)]


def properties(document: Any) -> dict[str, str]:
    pairs = document.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
    return {pair.findtext("Наименование"): pair.findtext("Значение") for pair in pairs}


def test_an_issued_invoice_joins_the_exchange_once_and_for_good(
    shop: Workspace, orders: OnecOrders, issue: Any
) -> None:
    invoice = issue()
    assert [(one.invoice, one.number, one.status) for one in orders.find()] == [(invoice.ref, 1, "waiting")]
    assert orders.join(invoice).id == 1
    assert orders.count() == 1


def test_an_invoice_taken_back_leaves_the_exchange(shop: Workspace, orders: OnecOrders, issue: Any) -> None:
    issue()
    undo(shop)
    assert orders.count() == 0
    assert numbers(orders.write_out(everything=True).data) == []


def test_the_file_says_what_the_invoice_says(orders: OnecOrders, issue: Any) -> None:
    issue(comment="Самовывоз", due="2026-12-01", date="2026-11-20")
    [document] = documents(orders.write_out().data)
    assert {name: document.findtext(name) for name in ("Номер", "Дата", "Сумма", "Валюта", "СрокПлатежа")} == {
        "Номер": "1", "Дата": "2026-11-20", "Сумма": "26905.00", "Валюта": "RUB", "СрокПлатежа": "2026-12-01",
    }  # fmt: skip
    assert (document.findtext("ХозОперация"), document.findtext("Комментарий")) == ("Заказ товара", "Самовывоз")
    buyer = document.find("Контрагенты/Контрагент")
    assert [buyer.findtext(name) for name in ("Наименование", "ОфициальноеНаименование", "ИНН", "КПП")] == [
        "Ромашка", "ООО «Ромашка»", "7736050003", "773601001",
    ]  # fmt: skip
    kinds = [
        {pair.findtext("Наименование"): pair.findtext("Значение") for pair in line.iter("ЗначениеРеквизита")}
        for line in document.findall("Товары/Товар")
    ]
    assert [kind["ТипНоменклатуры"] for kind in kinds] == ["Товар", "Услуга"]
    assert [line.findtext("Артикул") for line in document.findall("Товары/Товар")] == ["SCH520", "DEL"]


def test_the_file_holds_to_the_schema(orders: OnecOrders, shop: Workspace, issue: Any) -> None:
    if not SCHEMA.is_file():
        pytest.skip("the schema is not here")
    issue()
    person = shop.contacts.add(name="Петров Пётр Петрович", phones=["+79000000002"])
    issue(company="", contact=person.ref, items=["SCH520*2.5@1750.55%10", "Консультация*3@2500%none"])
    trader = shop.companies.add(name="ИП Сидорова", inn="500100732259")
    issue(company=trader.ref, vat_included="no", currency="RUB")
    data = orders.write_out().data
    named = data.replace("<КоммерческаяИнформация ".encode(), NAMED.encode())
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(named))
    kinds = [
        "person" if document.findtext("Контрагенты/Контрагент/ПолноеНаименование") else "business"
        for document in documents(data)
    ]
    assert kinds == ["business", "person", "business"]
    assert [len(document.findtext("Контрагенты/Контрагент/ИНН") or "") for document in documents(data)] == [10, 0, 12]
    assert documents(data)[1].findtext("Контрагенты/Контрагент/Фамилия") == "Петров"


def test_only_what_has_changed_goes_out_again(invoices: Invoices, orders: OnecOrders, issue: Any) -> None:
    first, second = issue(), issue()
    assert numbers(orders.write_out().data) == ["1", "2"]
    empty = orders.write_out()
    assert (empty.number, empty.kept, numbers(empty.data)) == (None, None, [])
    invoices.pay(first.id, "5000")
    invoices.cancel(second.id)
    third = issue()
    exchange = orders.write_out()
    told = {document.findtext("Номер"): properties(document) for document in documents(exchange.data)}
    assert told == {
        "1": {"Статус заказа": "Оплачен частично", "Отменен": "false"},
        "2": {"Статус заказа": "Отменен", "Отменен": "true"},
        str(third.exchange_number): {"Статус заказа": "Выставлен", "Отменен": "false"},
    }
    assert exchange.number == 2
    assert {one.exchange for one in orders.find()} == {2}


def test_a_deleted_invoice_is_told_as_cancelled(invoices: Invoices, orders: OnecOrders, issue: Any) -> None:
    invoice = issue()
    orders.write_out()
    invoices.delete(invoice.id)
    [document] = documents(orders.write_out().data)
    assert properties(document)["Отменен"] == "true"


def test_an_earlier_exchange_can_be_told_again(orders: OnecOrders, issue: Any) -> None:
    for _exchange in range(3):
        issue()
        orders.write_out()
    assert numbers(orders.write_out(since=1).data) == ["2", "3"]
    assert numbers(orders.write_out(everything=True).data) == ["1", "2", "3"]


def test_everything_is_the_same_but_for_the_time(orders: OnecOrders, issue: Any) -> None:
    """The kept files can be compared: what did not change is written to the byte as before."""
    issue()
    files = [orders.write_out(everything=True).kept for _time in range(2)]
    one, two = (file.read_bytes().split(b"\n", 2)[2] for file in files if file)
    assert one == two
    assert [file.name for file in files if file] == ["1.xml", "2.xml"]


def test_the_copy_is_the_file(orders: OnecOrders, issue: Any, tmp_path: Path) -> None:
    issue()
    out = tmp_path / "orders.xml"
    exchange = orders.write_out(out=out)
    assert exchange.kept == orders.folder / "1.xml"
    assert out.read_bytes() == exchange.data == exchange.kept.read_bytes()
    assert out.read_bytes().startswith(b"<?xml")


def test_a_file_that_cannot_be_written_leaves_all_waiting(orders: OnecOrders, issue: Any, tmp_path: Path) -> None:
    issue()
    with pytest.raises(OutsideFailed, match="cannot be written"):
        orders.write_out(out=tmp_path / "missing" / "orders.xml")
    assert [one.status for one in orders.find()] == ["waiting"]
    assert not list(orders.folder.glob("*"))
    assert numbers(orders.write_out().data) == ["1"]


def test_a_dry_run_writes_no_file(shop: Workspace, orders: OnecOrders, issue: Any, tmp_path: Path) -> None:
    issue()
    shop.dry_run = True
    exchange = orders.write_out(out=tmp_path / "orders.xml")
    assert numbers(exchange.data) == ["1"]
    assert (exchange.kept, list(tmp_path.glob("*.xml"))) == (None, [])
    shop.dry_run = False
    assert [one.status for one in orders.find()] == ["waiting"]


def test_an_undone_export_is_told_again_under_a_new_number(shop: Workspace, orders: OnecOrders, issue: Any) -> None:
    issue()
    orders.write_out()
    undo(shop)
    again = orders.write_out()
    assert (again.number, numbers(again.data)) == (2, ["1"])


def test_all_takes_in_what_was_issued_while_the_exchange_was_off(
    shop: Workspace, orders: OnecOrders, issue: Any
) -> None:
    shop.plugins.get("onec").hooks.remove("on_invoice_issued")
    issue()
    assert numbers(orders.write_out().data) == []
    assert numbers(orders.write_out(everything=True).data) == ["1"]


def test_a_printed_number_of_another_form_stands_in_the_comment(
    shop_folder: Path, orders: OnecOrders, issue: Any, shop: Workspace
) -> None:
    from crm import open_workspace

    (shop_folder / "config" / "invoices.yaml").write_text('number: "СЧ-{year}/{n:04d}"\n', "utf-8")
    client = shop.companies.get(1)
    with open_workspace(shop_folder, actor="olga", language="ru") as crm:
        made: Any = crm.collection("invoice")
        made.issue(company=client.ref, items=["Щебень*1@5"], date="2026-11-20")
        exchange: Any = crm.collection("onec_order")
        [document] = documents(exchange.write_out().data)
    assert (document.findtext("Номер"), document.findtext("Комментарий")) == ("1", "Счёт № СЧ-2026/0001")


def test_orders_are_not_added_by_hand(orders: OnecOrders) -> None:
    with pytest.raises(Refused, match="by itself"):
        orders.add(number=5)
