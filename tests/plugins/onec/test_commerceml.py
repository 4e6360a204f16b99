from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from crm.errors import InvalidValue
from crm.plugins.onec.commerceml import write_orders
from crm.plugins.onec.order import Buyer, CardPayment, Order, OrderLine, guid_for

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SAMPLES = Path(__file__).parents[3] / ".." / "shared" / "samples"
SCHEMA = {"2.08": "commerceML_2.08.xsd", "2.09": "commerceML_2.09.xsd", "2.10": "commerceML_2.10.xsd"}
MADE = dt.datetime(2026, 3, 16, 10, 15)

COMPANY = Buyer(
    guid="7800000027_780001001",
    name='ООО "Ромашка"',
    full_name='Общество с ограниченной ответственностью "Ромашка"',
    inn="7800000027",
    kpp="780001001",
    address="190000, г. Санкт-Петербург, Образцовый пр-кт, д. 2, оф. 3",
    phone="+78120000001",
    email="buh@romashka.example",
    account="40702810700000000022",
    bank="ПАО СБЕРБАНК",
    bic="044525225",
    correspondent_account="30101810400000000225",
)
TRADER = Buyer(guid="770000000300", name="ИП Иванов Иван Иванович", kind="trader", inn="770000000300", kpp="780001001")
PERSON = Buyer(
    guid="crm-person-57",
    name="Петров Пётр Петрович",
    kind="person",
    family_name="Петров",
    given_name="Пётр",
    middle_name="Петрович",
    address="620000, г. Екатеринбург, ул. Тестовая, д. 5, кв. 6",
    phone="+79000000002",
)
PUMP = OrderLine(
    name="Насос циркуляционный НЦ-25",
    qty=Decimal(2),
    price=Decimal("8750.00"),
    sum=Decimal("17500.00"),
    unit="шт",
    guid="6f1d2a30-0001-4c11-9b3e-0a1b2c3d4e5f",
    sku="NC-25",
    vat="22",
    vat_sum=Decimal("3155.74"),
)
FITTING = OrderLine(
    name="Монтаж и пусконаладка",
    qty=Decimal("5.50"),
    price=Decimal("1800.00"),
    sum=Decimal("9405.00"),
    unit="ч",
    vat="22",
    vat_sum=Decimal("1695.98"),
    discount=Decimal(5),
    service=True,
)
ADVICE = OrderLine("Консультация", Decimal(3), Decimal(2500), Decimal(7500), unit="час", service=True)
ON_TOP = OrderLine("Труба", Decimal(10), Decimal(100), Decimal("1098.00"), "м", vat="22", vat_sum=Decimal("198.00"),
                   discount=Decimal(10))  # fmt: skip


def order(*lines: OrderLine, **changes: Any) -> Order:
    plain = Order(
        guid="027a08d5-d7c7-50f6-8e31-672b91dd077e",
        number=1042,
        date=dt.date(2026, 3, 16),
        buyer=COMPANY,
        lines=lines,
        total=sum((line.sum for line in lines), Decimal(0)),
        time=dt.time(10, 5, 0, 123),
        due=dt.date(2026, 3, 23),
        comment="Счёт из CRM № 1042",
        status="Выставлен счёт",
    )
    return replace(plain, **changes)


ORDERS = {
    "company, VAT included, a discount": [order(PUMP, FITTING, delivery_address="Казань")],
    "VAT on top": [order(ON_TOP, included=False)],
    "trader without VAT": [order(ADVICE, number=1044, buyer=TRADER)],
    "person": [order(ADVICE, number=1043, buyer=PERSON)],
    "mixed rates": [order(PUMP, ADVICE, replace(PUMP, vat="10", vat_sum=Decimal("1590.91")), replace(PUMP, vat="0"))],
    "cancelled": [order(PUMP, cancelled=True)],
    "paid by card": [order(PUMP, paid=CardPayment(dt.date(2026, 3, 17), "Карта", "A-1"))],
    "no lines": [order()],
    "bare": [Order("g", 1, dt.date(2026, 1, 1), Buyer("", "Я"), (ADVICE,), Decimal(7500))],
    "unknown unit": [order(replace(PUMP, unit="бухта"))],
    "two": [order(PUMP), order(ADVICE, guid="b", number=7, buyer=PERSON)],
    "empty": [],
}


def parse(*orders: Order) -> Element:
    return etree.fromstring(write_orders(orders, MADE))


def texts(root: Element, path: str) -> list[str]:
    return [node.text or "" for node in root.findall(f".//{path}")]


def properties(node: Element) -> dict[str, str]:
    items = node.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
    return {item.findtext("Наименование") or "": item.findtext("Значение") or "" for item in items}


def with_namespace(data: bytes) -> Element:
    text = data.decode("utf-8").replace(
        "<КоммерческаяИнформация ", '<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" '
    )
    return etree.fromstring(text.encode("utf-8"))


def valid(data: bytes, version: str) -> None:
    path = SAMPLES / "xsd" / SCHEMA[version]
    if not path.exists():
        pytest.skip("the schemas are not here")
    etree.XMLSchema(etree.parse(str(path))).assertValid(with_namespace(data))


@pytest.mark.parametrize("version", SCHEMA)
@pytest.mark.parametrize("name", ORDERS)
def test_orders_are_valid_by_the_schema(name: str, version: str) -> None:
    valid(write_orders(ORDERS[name], MADE, version), version)


def test_the_file_begins_as_1c_expects() -> None:
    data = write_orders([order(PUMP)], MADE)
    assert data.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<')
    assert b"xmlns" not in data
    assert "Насос" in data.decode("utf-8")


def test_no_orders_are_an_empty_root_and_not_an_empty_body() -> None:
    root = parse()
    assert root.tag == "КоммерческаяИнформация"
    assert dict(root.attrib.items()) == {"ВерсияСхемы": "2.08", "ДатаФормирования": "2026-03-16T10:15:00"}
    assert len(root) == 0


def test_the_time_of_making_has_no_zone() -> None:
    made = dt.datetime(2026, 3, 16, 10, 15, 0, 5, tzinfo=dt.UTC)
    assert b'"2026-03-16T10:15:00"' in write_orders([], made)


def test_the_head_of_an_order() -> None:
    (paper,) = parse(order(PUMP, FITTING))
    head = [(node.tag, node.text) for node in paper][:8]
    assert head == [
        ("Ид", "027a08d5-d7c7-50f6-8e31-672b91dd077e"),
        ("Номер", "1042"),
        ("Дата", "2026-03-16"),
        ("ХозОперация", "Заказ товара"),
        ("Роль", "Продавец"),
        ("Валюта", "RUB"),
        ("Курс", "1"),
        ("Сумма", "26905.00"),
    ]
    assert (paper.findtext("Время"), paper.findtext("СрокПлатежа")) == ("10:05:00", "2026-03-23")


def shape(node: Element) -> list[str]:
    """List every parent/child order met in a tree, the attributes of a unit with it."""
    pairs = [f"{node.tag}: " + " ".join([*map(str, node.attrib), *(str(child.tag) for child in node)])]
    return pairs + [pair for child in node for pair in shape(child)]


def test_the_first_sample_order_is_written_with_the_same_elements() -> None:
    path = SAMPLES / "commerceml" / "commerceml_site_orders_utf8.xml"
    if not path.exists():
        pytest.skip("the sample orders are not here")
    sample = etree.parse(str(path)).getroot()
    person = order(ADVICE, number=1043, buyer=replace(PERSON, email="petrov@example.org"))
    advice = replace(ADVICE, guid="6f1d2a30-0003-4c11-9b3e-0a1b2c3d4e5f")
    trader = replace(COMPANY, kind="trader", inn="770000000300")
    ours = parse(
        order(PUMP, replace(FITTING, guid="6f1d2a30-0002-4c11-9b3e-0a1b2c3d4e5f"), delivery_address="Казань"),
        replace(person, lines=(advice,)),
        order(advice, number=1044, buyer=trader),
    )
    assert [shape(paper) for paper in ours] == [shape(paper) for paper in sample]
    for path_in_goods in (
        "Товар/Сумма",
        "Скидка/Сумма",
        "Скидка/Процент",
        "Налог/Сумма",
        "Налог/Ставка",
        "Товар/Единица",
    ):
        assert texts(ours, path_in_goods) == texts(sample, path_in_goods)


def test_a_company_has_an_official_name_and_both_tax_codes() -> None:
    buyer = parse(order(PUMP)).find(".//Контрагент")
    assert buyer is not None
    assert buyer.findtext("ОфициальноеНаименование") == COMPANY.full_name
    assert (buyer.findtext("ИНН"), buyer.findtext("КПП")) == ("7800000027", "780001001")
    assert buyer.find("ПолноеНаименование") is None
    assert buyer.findtext("Роль") == "Покупатель"
    assert texts(buyer, "Контакт/Тип") == ["Телефон рабочий", "Почта"]


def test_a_trader_has_an_official_name_and_no_kpp() -> None:
    buyer = parse(order(ADVICE, buyer=TRADER)).find(".//Контрагент")
    assert buyer is not None
    assert (buyer.findtext("ОфициальноеНаименование"), buyer.findtext("ИНН")) == (TRADER.name, "770000000300")
    assert buyer.find("КПП") is None


def test_a_person_has_a_full_name() -> None:
    buyer = parse(order(ADVICE, buyer=PERSON)).find(".//Контрагент")
    assert buyer is not None
    names = [buyer.findtext(tag) for tag in ("ПолноеНаименование", "Фамилия", "Имя", "Отчество")]
    assert names == ["Петров Пётр Петрович", "Петров", "Пётр", "Петрович"]
    assert buyer.find("ОфициальноеНаименование") is None


@pytest.mark.parametrize(
    ("field", "value", "tag"),
    [("inn", "12345678", "ИНН"), ("kpp", "78", "КПП"), ("kpp", "", "КПП"), ("account", "407", "РасчетныеСчета"),
     ("bic", "", "РасчетныеСчета"), ("correspondent_account", "301", "СчетКорреспондентский"),
     ("address", " ", "Адрес"), ("address", "\x01", "ЮридическийАдрес")],
)  # fmt: skip
def test_what_would_make_a_junk_record_is_left_out(field: str, value: str, tag: str) -> None:
    change: dict[str, Any] = {field: value}
    data = write_orders([order(PUMP, buyer=replace(COMPANY, **change))], MADE)
    assert etree.fromstring(data).findall(f".//{tag}") == []
    valid(data, "2.08")


def test_nothing_empty_is_written() -> None:
    for orders in ORDERS.values():
        for node in parse(*orders).iterdescendants():
            assert len(node) or (node.text or "").strip(), node.tag


def test_vat_within_the_price() -> None:
    (paper,) = parse(order(PUMP, FITTING))
    assert paper.findtext("Налоги/Налог/УчтеноВСумме") == "true"
    assert paper.findtext("Налоги/Налог/Сумма") == "4851.72"
    assert texts(paper, "СтавкаНалога/Ставка") == ["22", "22"]


def test_vat_on_top_leaves_it_out_of_the_line() -> None:
    (paper,) = parse(order(ON_TOP, included=False))
    assert paper.findtext("Сумма") == "1098.00"
    assert paper.findtext("Налоги/Налог/УчтеноВСумме") == "false"
    (line,) = paper.findall("Товары/Товар")
    assert (line.findtext("Сумма"), line.findtext("Скидки/Скидка/Сумма")) == ("1000.00", "100.00")
    assert (line.findtext("Налоги/Налог/УчтеноВСумме"), line.findtext("Налоги/Налог/Сумма")) == ("false", "198.00")


def test_without_vat_the_paper_has_no_taxes() -> None:
    (paper,) = parse(order(ADVICE, buyer=TRADER))
    assert paper.find("Налоги") is None
    assert texts(paper, "СтавкаНалога/Ставка") == texts(paper, "Налог/Ставка") == ["Без НДС"]


def test_a_zero_rate_is_not_without_vat() -> None:
    (paper,) = parse(order(replace(PUMP, vat="0", vat_sum=Decimal(0))))
    assert paper.findtext("Налоги/Налог/Сумма") == "0.00"
    assert texts(paper, "Налог/Ставка") == ["0"]


def test_mixed_rates_stand_by_the_line() -> None:
    (paper,) = parse(*ORDERS["mixed rates"])
    assert texts(paper, "СтавкаНалога/Ставка") == ["22", "Без НДС", "10", "0"]


@pytest.mark.parametrize(("vat", "written"), [("22.00", "22"), ("20%", "20"), ("07", "7"), ("", "Без НДС")])
def test_a_rate_is_a_bare_whole_number(vat: str, written: str) -> None:
    assert texts(parse(order(replace(PUMP, vat=vat))), "СтавкаНалога/Ставка") == [written]


@pytest.mark.parametrize("vat", ["7.5", "двадцать", "-1"])
def test_another_rate_is_refused(vat: str) -> None:
    with pytest.raises(InvalidValue, match="is not a VAT rate"):
        parse(order(replace(PUMP, vat=vat)))


def test_a_discount_is_not_yet_in_the_sum_of_the_line() -> None:
    (paper,) = parse(order(FITTING))
    (line,) = paper.findall("Товары/Товар")
    assert line.findtext("Сумма") == "9900.00"
    discount = {node.tag: node.text for node in line.findall("Скидки/Скидка/*")}
    assert discount == {"Наименование": "Скидка", "Сумма": "495.00", "Процент": "5", "УчтеноВСумме": "false"}
    assert (line.findtext("Количество"), line.findtext("ЦенаЗаЕдиницу")) == ("5.5", "1800.00")


def test_a_line_without_a_discount_has_none() -> None:
    assert parse(order(PUMP)).find(".//Скидки") is None


def test_services_are_marked() -> None:
    kinds = [properties(node)["ТипНоменклатуры"] for node in parse(order(PUMP, FITTING)).iter("Товар")]
    assert kinds == ["Товар", "Услуга"]


def test_units_have_their_codes() -> None:
    known, unknown, missing = parse(
        order(FITTING, replace(PUMP, unit="бухта"), replace(PUMP, unit=" "))
    ).findall(".//БазоваяЕдиница")  # fmt: skip
    assert dict(known.attrib.items()) == {"Код": "356", "НаименованиеПолное": "Час", "МеждународноеСокращение": "HUR"}
    assert (known.text, unknown.text, missing.get("Код")) == ("ч", "бухта", "796")
    assert not unknown.attrib


def test_a_cancelled_order_says_so() -> None:
    papers = parse(order(PUMP, cancelled=True), order(PUMP))
    assert [properties(paper)["Отменен"] for paper in papers] == ["true", "false"]


def test_a_card_payment_is_told() -> None:
    (paper,) = parse(*ORDERS["paid by card"])
    told = properties(paper)
    assert (told["Дата оплаты"], told["Метод оплаты"], told["Номер платежного документа"]) == (
        "2026-03-17",
        "Карта",
        "A-1",
    )


def test_forbidden_characters_are_dropped_and_long_texts_cut() -> None:
    long = "ж\x00\x0b\ud800\ufffe" * 5000
    wordy = replace(COMPANY, name=long, full_name=long, address=long, phone=long, email=long, bank=long)
    line = replace(PUMP, name=long, sku=long, unit=long, guid=long)
    data = write_orders([order(line, buyer=wordy, comment=long, status=long, delivery_address=long)], MADE)
    valid(data, "2.08")
    root = etree.fromstring(data)
    lengths = [len(text) for tag in ("Контрагент/Наименование", "Комментарий", "Товар/Ид") for text in texts(root, tag)]
    assert lengths == [255, 3000, 80]


def test_markup_in_texts_stays_text() -> None:
    name = '<Ромашка> & "сын" ]]> 🙂'
    assert parse(order(PUMP, buyer=replace(COMPANY, name=name))).findtext(".//Контрагент/Наименование") == name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": 0}, "does not fit 1C"),
        ({"number": 1_000_000}, "does not fit 1C"),
        ({"guid": ""}, "no identifier"),
        ({"guid": "g" * 41}, "no identifier"),
        ({"buyer": replace(COMPANY, guid="g" * 41)}, "no identifier"),
        ({"buyer": replace(COMPANY, name=" \x00")}, "no buyer's name"),
        ({"currency": "руб"}, "is not a currency"),
        ({"currency": "RU"}, "is not a currency"),
        ({"total": Decimal("NaN")}, "cannot hold"),
        ({"total": Decimal(10) ** 16}, "cannot hold"),
        ({"lines": (replace(PUMP, qty=Decimal("Infinity"), price=Decimal(0)),)}, "cannot hold"),
        ({"lines": (replace(PUMP, qty=Decimal(10) ** 15, price=Decimal(10) ** 15),)}, "cannot hold"),
    ],
)
def test_an_order_that_1c_would_refuse_is_not_written(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValue, match=message) as caught:
        parse(order(PUMP, **changes))
    assert caught.value.remedy


def test_only_known_versions_are_written() -> None:
    with pytest.raises(InvalidValue, match=re.escape("3.01")):
        write_orders([], MADE, "3.01")


def test_guids_last_and_differ() -> None:
    assert guid_for("w1", "invoice/42") == guid_for("w1", "invoice/42") == "675ab990-46fc-5395-9439-fbcd5716fd13"
    assert len({guid_for("w1", "invoice/42"), guid_for("w2", "invoice/42"), guid_for("w1", "invoice/43")}) == 3
    assert len(guid_for("w1", "invoice/42")) == 36
