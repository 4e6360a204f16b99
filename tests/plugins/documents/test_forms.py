"""Each Russian form, read back from its PDF, has the requisites that accountants look for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm.errors import Refused
from crm.sales.collection import Edit
from crm.workspace import Workspace
from tests.plugins.documents.sale import bare, client, documents, missing, pages, sale, width_and_height

SELLER = "Общество с ограниченной ответственностью «Пример Групп»"
EDITION = "(в ред. постановления Правительства РФ от 23.01.2026 № 26)"


def test_an_act(seller: Workspace) -> None:
    sale(seller)
    act = documents(seller).add(kind="act", invoice=1, date="2026-11-12")
    (text,) = pages(seller, act)
    assert not missing(
        text, "Акт № 1 от 12 ноября 2026 г.", "Исполнитель:", SELLER, "ИНН 7700000016", "КПП 770001001", "115114",
        "Заказчик:", "ООО «Ромашка»", "ИНН 7736050003", "КПП 773601001", "117997", "Счёт № 1 от 10.11.2026",
        "Наименование работ, услуг", "Доставка", "усл. ед.", "9 405,00", "В том числе НДС (22%):", "1 695,98",
        "Девять тысяч четыреста пять рублей 00 копеек",
        "Вышеперечисленные услуги выполнены полностью и в срок.",
        "Заказчик претензий по объему, качеству и срокам оказания услуг не имеет.",
        "ИСПОЛНИТЕЛЬ", "ЗАКАЗЧИК", "Генеральный директор", "Иванов И. И.", "Петрова М. С.", "М.П.", "(подпись)",
    )  # fmt: skip
    assert "Щебень" not in text


def test_a_waybill(seller: Workspace) -> None:
    sale(seller)
    documents(seller).add(kind="contract", deal=1, date="2026-11-09")
    documents(seller).add(kind="М-2", invoice=1, date="2026-11-11")
    waybill = documents(seller).add(kind="ТОРГ-12", invoice=1, date="2026-11-12")
    (text,) = pages(seller, waybill)
    assert not missing(
        text, "Унифицированная форма № ТОРГ-12", "Госкомстата России от 25.12.98 № 132", "0330212", "Грузоотправитель",
        "12345678", "Склад № 1", "46.73", "Грузополучатель", "87654321", "Поставщик", "Плательщик", "Основание",
        "р/с 40702810900000000022", "БИК 044525593", "к/с 30101810200000000593", "Договор № 1 от 09.11.2026",
        "Транспортная накладная", "Вид операции", "ТОВАРНАЯ НАКЛАДНАЯ", "Номер документа", "12.11.2026",
        "код по ОКЕИ", "SCH520", "168", "796", "короб", "Итого", "Всего по накладной", "66 293,04", "14 584,46",
        "80 877,50", "1 434,43", "одном", "Два", "порядковых номеров записей", "Масса груза (брутто)",
        "Десять тысяч пятьсот сорок два килограмма", "Всего отпущено на сумму",
        "Восемьдесят тысяч восемьсот семьдесят семь рублей 50 копеек", "Отпуск груза разрешил",
        "Главный (старший) бухгалтер", "Петрова А. С.", "Отпуск груза произвел", "кладовщик", "Сидоров С. С.",
        "По доверенности №", "11 ноября 2026 г.", "ООО «Ромашка», водителю Смирнову Василию Петровичу",
        "Груз принял", "Груз получил", "М.П.", "«12» ноября 2026 года",
    )  # fmt: skip
    assert "Доставка" not in text
    assert all(str(number) in text for number in range(1, 16))
    wide, tall = width_and_height(seller, waybill)
    assert wide > tall


def test_a_vat_invoice_has_every_numbered_line(seller: Workspace) -> None:
    invoice = sale(seller)
    seller.collection("invoice").pay(1, "50000", date="2026-11-11", reference="77")  # type: ignore[attr-defined]
    documents(seller).add(kind="advance_vat_invoice", invoice=1, date="2026-11-11")
    documents(seller).add(kind="waybill", invoice=1, date="2026-11-12")
    documents(seller).add(kind="act", invoice=1, date="2026-11-13")
    made = documents(seller).add(kind="vat_invoice", invoice=1, date="2026-11-14")
    (text,) = pages(seller, made)
    lines = ["1", "1а", "2", "2а", "2б", "3", "4", "5", "5а", "5б", "6", "6а", "6б", "7", "8"]
    assert not missing(text, *(f"({line})" for line in lines))
    assert not missing(
        text, EDITION, "Счет-фактура № 2 от 14 ноября 2026 г.", "Исправление № – от –", SELLER,
        "7700000016/770001001", "7736050003/773601001", "он же", "ООО «Ромашка», 117997", "№ 77 от 11.11.2026",
        "Товарная накладная, № п/п 1-2 № 1 от 12.11.2026", "Акт, № п/п 3 № 1 от 13.11.2026", "№ 1 от 11.11.2026",
        "Российский рубль, 643", "Идентификатор государственного контракта", "8413702100", "168", "796", "без акциза",
        "22%", "156", "Китай", "10702070/120226/5012345", "Всего к оплате (9)", "74 002,06", "16 280,44", "90 282,50",
        "Руководитель организации", "Главный бухгалтер", "Индивидуальный предприниматель", "Иванов И. И.",
    )  # fmt: skip
    assert not missing(text, "1", "1а", "1б", "2", "2а", *map(str, range(3, 11)), "10а", "11")
    assert (made.total, made.vat) == (invoice.total, invoice.vat)
    wide, tall = width_and_height(seller, made)
    assert wide > tall


def test_a_vat_invoice_for_an_advance(seller: Workspace) -> None:
    sale(seller)
    with pytest.raises(Refused, match="Nothing came in"):
        documents(seller).add(kind="advance_vat_invoice", invoice=1, date="2026-11-11")
    seller.collection("invoice").pay(1, "50000", date="2026-11-11", reference="77")  # type: ignore[attr-defined]
    made = documents(seller).add(kind="advance_vat_invoice", invoice=1, date="2026-11-11")
    (text,) = pages(seller, made)
    assert (made.total, made.vat) == (50000, Decimal("9016.39"))
    assert not missing(text, "22/122", "9 016,39", "50 000,00", "Предварительная оплата", "№ 77 от 11.11.2026")


@pytest.mark.parametrize(
    ("day", "edition", "advances"),
    [
        ("2024-09-30", "от 02.04.2021 № 534", False),
        ("2025-12-31", "от 16.08.2024 № 1096", False),
        ("2026-03-31", "письмом ФНС России от 26.12.2025 № СД-4-3/11730@", True),
        ("2026-04-01", "от 23.01.2026 № 26", True),
    ],
)
@pytest.mark.parametrize("kind", ["vat_invoice", "upd"])
def test_the_edition_is_that_of_the_day(seller: Workspace, kind: str, day: str, edition: str, advances: bool) -> None:
    sale(seller, day=day)
    made = documents(seller).add(kind=kind, invoice=1, date=day)
    text = bare(documents(seller).html(made.id))
    assert bare(edition) in text
    assert ("(5б)" in text) is advances


def test_a_day_without_a_form_is_refused(seller: Workspace) -> None:
    sale(seller)
    with pytest.raises(Refused, match="no form for 2020-01-01"):
        documents(seller).add(kind="vat_invoice", invoice=1, date="2020-01-01")


def test_sellers_without_vat_issue_no_vat_invoice_but_a_upd_of_status_2(seller: Workspace) -> None:
    sale(seller, vat="none")
    with pytest.raises(Refused, match="nothing of this is subject to VAT"):
        documents(seller).add(kind="vat_invoice", invoice=1)
    with pytest.raises(Refused, match="status 1"):
        documents(seller).add(kind="upd", invoice=1, details={"status": "1"})
    made = documents(seller).add(kind="upd", invoice=1, date="2026-11-14")
    text = "".join(pages(seller, made))
    assert not missing(text, "Статус: 2", "без НДС", "90 282,50")
    assert made.number == "1"
    assert "Руководительорганизации" not in text


def test_a_seller_of_5_percent_issues_vat_invoices(seller: Workspace) -> None:
    sale(seller, vat="5")
    made = documents(seller).add(kind="vat_invoice", invoice=1, date="2026-11-14")
    assert "5%" in "".join(pages(seller, made))


def test_a_upd_of_status_1(seller: Workspace) -> None:
    sale(seller)
    made = documents(seller).add(kind="УПД", invoice=1, date="2026-11-14")
    (text,) = pages(seller, made)
    assert not missing(text, *(f"[{line}]" for line in range(8, 20)))
    assert not missing(
        text, EDITION, "Универсальный передаточный документ", "Статус: 1", "Счет-фактура № 1 от 14 ноября 2026 г.",
        "1 – счет-фактура и передаточный документ (акт)", "2 – передаточный документ (акт)",
        "УПД, № п/п 1-3 № 1 от 14.11.2026", "Код товара/ работ, услуг", "SCH520", "Документ составлен на 1",
        "Основание передачи (сдачи) / получения (приемки)", "Счёт № 1 от 10.11.2026",
        "Данные о транспортировке и грузе", "Товар (груз) передал / услуги, результаты работ, права сдал",
        "кладовщик", "Сидоров С. С.", "Дата отгрузки, передачи (сдачи)", "«14» ноября 2026 года",
        "Иные сведения об отгрузке, передаче", "Ответственный за правильность оформления факта хозяйственной жизни",
        "Наименование экономического субъекта – составителя документа",
        "Товар (груз) получил / услуги, результаты работ, права принял", "Дата получения (приемки)", "М.П.",
        "Руководитель организации", "74 002,06", "16 280,44", "90 282,50",
    )  # fmt: skip


def test_vat_invoices_and_upd_of_status_1_share_their_numbers(seller: Workspace) -> None:
    sale(seller)
    kinds = ["vat_invoice", "upd", "vat_invoice", "act"]
    made = [documents(seller).add(kind=kind, invoice=1, date="2026-11-14").number for kind in kinds]
    second = documents(seller).add(kind="upd", invoice=1, date="2026-11-14", details={"status": "2"}).number
    assert (made, second) == (["1", "2", "3", "1"], "1")


def test_a_contract_speaks_in_the_genitive(seller: Workspace) -> None:
    sale(seller)
    made = documents(seller).add(kind="contract", deal=1, date="2026-11-09")
    text = "".join(pages(seller, made))
    assert not missing(
        text, "Договор № 1", "г. Москва", "«09» ноября 2026 года",
        "в лице генерального директора Иванова Ивана Ивановича, действующего на основании Устава",
        "в лице директора Петровой Марии Сергеевны, действующей на основании Устава", "1. Предмет Договора",
        "2. Права и обязанности Сторон", "3. Цена и порядок расчётов",
        "90 282,50 руб. (Девяносто тысяч двести восемьдесят два рубля 50 копеек), в том числе НДС (22 %) 16 280,44",
        "4. Сроки", "5. Ответственность Сторон", "6. Обстоятельства непреодолимой силы", "7. Разрешение споров",
        "8. Срок действия", "31 декабря 2026 г.", "10. Реквизиты и подписи Сторон", "ИНН/КПП 7736050003/773601001",
        "ОГРН 1027739609391", "р/с 40702810900000000022", "АО «АЛЬФА-БАНК»", "БИК 044525593",
        "к/с 30101810200000000593", "e-mail: buyer@example.com", "Спецификация", "М.П.",
    )  # fmt: skip


def test_the_text_of_a_contract_is_edited_until_it_is_signed(seller: Workspace) -> None:
    sale(seller)
    made = documents(seller).add(kind="contract", deal=1, date="2026-11-09")
    changed = documents(seller).set(made.id, text=made.text.replace("0,1 %", "0,2 %"))
    assert changed.hash != made.hash
    assert "0,2 %" in documents(seller).html(made.id)
    assert documents(seller).holds(made.id)
    documents(seller).set(made.id, Edit("details.payment_days", "=", "30"))
    assert "30 рабочих дней" in documents(seller).refill(made.id).text
    documents(seller).sign(made.id)
    with pytest.raises(Refused, match="«text» does not change"):
        documents(seller).set(made.id, text="Иначе")


def test_a_contract_by_ones_own_template(seller: Workspace) -> None:
    sale(seller)
    (seller.root / "config" / "papers").mkdir()
    own = seller.root / "config" / "papers" / "contract.txt"
    own.write_text("# Условия\n{seller_name} и {buyer_name} на {total}.", "utf-8")
    made = documents(seller).add(kind="contract", deal=1)
    assert made.text.startswith("# Условия\nОбщество с ограниченной ответственностью «Пример Групп» и ООО «Ромашка» на")
    own.write_text("{nobody}", "utf-8")
    with pytest.raises(Exception, match=r"no merge field \{nobody\}"):
        documents(seller).add(kind="contract", deal=1)


def test_a_contract_of_a_sole_trader(seller: Workspace) -> None:
    company = seller.companies.add(name="ИП Сидорова Елена Викторовна", inn="500100732259", ogrn="304500116000157")
    seller.deals.add(title="Ремонт", company=company.ref, amount="1000")
    made = documents(seller).add(kind="contract", deal=1)
    assert "ИП Сидорова Елена Викторовна (далее — «Заказчик»), действующая на основании записи в ЕГРИП" in made.text
    assert (made.total, made.items[0]["name"]) == (1000, "Ремонт")


def test_a_power_of_attorney(seller: Workspace) -> None:
    sale(seller)
    given: dict[str, Any] = {
        "passport_series": "4510", "passport_number": "123456", "passport_issued_by": "ОВД Тверского района",
        "passport_issued": "2010-05-20", "valid_until": "2026-11-30",
    }  # fmt: skip
    made = documents(seller).add(kind="power_of_attorney", invoice=1, date="2026-11-12", details=given)
    (text,) = pages(seller, made)
    assert not missing(
        text, "Типовая межотраслевая форма № М-2", "от 30.10.97 № 71а", "0315001", "87654321", "ООО «Ромашка»",
        "ДОВЕРЕННОСТЬ № 1", "«12» ноября 2026 года", "«30» ноября 2026 года", "(наименование потребителя и его адрес)",
        "(наименование плательщика и его адрес)", "40702810900000000022", "АО «АЛЬФА-БАНК»",
        "водителю Смирнову Василию Петровичу", "4510 № 123456", "ОВД Тверского района", "«20» мая 2010 года",
        "На получение от", SELLER, "Счёт № 1 от 10.11.2026", "Количество (прописью)", "Десять целых пять десятых",
        "Пять", "Подпись лица, получившего доверенность", "Руководитель", "Петрова М. С.", "Главный бухгалтер", "М.П.",
    )  # fmt: skip
    assert "Доставка" not in text


def test_lines_are_chosen_by_their_numbers(seller: Workspace) -> None:
    sale(seller)
    made = documents(seller).add(kind="upd", invoice=1, lines="1, 3-3")
    assert [item["name"] for item in made.items] == ["Щебень 5-20", "Доставка"]
    for wrong in ("4", "0", "x", "3-1"):
        with pytest.raises(Exception, match="names no lines"):
            documents(seller).add(kind="upd", invoice=1, lines=wrong)


def test_a_paper_of_goods_needs_goods(seller: Workspace) -> None:
    client(seller)
    seller.products.add(sku="DOST", name="Доставка", price="9405", vat="22", service=True)
    seller.collection("invoice").issue(company="company/1", items=["DOST*1"])  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="no goods"):
        documents(seller).add(kind="waybill", invoice=1)


def test_another_country_has_the_act_alone(seller: Workspace) -> None:
    sale(seller)
    with pytest.raises(Refused, match=r"no form of «bill» for the country RU"):
        documents(seller).add(kind="bill", invoice=1)
