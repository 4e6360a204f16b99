"""`add` takes every field as an option, `set` changes them by =, +=, -=, and a stale edit is refused."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine


def test_add_takes_every_field_as_an_option(line: CommandLine) -> None:
    line(
        "lead", "add", "Москва, Василий, щебень", "--phone", "8 916 123-45-67", "--phone", "8 916 123-45-68",
        "--email", "V@Example.ru", "--source", "site", "--company-name", "ООО Ромашка", "--contact-name", "Василий",
        "--amount", "1500", "--comment", "ждёт звонка", "--owner", "petr", "--stage", "in_work",
    )  # fmt: skip
    doc = line.show("lead/1")
    expected = {
        "name": "Москва, Василий, щебень",
        "phones": ["+79161234567", "+79161234568"],
        "emails": ["v@example.ru"],
        "source": "site",
        "company_name": "ООО Ромашка",
        "contact_name": "Василий",
        "amount": {"amount": "1500.00", "currency": "RUB"},
        "comment": "ждёт звонка",
        "owner": "petr",
        "stage": "in_work",
    }
    assert {name: doc[name] for name in expected} == expected


def test_add_takes_any_field_by_set(line: CommandLine) -> None:
    line("lead", "add", "--set", "name=Василий", "--set", "phones=8 916 123-45-67", "--set", "comment=a=b")
    doc = line.show("lead/1")
    assert (doc["name"], doc["phones"], doc["comment"]) == ("Василий", ["+79161234567"], "a=b")


def test_add_takes_parts_of_requisites(line: CommandLine) -> None:
    line("company", "add", "ООО Ромашка", "--inn", "7800000027", "--kpp", "780001001", "--bik", "044525225")
    doc = line.show("company/1")
    assert doc["tax_ids"] == {"inn": "7800000027", "kpp": "780001001"}
    assert doc["bank"] == {"bik": "044525225"}


def test_a_repeated_option_makes_a_list(line: CommandLine) -> None:
    for name in ("Иван Петров", "Анна Смирнова"):
        line("contact", "add", name)
    line("deal", "add", "Щебень", "--contact", "Петров", "--contact", "contact/2")
    assert line.show("deal/1")["contacts"] == ["contact/1", "contact/2"]


@pytest.mark.parametrize(
    ("edits", "field", "value"),
    [
        (["comment=да"], "comment", "да"),
        (["comment="], "comment", None),
        (["amount+=500"], "amount", {"amount": "1500.00", "currency": "RUB"}),
        (["amount-=250,50"], "amount", {"amount": "749.50", "currency": "RUB"}),
        (["amount=10 USD"], "amount", {"amount": "10.00", "currency": "USD"}),
        (["contacts+=contact/2"], "contacts", ["contact/1", "contact/2"]),
        (["contacts-=contact/1"], "contacts", []),
        (["contacts="], "contacts", []),
        (["contacts=contact/2"], "contacts", ["contact/2"]),
        (["comment+=и ещё"], "comment", "сначала\nи ещё"),
        (["probability=40%"], "probability", 40),
        (["expected_close=2026-12-01"], "expected_close", "2026-12-01"),
        (["stage=Quote sent"], "stage", "proposal"),
    ],
)
def test_set(line: CommandLine, edits: list[str], field: str, value: object) -> None:
    line("contact", "add", "Иван Петров")
    line("contact", "add", "Анна Смирнова")
    line("deal", "add", "Щебень", "--amount", "1000", "--contact", "contact/1", "--comment", "сначала")
    line("deal", "set", 1, *edits)
    assert line.show("deal/1")[field] == value


def test_set_takes_parts_and_several_fields_at_once(line: CommandLine) -> None:
    line("company", "add", "ООО Ромашка")
    line("company", "set", 1, "inn=7800000027", "tax_ids.kpp=780001001", "industry=construction")
    doc = line.show("company/1")
    assert doc["tax_ids"] == {"inn": "7800000027", "kpp": "780001001"}
    assert doc["industry"] == "construction"
    line("company", "set", 1, "kpp=")
    assert line.show("company/1")["tax_ids"] == {"inn": "7800000027"}


def test_a_stale_edit_of_the_same_field_is_refused_with_both_values(line: CommandLine) -> None:
    line("deal", "add", "Щебень", "--comment", "первое")
    line("deal", "set", 1, "comment=второе")
    ended = line("deal", "set", 1, "comment=третье", "--rev", 1, code=6)
    assert "второе" in ended.err
    assert "третье" in ended.err
    assert line.show("deal/1")["comment"] == "второе"


def test_edits_of_different_fields_merge(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    line("deal", "set", 1, "comment=второе")
    line("deal", "set", 1, "amount=5", "--rev", 1)
    doc = line.show("deal/1")
    assert (doc["comment"], doc["amount"]["amount"], doc["rev"]) == ("второе", "5.00", 3)


def test_the_same_value_twice_is_no_conflict(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    line("deal", "set", 1, "comment=второе")
    line("deal", "set", 1, "comment=второе", "--rev", 1)


def test_the_present_revision_is_never_stale_and_a_future_one_is(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    line("deal", "set", 1, "comment=да", "--rev", 1)
    line("deal", "set", 1, "comment=нет", "--rev", 9, code=6)


def test_what_changes_nothing_leaves_no_trace(line: CommandLine) -> None:
    line("deal", "add", "Щебень", "--comment", "да")
    truth = line.journal()
    line("deal", "set", 1, "comment=да")
    assert line.journal() == truth
    assert line.show("deal/1")["rev"] == 1


def test_lines_of_goods(line: CommandLine) -> None:
    line("product", "add", "Щебень 5-20", "--sku", "SCH520", "--unit", "т", "--price", "1750", "--vat", "22")
    line(
        "deal",
        "add",
        "Щебень",
        "--item",
        "SCH520*10",
        "--item",
        "Доставка*1@9405%22",
        "--item",
        "Консультация*2@100%none",
    )
    doc = line.show("deal/1")
    rows = [(item["name"], item.get("sku"), item["qty"], item["price"], item["vat"]) for item in doc["items"]]
    assert rows == [
        ("Щебень 5-20", "SCH520", "10", "1750.00", "22"),
        ("Доставка", None, "1", "9405.00", "22"),
        ("Консультация", None, "2", "100.00", "none"),
    ]
    assert doc["amount"] == {"amount": "27105.00", "currency": "RUB"}


def test_a_line_without_a_rate_has_the_workspace_s(line: CommandLine) -> None:
    line("deal", "add", "Щебень", "--item", "Доставка*1@100")
    rate = line.show("deal/1")["items"][0]["vat"]
    line("deal", "add", "Щебень", "--item", f"Доставка*1@100%{rate}")
    assert line.show("deal/2")["items"] == line.show("deal/1")["items"]


def test_ids_are_never_used_twice(line: CommandLine) -> None:
    line("deal", "add", "A")
    line("deal", "delete", 1)
    assert line.ids("deal", "add", "B") == [2]
    line("undo")
    assert line.ids("deal", "add", "C") == [3]


def test_custom_fields_of_a_card_and_of_all_cards(line: CommandLine) -> None:
    (line.root / "config" / "fields.yaml").write_text(
        "deal:\n"
        "  - {name: delivery_date, type: date, title: Дата поставки}\n"
        "  - {name: terms, type: choice, options: [prepaid, postpaid], default: prepaid}\n"
    )
    line("deal", "add", "Щебень", "--delivery-date", "01.12.2026")
    doc = line.show("deal/1")
    assert (doc["delivery_date"], doc["terms"]) == ("2026-12-01", "prepaid")
    line("deal", "set", 1, "terms=postpaid")
    assert line.ids("deal", "list", "--where", "terms = postpaid and delivery_date > 2026-11-30") == [1]
    line("deal", "set", 1, "terms=barter", code=4)


def test_one_card_takes_a_field_of_its_own(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    line("deal", "set", 1, "extra.фракция=5-20", "extra.срочно=да")
    doc = line.show("deal/1")
    assert doc["extra"] == {"фракция": "5-20", "срочно": "да"}
    line("deal", "set", 1, "extra.срочно=", "extra.отгрузка:date=01.12.2026", "extra.бюджет:money=1 500")
    money = {"amount": "1500.00", "currency": "RUB"}
    assert line.show("deal/1")["extra"] == {"фракция": "5-20", "отгрузка": "2026-12-01", "бюджет": money}
    line("deal", "set", 1, "extra.отгрузка=скоро", code=4)
    line("deal", "add", "Песок", "--extra", "цвет=белый; мест:number=3")
    assert line.show("deal/2")["extra"] == {"цвет": "белый", "мест": 3}
    assert line.ids("deal", "list", "--where", "extra.цвет = белый") == [2]
    assert line.ids("find", "белый") == [2]


def test_simple_mode_makes_a_deal_of_a_request(line: CommandLine) -> None:
    from crm.settings_file import change_setting

    change_setting(line.root / "config" / "crm.yaml", ["mode"], "simple")
    made = line("lead", "add", "Василий", "--phone", "8 916 123-45-67", "--source", "site")
    assert made.out.startswith("deal/1 ")
    doc = line.show("deal/1")
    assert (doc["title"], doc["source"], doc["contacts"]) == ("Василий", "site", ["contact/1"])
    assert line.show("contact/1")["phones"] == ["+79161234567"]
    assert line.ids("lead") == []
    assert line("accept", "Анна", "8 916 000-00-01").out.startswith("deal/2 ")
