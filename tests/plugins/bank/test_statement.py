from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

import pytest

from crm.errors import InvalidValue
from crm.plugins.bank.parties import Party
from crm.plugins.bank.statement import Movement, Statement, read_statement
from crm.plugins.bank.totals import Sheet
from tests.plugins.bank.files import CLIENT, OURS, OURS_TOO, cp1251, document, outgoing, section, statement, unfinished


def only(data: bytes, *own: str) -> Movement:
    (movement,) = read_statement(data, own).movements
    return movement


def payer(**tags: str) -> Party:
    return only(cp1251(document(**tags))).payer


def turnover(read: Statement, direction: str) -> tuple[int, Decimal]:
    amounts = [movement.amount for movement in read.movements if movement.direction == direction]
    return len(amounts), sum(amounts, Decimal(0))


def test_an_incoming_payment_is_read_whole() -> None:
    movement = only(cp1251(document()))
    assert movement.direction == "in"
    assert movement.incoming
    assert movement.certain
    assert movement.date == dt.date(2026, 3, 18)
    assert movement.amount == Decimal("1000.00")
    assert (movement.number, movement.kind, movement.line) == ("77", "Платежное поручение", 5)
    assert movement.payer == Party('ООО "Ромашка"', "7800000027", "780001001", CLIENT)
    assert movement.payee.account == movement.account == OURS
    assert movement.purpose == "Оплата по счету № 1042"


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_the_encoding_is_told_by_the_content(encoding: str, ending: str) -> None:
    text = statement(document(НазначениеПлатежа="Оплата по счету № 5, ёж"))
    read = read_statement(text.replace("\n", ending).encode(encoding))
    assert read.movements[0].purpose == "Оплата по счету № 5, ёж"
    assert read.warnings == ()


def test_utf8_cut_inside_a_letter_is_still_utf8() -> None:
    read = read_statement(statement(document()).encode("utf-8") + "Я".encode()[:1])
    assert read.movements[0].payer.name == 'ООО "Ромашка"'


def test_tags_are_read_in_any_case() -> None:
    text = statement(document()).replace("Сумма=", "СУММА =").replace("КонецДокумента", "конецдокумента")
    assert only(text.encode("cp1251")).amount == Decimal("1000.00")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n \n",
        b"\xff\xfe",
        random.Random(7).randbytes(100_000),
        b"PK\x03\x04" + bytes(5000),
        "Дата;Сумма\n01.01.2026;5".encode("cp1251"),
        b"\n1CClientBankExchange2",
        b"x" * 100_000 + b"\n1CClientBankExchange",
    ],
)
def test_another_file_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(InvalidValue, match="not a bank statement in the 1C format"):
        read_statement(data)


def test_a_statement_without_movements_is_read() -> None:
    sheet = Sheet(OURS, opening=Decimal("500.00"), closing=Decimal("500.00"))
    assert read_statement(cp1251(section("0", "0", "500"))) == Statement((OURS,), (), (), (sheet,))


def test_the_days_and_balances_of_an_account_are_read() -> None:
    days = [section("1000", "0", "1500"), section("0", "200", "1300", "1500")]
    days = [one.replace("НачальныйОстаток", f"ДатаНачала=0{n}.03.2026\nДатаКонца=0{n}.03.2026\nНачальныйОстаток")
            for n, one in enumerate(days, 1)]  # fmt: skip
    (sheet,) = read_statement(cp1251(*days, document(), outgoing(Сумма="200"))).sheets
    assert (sheet.since, sheet.until) == (dt.date(2026, 3, 1), dt.date(2026, 3, 2))
    assert (sheet.opening, sheet.closing) == (Decimal(500), Decimal(1300))
    assert (sheet.came, sheet.went) == (Decimal(1000), Decimal(200))


def test_a_tax_id_with_a_wrong_digit_is_a_warning_and_the_payment_is_kept() -> None:
    read = read_statement(cp1251(document(ПлательщикИНН="7800000028")))
    assert len(read.movements) == 1
    assert read.warnings == ("Line 5: document 77: INN 7800000028 does not add up: a digit is mistyped.",)


def test_of_a_purpose_of_a_hundred_kilobytes_the_beginning_is_kept() -> None:
    read = read_statement(cp1251(document(НазначениеПлатежа="Оплата " + "я" * 100_000)))
    assert len(read.movements[0].purpose) == 2000
    assert read.warnings == ("Line 5: document 77: of the purpose of 100007 characters 2000 are kept.",)


def test_a_date_of_another_century_skips_its_document_in_a_sentence() -> None:
    read = read_statement(cp1251(document(ДатаПоступило="18.03.2106"), document(Номер="78")))
    assert [one.number for one in read.movements] == ["78"]
    assert read.warnings == ("Line 5: document 77 was skipped: the date “18.03.2106” cannot be read.",)


def test_a_long_value_goes_on_in_the_next_lines() -> None:
    long = document(НазначениеПлатежа="Оплата по счету\n№ 1042 (скидка=5%)\nСумма=7 НДС", Плательщик1='ООО\n"Ромашка"')
    movement = only(cp1251(long))
    assert movement.purpose == "Оплата по счету № 1042 (скидка=5%) Сумма=7 НДС"
    assert movement.amount == Decimal("1000.00")
    assert movement.payer.name == 'ООО "Ромашка"'


def test_an_unknown_line_elsewhere_is_a_warning_with_its_number() -> None:
    read = read_statement(cp1251(document(Номер="77\nПростоТекст")))
    assert read.movements[0].number == "77"
    assert read.warnings == ("Line 7: “ПростоТекст” is not a tag of the format and was left out.",)


def test_a_missing_end_of_a_document_is_tolerated() -> None:
    read = read_statement(cp1251(unfinished(), unfinished(Номер="78")))
    assert [movement.number for movement in read.movements] == ["77", "78"]
    assert all(movement.certain for movement in read.movements)
    assert read.warnings == ()


def test_a_missing_end_of_the_file_is_a_warning() -> None:
    read = read_statement(statement(document(), end="").encode("cp1251"))
    assert len(read.movements) == 1
    assert read.warnings == ("The end-of-file mark is missing: the file may be incomplete.",)


def test_a_file_that_breaks_off_in_a_document_leaves_it_in_doubt() -> None:
    read = read_statement(statement(document(), unfinished(), end="").encode("cp1251"))
    assert [movement.certain for movement in read.movements] == [True, False]
    assert "breaks off" in read.warnings[0]


def test_what_follows_the_end_of_the_file_is_not_read() -> None:
    read = read_statement(cp1251(document()) + cp1251(document()))
    assert len(read.movements) == 1
    assert "after the end-of-file mark" in read.warnings[0]


def test_a_document_without_a_kind_is_read() -> None:
    text = statement(document()).replace("СекцияДокумент=Платежное поручение", "СекцияДокумент")
    assert only(text.encode("cp1251")).kind == ""


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"Плательщик1": "", "Плательщик": 'ИНН 7800000027 ООО "Ромашка"'}, 'ООО "Ромашка"'),
        ({"Плательщик1": "", "Плательщик": '7800000027, ООО "Ромашка"'}, 'ООО "Ромашка"'),
        ({"Плательщик1": 'ИНН 7800000027 КПП 780001001 ООО "Ромашка"'}, 'ООО "Ромашка"'),
        ({"Плательщик2": "р/с 40702810700000000022", "Плательщик3": "ПАО СБЕРБАНК"}, 'ООО "Ромашка"'),
        ({"Плательщик1": "Общество с ограниченной", "Плательщик2": 'ответственностью "Лён"', "Плательщик3": "АО ТБАНК"},
         'Общество с ограниченной ответственностью "Лён"'),
        ({"Плательщик1": "ИП Иванов Иван Иванович//г. Казань, ул. Пробная, 7//"}, "ИП Иванов Иван Иванович"),
        ({"Плательщик1": 'ООО "Рога"//РОССИЯ МОСКВА//'}, 'ООО "Рога"'),
    ],
)  # fmt: skip
def test_names_are_cleaned(tags: dict[str, str], expected: str) -> None:
    found = payer(**tags)
    assert found.name == expected
    assert found.inn == "7800000027"


@pytest.mark.parametrize("tag", ["Плательщик", "Плательщик1"])
def test_a_person_paying_through_a_bank_loses_the_banks_tax_id(tag: str) -> None:
    text = "ИНН 7707083893 ПАО СБЕРБАНК//ИВАНОВ ИВАН ИВАНОВИЧ//РОССИЯ, МОСКВА//"
    found = payer(**{"Плательщик1": "", tag: text, "ПлательщикИНН": "7707083893"})
    assert found == Party("ИВАНОВ ИВАН ИВАНОВИЧ", account=CLIENT)


@pytest.mark.parametrize(
    ("inn", "kpp", "expected"),
    [
        ("7800000027,780001001", "", ("7800000027", "780001001")),
        ("7800000027/780001001", "", ("7800000027", "780001001")),
        ("7800000027\\780001001", "", ("7800000027", "780001001")),
        ("7800000027|780001001", "", ("7800000027", "780001001")),
        ("7800000027~780001001", "", ("7800000027", "780001001")),
        ("0000000000", "0", ("", "")),
        ("0", "000000000", ("", "")),
        ("не указан", "", ("", "")),
    ],
)
def test_tax_ids_are_parted_and_zeros_are_nothing(inn: str, kpp: str, expected: tuple[str, str]) -> None:
    found = payer(ПлательщикИНН=inn, ПлательщикКПП=kpp)
    assert (found.inn, found.kpp) == expected


def test_an_empty_account_is_taken_from_the_settlement_account() -> None:
    assert payer(ПлательщикСчет="", ПлательщикРасчСчет=CLIENT).account == CLIENT
    assert payer(ПлательщикСчет="0" * 20, ПлательщикРасчСчет=CLIENT).account == CLIENT


def test_an_empty_purpose_is_joined_from_its_lines() -> None:
    parts = {"НазначениеПлатежа": "", "НазначениеПлатежа1": "Оплата", "НазначениеПлатежа3": "по счету 5"}
    assert only(cp1251(document(**parts))).purpose == "Оплата по счету 5"


def test_outgoing_money_has_the_day_it_was_taken() -> None:
    movement = only(cp1251(outgoing()))
    assert (movement.direction, movement.date, movement.account) == ("out", dt.date(2026, 3, 18), OURS)
    assert not movement.incoming


@pytest.mark.parametrize("empty", ["", "00.00.0000"])
def test_without_the_day_of_the_bank_the_day_of_the_document_is_taken(empty: str) -> None:
    assert only(cp1251(document(ДатаПоступило=empty))).date == dt.date(2026, 3, 17)


def test_a_transfer_between_our_accounts_is_two_movements() -> None:
    data = cp1251(document(ПлательщикСчет=OURS_TOO, ДатаСписано="18.03.2026"))
    legs = read_statement(data, [OURS_TOO]).movements
    assert [leg.direction for leg in legs] == ["internal", "internal"]
    assert [(leg.account, leg.incoming) for leg in legs] == [(OURS_TOO, False), (OURS, True)]
    assert legs[0].key != legs[1].key


def test_accounts_come_from_the_header_the_sections_and_the_settings() -> None:
    text = statement(document(), header="").replace(f"ПолучательСчет={OURS}", f"ПолучательСчет={OURS_TOO}")
    assert not only(text.encode("cp1251")).certain
    assert only(text.encode("cp1251"), "4070 2810 5000 0000 0012").certain
    assert read_statement(cp1251(section())).accounts == (OURS,)


@pytest.mark.parametrize(("date", "direction"), [("ДатаПоступило", "in"), ("ДатаСписано", "out")])
def test_an_unknown_account_is_told_by_the_filled_date(date: str, direction: str) -> None:
    dates = {"ДатаПоступило": "", "ДатаСписано": "", date: "19.03.2026"}
    movement = only(cp1251(document(ПолучательСчет="40702810000000000099", **dates)))
    assert (movement.direction, movement.certain, movement.account) == (direction, False, OURS)
    assert movement.date == dt.date(2026, 3, 19)


def test_a_document_of_nobody_is_skipped_with_a_warning() -> None:
    read = read_statement(cp1251(document(ПолучательСчет="1", ДатаПоступило="")))
    assert read.movements == ()
    assert read.warnings[0].startswith("Line 5: document 77 was skipped: neither account is ours")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("-1000.00", "1000.00"), ("1 234,56", "1234.56"), ("1\u00a0234.5", "1234.50"), ("7", "7.00"), ("8.5000", "8.50"),
     ("100000000000000", "100000000000000.00")],
)  # fmt: skip
def test_amounts_are_read_with_tolerance(text: str, amount: str) -> None:
    assert str(only(cp1251(document(Сумма=text))).amount) == amount


@pytest.mark.parametrize(
    "text", ["", "0.00", "12,345.67", "1e5", "NaN", "Infinity", "100000000000000.01", "9" * 100_000, "1.005", "сто"]
)
def test_a_bad_amount_skips_its_document_alone(text: str) -> None:
    read = read_statement(cp1251(document(Сумма=text), document(Номер="78")))
    assert [movement.number for movement in read.movements] == ["78"]
    assert read.warnings == (f"Line 5: document 77 was skipped: the amount “{text[:40]}” cannot be read.",)


@pytest.mark.parametrize("text", ["31.02.2026", "18.03.1989", "18.03.2100", "2026-03-18", "завтра", "18.03.20261"])
def test_a_bad_date_skips_its_document_alone(text: str) -> None:
    read = read_statement(cp1251(document(ДатаПоступило=text), document(Номер="78")))
    assert [movement.number for movement in read.movements] == ["78"]
    assert read.warnings == (f"Line 5: document 77 was skipped: the date “{text}” cannot be read.",)


def test_a_time_after_the_date_is_ignored() -> None:
    assert only(cp1251(document(ДатаПоступило="18.03.2026 10:11:12"))).date == dt.date(2026, 3, 18)


def test_a_broken_date_of_the_header_does_no_harm() -> None:
    text = statement(document(), header=f"ДатаСоздания=23.08.201819202122\nРасчСчет={OURS}")
    assert read_statement(text.encode("cp1251")).warnings == ()


def test_totals_that_add_up_are_silent() -> None:
    data = cp1251(section("1000.00", "300.00", "1200.00"), document(), outgoing(Сумма="300.00"))
    assert read_statement(data).warnings == ()


def test_totals_that_do_not_add_up_are_warnings() -> None:
    read = read_statement(cp1251(section("2000.00", "5.00", "777.00"), document()))
    assert len(read.movements) == 1
    assert read.warnings == (
        "Line 5: the balances do not close: 500.00 + 2000.00 - 5.00 is not 777.00.",
        f"Account {OURS}: the documents bring in 1000.00, the bank's total is 2000.00.",
        f"Account {OURS}: the documents take out 0.00, the bank's total is 5.00.",
    )


def test_sections_of_one_account_a_day_each_are_added_up() -> None:
    days = section("1000.00"), section("600.00", closing="2100.00", opening="1500.00")
    data = cp1251(*days, document(), document(Сумма="600.00"))
    assert read_statement(data).warnings == ()


def test_missing_or_overdrawn_balances_are_no_warnings() -> None:
    overdrawn = section("1000.00", closing="-500.00", opening="-1500.00")
    assert read_statement(cp1251(overdrawn, document())).warnings == ()
    assert read_statement(cp1251(section("", "", "", ""), document())).warnings == ()


def test_keys_are_the_same_at_every_import_and_differ_for_equal_payments() -> None:
    first = read_statement(cp1251(document(), document(), document(Номер="78")))
    again = read_statement(statement(document(), document(), document(Номер="78")).encode("cp866"))
    keys = [movement.key for movement in first.movements]
    assert keys == [movement.key for movement in again.movements]
    assert len(set(keys)) == 3
    assert (keys[0][-2:], keys[1][-2:]) == ("-0", "-1")
    assert keys[0][:-2] == keys[1][:-2]


@pytest.mark.parametrize(
    "tags",
    [{"Сумма": "1000.01"}, {"ДатаПоступило": "19.03.2026"}, {"Номер": "8"}, {"ПлательщикСчет": "4"},
     {"НазначениеПлатежа": "Иное"}, {"ПолучательСчет": OURS_TOO}],
)  # fmt: skip
def test_every_part_of_a_payment_is_in_its_key(tags: dict[str, str]) -> None:
    assert only(cp1251(document(**tags)), OURS_TOO).key != only(cp1251(document()), OURS_TOO).key


def test_learning_of_our_second_account_does_not_change_the_keys_of_the_first() -> None:
    data = cp1251(document(ПлательщикСчет=OURS_TOO))
    known = [movement.key for movement in read_statement(data, [OURS_TOO]).movements]
    assert only(data).key in known


def test_warnings_are_counted_beyond_a_hundred() -> None:
    read = read_statement(statement("мусор\n" * 5000, header="").encode("cp1251"))
    assert len(read.warnings) == 101
    assert read.warnings[-1] == "Remarks not shown: 4900."


@pytest.mark.parametrize("side", ["Плательщик1", "Плательщик", "ПлательщикИНН", "НазначениеПлатежа", "Номер"])
@pytest.mark.parametrize("text", ["1 " * 50_000, "//" * 50_000, "ИНН 1" * 20_000, "я" * 100_000, "\x00\x1b" * 50_000])
def test_lines_of_a_hundred_kilobytes_are_read(side: str, text: str) -> None:
    read = read_statement(cp1251(document(**{"Плательщик1": "", side: text})))
    assert len(read.movements) == 1


def test_many_sections_are_read() -> None:
    accounts = [section("0", "0", "0", "0").replace(OURS, str(10**19 + n)) for n in range(3000)]
    read = read_statement(cp1251(*accounts, *["СекцияДокумент"] * 3000, document()))
    assert len(read.accounts) == 3001
    assert len(read.movements) == 1


def test_garbage_after_the_signature_is_only_warned_of() -> None:
    noise = random.Random(3).randbytes(200_000)
    read = read_statement(b"1CClientBankExchange\r\n" + noise)
    assert read.movements == ()
    assert read.warnings


@pytest.mark.parametrize(
    ("name", "money_in", "money_out"),
    [
        ("kilylabs_one_day.txt", (3, "40000.00"), (10, "41184.00")),
        ("bank_statement_windows_1.03.txt", (5, "58255.00"), (4, "17895.00")),
        ("bank_statement_dos_cp866_1.03.txt", (5, "58255.00"), (4, "17895.00")),
    ],
)
def test_the_samples_come_to_their_known_turnover(
    samples: Path, name: str, money_in: tuple[int, str], money_out: tuple[int, str]
) -> None:
    read = read_statement((samples / name).read_bytes())
    assert turnover(read, "in") == (money_in[0], Decimal(money_in[1]))
    assert turnover(read, "out") == (money_out[0], Decimal(money_out[1]))
    assert [one for one in read.warnings if "INN" not in one] == []


def test_the_two_encodings_of_the_sample_give_the_same_movements(samples: Path) -> None:
    windows = read_statement((samples / "bank_statement_windows_1.03.txt").read_bytes())
    assert windows == read_statement((samples / "bank_statement_dos_cp866_1.03.txt").read_bytes())
    assert windows.movements[1].payer.name == "ПЕТРОВ ПЕТР ПЕТРОВИЧ"
    assert windows.movements[1].payer.inn == ""
