from __future__ import annotations

from decimal import Decimal

from crm.plugins.paper.parties import Bank, PaperLine, lines_from, party_from, seller_from
from tests.plugins.paper.papers import BUYER, COMPANY, SOLE_TRADER


def test_a_company_record_gives_its_first_address_phone_and_email() -> None:
    party = party_from(BUYER | {"addresses": ["Москва", "Тверь"], "phones": ["+74957193001", "+79161234567"]})
    assert (party.full_name, party.inn, party.kpp) == ("ООО «Ромашка»", "7736050003", "773601001")
    assert (party.address, party.phone, party.email) == ("Москва", "+74957193001", "buyer@example.com")
    assert party.bank is None
    assert not party.is_sole_trader


def test_a_contact_is_named_with_the_last_name_first() -> None:
    party = party_from({"first_name": "Анна", "middle_name": "Сергеевна", "last_name": "Петрова"})
    assert party.full_name == "Петрова Анна Сергеевна"


def test_a_bank_of_a_record_is_read() -> None:
    party = party_from(BUYER | {"bank": {"name": "Банк", "iban": "UA213223130000026007233566001"}})
    assert party.bank == Bank(name="Банк", iban="UA213223130000026007233566001")


def test_an_empty_bank_is_no_bank() -> None:
    assert seller_from(COMPANY | {"bank": {"name": "", "bik": None}}).bank is None


def test_settings_may_leave_fields_empty_or_write_numbers_bare() -> None:
    party = seller_from({"name": "Я", "inn": 7700000016, "kpp": None})
    assert (party.inn, party.kpp, party.address) == ("7700000016", "", "")


def test_a_sole_trader_is_known_by_the_length_of_the_tax_ids() -> None:
    assert seller_from(SOLE_TRADER).is_sole_trader
    assert party_from({"name": "ФОП", "tax_ids": {"rntrc": "1759013776"}}).is_sole_trader
    assert not seller_from(COMPANY).is_sole_trader


def test_lines_are_numbered_and_read_exactly() -> None:
    stored = {"name": "Щебень", "qty": "2.5", "unit": "т", "price": "10.05", "sum": "25.13", "vat": "22"}
    first, second = lines_from([stored | {"vat_sum": "4.53", "discount": "5"}, {"name": "Подарок", "sum": "0.00"}])
    assert (first.number, first.qty, first.price) == (1, Decimal("2.5"), Decimal("10.05"))
    assert (first.sum, first.vat_sum, first.discount) == (Decimal("25.13"), Decimal("4.53"), Decimal(5))
    assert second == PaperLine(number=2, name="Подарок", qty=Decimal(1), price=Decimal("0.00"), sum=Decimal("0.00"))
