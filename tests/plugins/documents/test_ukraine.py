"""The Ukrainian papers, read back from their PDF."""

from __future__ import annotations

from typing import Any

import pytest

from crm.errors import Refused
from crm.workspace import Workspace
from tests.plugins.documents.sale import documents, missing, pages

BOTH = ("ТОВ «Приклад»", "код за ЄДРПОУ 14360570", "ІПН 143605726547", "UA21 3223 1300 0002 6007 2335 6600 1",
        "АТ КБ «ПРИВАТБАНК»", "ТОВ «Калина»", "код за ЄДРПОУ 32855961", "ІПН 328559612345",
        "79000, м. Львів")  # fmt: skip


@pytest.fixture
def sold(ukraine: Workspace) -> Workspace:
    company = ukraine.companies.add(
        name="Калина", legal_name="ТОВ «Калина»", edrpou="32855961", ipn="328559612345",
        addresses=["79000, м. Львів, пл. Ринок, 1"],
    )  # fmt: skip
    ukraine.contacts.add(last_name="Коваль", first_name="Олена", middle_name="Іванівна", name="Олена Коваль",
                         position="директор", roles=["director"], companies=[company.ref])  # fmt: skip
    ukraine.products.add(sku="C500", name="Цемент М500", unit="т", price="4200", vat="20")
    ukraine.products.add(sku="D", name="Доставка", price="1800", vat="20", service=True)
    ukraine.deals.add(title="Цемент", company=company.ref, items=["C500*2.5", "D*2"])
    invoices: Any = ukraine.collection("invoice")
    invoices.issue(deal="deal/1", date="2026-11-10")
    return ukraine


def test_a_bill(sold: Workspace) -> None:
    made = documents(sold).add(kind="bill", invoice=1)
    assert (made.number, str(made.date)) == ("1", "2026-11-10")
    (text,) = pages(sold, made)
    assert not missing(
        text, *BOTH, "Рахунок на оплату № 1 від 10 листопада 2026 р.", "Постачальник:", "Покупець:", "Цемент М500",
        "Разом:", "14 100,00", "У тому числі ПДВ 20%:", "2 350,00", "Усього:",
        "Всього найменувань 2, на суму 14 100,00 грн", "Чотирнадцять тисяч сто гривень 00 копійок",
        "У т. ч. ПДВ: Дві тисячі триста п'ятдесят гривень 00 копійок", "Виписав(ла):",
    )  # fmt: skip


def test_an_act(sold: Workspace) -> None:
    made = documents(sold).add(kind="act", invoice=1, date="2026-11-12")
    (text,) = pages(sold, made)
    assert not missing(
        text, *BOTH, "ЗАТВЕРДЖУЮ", "Акт надання послуг № 1 від 12 листопада 2026 р.", "Рахунок № 1 від 10.11.2026",
        "директор Шевченко Тарас Григорович", "Доставка", "посл.", "3 600,00", "600,00",
        "загальна вартість робіт (послуг) із ПДВ три тисячі шістсот гривень 00 копійок",
        "Замовник претензій по об'єму, якості та строкам виконання робіт (надання послуг) не має.",
        "Місце складання: м. Київ", "Від Виконавця*", "Від Замовника", "Відповідальний за здійснення",
    )  # fmt: skip
    assert "Цемент" not in text


def test_a_waybill(sold: Workspace) -> None:
    documents(sold).add(kind="contract", deal=1, date="2026-11-09")
    made = documents(sold).add(kind="waybill", invoice=1, date="2026-11-12")
    (text,) = pages(sold, made)
    assert not missing(
        text, *BOTH, "Видаткова накладна № 1 від 12 листопада 2026 р.", "Договір: № 1 від 09.11.2026",
        "Рахунок № 1 від 10.11.2026", "2,5", "10 500,00", "1 750,00", "Десять тисяч п'ятсот гривень 00 копійок",
        "Дві тисячі п'ятсот кілограмів", "Від постачальника*", "Отримав(ла)", "За довіреністю №", "Місце складання",
    )  # fmt: skip


def test_a_contract(sold: Workspace) -> None:
    made = documents(sold).add(kind="contract", deal=1, date="2026-11-09")
    assert "в особі директора Шевченка Тараса Григоровича, що діє на підставі Статуту" in made.text
    assert "в особі директора Коваль Олени Іванівни" in made.text
    price = "14 100,00 грн (Чотирнадцять тисяч сто гривень 00 копійок), у т. ч. ПДВ (20 %) 2 350,00"
    assert price in made.text.replace("\u00a0", " ")


@pytest.mark.parametrize("kind", ["vat_invoice", "upd", "power_of_attorney"])
def test_russian_forms_are_not_for_ukraine(sold: Workspace, kind: str) -> None:
    with pytest.raises(Refused, match="for the country UA"):
        documents(sold).add(kind=kind, invoice=1)
