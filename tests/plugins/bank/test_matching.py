from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm.plugins.bank import matching
from crm.plugins.bank.matching import Facts, Match
from crm.plugins.bank.open_invoices import Numbers, OpenInvoice, OpenInvoices
from crm.plugins.bank.parties import Party
from crm.plugins.bank.purpose import Purpose
from crm.plugins.bank.refunds import PaidInvoices, find_refunds
from crm.plugins.bank.statement import Movement, read_statement

NOTHING = "No open invoice is named in the purpose, and the payer has no tax id."
KNOWN = Facts()
ROMASHKA, IVANOV = "7800000027", "770000000300"


def invoice(
    number: int, remainder: str, inn: str = ROMASHKA, day: int = 16, shown: str = "", **more: Any
) -> OpenInvoice:
    display = shown or f"СЧ-2026/{number:04}"
    tax_ids = frozenset(filter(None, [inn]))
    ref, date = f"invoice/{number}", dt.date(2026, 3, day)
    return OpenInvoice(ref, (display, str(number)), tax_ids, Decimal(remainder), date, client=f"company/{inn}", **more)


def find_invoices(movement: Movement, invoices: Iterable[OpenInvoice], facts: Facts = KNOWN) -> Match:
    return matching.find_invoices(movement, OpenInvoices(invoices), facts)


def find_numbers(purpose: str, invoices: Iterable[OpenInvoice]) -> list[OpenInvoice]:
    return OpenInvoices(invoices).numbers.named(Purpose(purpose))


def paid(purpose: str, amount: str, inn: str = ROMASHKA, *, certain: bool = True, way: Any = "in") -> Movement:
    return Movement(
        direction=way,
        date=dt.date(2026, 3, 18),
        amount=Decimal(amount),
        number="77",
        payer=Party("ООО", inn),
        payee=Party("Мы", inn if way == "out" else ""),
        purpose=purpose,
        kind="Платежное поручение",
        key="k-0",
        certain=certain,
        line=1,
    )


def applied(match: Match) -> dict[str, str]:
    return {ref.removeprefix("invoice/"): f"{amount:.2f}" for ref, amount in match.applied}


@pytest.fixture
def invoices() -> list[OpenInvoice]:
    return [
        invoice(1042, "26905.00"),
        invoice(1043, "7500.00", inn="660000000042"),
        invoice(1044, "7500.00", inn=IVANOV),
        invoice(1050, "10000.00", inn=IVANOV),
    ]


def test_the_sample_statement_is_sorted_as_expected(samples: Path, invoices: list[OpenInvoice]) -> None:
    read = read_statement((samples / "bank_statement_windows_1.03.txt").read_bytes())
    matches = {movement.number: find_invoices(movement, invoices) for movement in read.movements}
    assert applied(matches["77"]) == {"1042": "26905.00"}
    assert matches["903118"].suggested == ("invoice/1043",)
    assert applied(matches["12"]) == {"1044": "7500.00", "1050": "10000.00"}
    for number in ("55123", "5", "31", "700901", "32", "33"):
        assert (matches[number].applied, matches[number].suggested) == ((), ())
    assert all(match.why.endswith(".") for match in matches.values())


@pytest.mark.parametrize(
    ("amount", "advance", "points"), [("26905.00", "0", 100), ("5000.00", "0", 80), ("30000.00", "3095.00", 70)]
)
def test_a_named_invoice_of_the_payer_is_paid_by_its_points(
    invoices: list[OpenInvoice], amount: str, advance: str, points: int
) -> None:
    """60 for the number with the client's tax id, 10 for his only open invoice, 30 or 10 for the amount."""
    match = find_invoices(paid("Оплата по счету № 1042", amount), invoices)
    assert match.points == points
    assert applied(match) == ({"1042": amount} if points >= 80 else {})
    assert "СЧ-2026/1042" in match.why


def test_more_than_is_owed_becomes_an_advance_of_the_invoice(invoices: list[OpenInvoice]) -> None:
    match = find_invoices(paid("Оплата по счету № 1042 от 16.03.2026", "30000.00"), invoices)
    assert applied(match) == {"1042": "30000.00"}
    assert match.advance == Decimal("3095.00")
    assert match.why.endswith("= 80. 3095.00 is above all that is owed and is kept as an advance.")


def test_a_part_of_one_of_several_open_invoices_needs_its_date() -> None:
    several = [invoice(1042, "26905"), invoice(1041, "500")]
    assert find_invoices(paid("счет № 1042", "5000"), several).suggested == ("invoice/1042",)
    assert applied(find_invoices(paid("счет № 1042 от 16.03.26", "5000"), several)) == {"1042": "5000.00"}


@pytest.mark.parametrize("inn", ["", "7707083893"])
def test_a_stranger_only_suggests(invoices: list[OpenInvoice], inn: str) -> None:
    match = find_invoices(paid("Оплата по счету № 1042", "26905.00", inn), invoices)
    assert (match.applied, match.suggested) == ((), ("invoice/1042",))


@pytest.mark.parametrize("date", ["16.03.2026", "16.03.26", "16/03/2026", "16 марта 2026 г.", "16 березня 2026"])
def test_a_stranger_who_names_number_date_and_amount_pays_when_his_account_paid_before(
    invoices: list[OpenInvoice], date: str
) -> None:
    payment = paid(f"За ООО Ромашка по счету № 1042 от {date}", "26905.00", "")
    assert find_invoices(payment, invoices).points == 75
    assert find_invoices(payment, invoices).suggested == ("invoice/1042",)
    known = find_invoices(payment, invoices, Facts(seen=frozenset([f"company/{ROMASHKA}"])))
    assert applied(known) == {"1042": "26905.00"}
    assert "this account paid for the client before +10 = 85" in known.why


def test_a_person_who_pays_through_a_bank_is_known_by_the_name() -> None:
    known = [invoice(1042, "500", "", person="Петров Пётр Петрович")]
    payment = paid("По счету № 1042 от 16.03.2026", "500", "")
    payment = replace(payment, payer=Party("ПЕТРОВ ПЕТР ПЕТРОВИЧ"))
    assert applied(find_invoices(payment, known)) == {"1042": "500.00"}
    other = replace(payment, payer=Party("ПЕТРОВ ПЕТР ИВАНОВИЧ"))
    assert find_invoices(other, known).suggested == ("invoice/1042",)


def test_without_a_number_the_client_s_only_open_invoice_of_the_amount_is_paid(invoices: list[OpenInvoice]) -> None:
    match = find_invoices(paid("Оплата за услуги", "26905.00"), invoices)
    assert applied(match) == {"1042": "26905.00"}
    assert "the payer's only invoice of this amount +70, the client's only open invoice +10 = 80" in match.why
    assert find_invoices(paid("Оплата за услуги", "26904.99"), invoices).suggested == ("invoice/1042",)
    assert find_invoices(paid("Оплата за услуги", "26905.00", ""), invoices) == Match(why=NOTHING)


def test_what_is_found_for_nobody_says_what_is_known_of_the_payer(invoices: list[OpenInvoice]) -> None:
    assert find_invoices(paid("Оплата", "5", "7707083893"), invoices).why.endswith("for the payer, INN 7707083893.")
    assert find_invoices(paid("Оплата", "5", IVANOV), invoices).why.endswith("none of the payer's comes to the amount.")


def test_one_of_several_open_invoices_without_a_number_is_only_suggested(invoices: list[OpenInvoice]) -> None:
    match = find_invoices(paid("Оплата за услуги", "10000.00", IVANOV), invoices)
    assert (match.applied, match.suggested, match.points) == ((), ("invoice/1050",), 70)
    dated = find_invoices(paid("Оплата за услуги по счету от 16.03.2026", "10000.00", IVANOV), invoices)
    assert applied(dated) == {"1050": "10000.00"}


def test_all_open_invoices_of_the_payer_that_come_to_the_amount_are_suggested(invoices: list[OpenInvoice]) -> None:
    match = find_invoices(paid("Оплата за услуги", "17500.00", IVANOV), invoices)
    assert (match.applied, match.suggested) == ((), ("invoice/1044", "invoice/1050"))


def test_two_equal_invoices_are_suggested_oldest_first() -> None:
    match = find_invoices(paid("Оплата", "500"), [invoice(2, "500", day=9), invoice(1, "500", day=3)])
    assert (match.applied, match.suggested) == ((), ("invoice/1", "invoice/2"))


def test_the_only_equal_invoice_is_paid_though_the_purpose_names_a_number_that_is_not_ours(
    invoices: list[OpenInvoice],
) -> None:
    match = find_invoices(paid("Оплата по счету № 999", "26905.00"), invoices)
    assert applied(match) == {"1042": "26905.00"}


@pytest.mark.parametrize("client", [ROMASHKA, IVANOV])
def test_an_equal_invoice_is_only_suggested_when_a_closed_invoice_of_ours_is_named(
    invoices: list[OpenInvoice], client: str
) -> None:
    closed = Numbers()
    closed.put(invoice(999, "0", inn=client))
    match = find_invoices(paid("Оплата по счету № 999", "26905.00"), invoices, Facts(closed=lambda: closed))
    assert (match.applied, match.suggested) == ((), ("invoice/1042",))
    assert "СЧ-2026/0999" in match.why


def test_an_equal_invoice_is_not_paid_when_another_client_s_is_named(invoices: list[OpenInvoice]) -> None:
    match = find_invoices(paid("Оплата по счету № 1043", "26905.00"), invoices)
    assert (match.applied, match.suggested) == ((), ("invoice/1042",))
    assert match.why.endswith("= 80. But the purpose names СЧ-2026/1043.")


def test_an_equal_invoice_is_not_paid_when_another_open_one_of_the_payer_is_named() -> None:
    match = find_invoices(paid("Оплата по счету № 1 от 16.03.26", "500"), [invoice(1, "900"), invoice(2, "500")])
    assert applied(match) == {"1": "500.00"}


def test_several_numbers_that_come_to_the_amount_are_all_paid(invoices: list[OpenInvoice]) -> None:
    match = find_invoices(paid("Оплата по счетам NN 1044, 1050", "17500.00", IVANOV), invoices)
    assert applied(match) == {"1044": "7500.00", "1050": "10000.00"}
    assert match.advance == 0


@pytest.mark.parametrize("amount", ["17499.99", "17500.01"])
def test_several_numbers_that_do_not_come_to_the_amount_are_asked_about(
    invoices: list[OpenInvoice], amount: str
) -> None:
    match = find_invoices(paid("Оплата по счетам NN 1044, 1050", amount, IVANOV), invoices)
    assert (match.applied, match.suggested) == ((), ("invoice/1044", "invoice/1050"))


@pytest.mark.parametrize(
    "words",
    ["Возврат", "займ", "по договору займа", "эквайринг", "Возмещение", "комиссия", "проценты по вкладу",
     "перевод собственных средств", "депозит", "зарплата", "налог на прибыль", "заём", "відшкодування",
     "власних коштів", "відсотки", "заробітна плата", "податок на прибуток"],
)  # fmt: skip
def test_some_money_is_never_applied(invoices: list[OpenInvoice], words: str) -> None:
    match = find_invoices(paid(f"{words} по счету № 1042", "26905.00"), invoices)
    assert (match.applied, match.suggested) == ((), ())
    assert "sorted by hand" in match.why


@pytest.mark.parametrize(
    "words",
    ["Без налога (НДС)", "НДС не облагается, упрощенная система налогообложения", "налогом не облагается",
     "в т.ч. налог на добавленную стоимость", "предоплата 50 процентов", "В т.ч. НДС (22%) 4851-72",
     "без податку (ПДВ)", "у т.ч. податок на додану вартість", "не оподатковується"],
)  # fmt: skip
def test_what_is_said_of_vat_does_not_forbid(invoices: list[OpenInvoice], words: str) -> None:
    assert applied(find_invoices(paid(f"По счету № 1042. {words}", "26905.00"), invoices)) == {"1042": "26905.00"}


def test_a_movement_in_doubt_is_only_suggested(invoices: list[OpenInvoice]) -> None:
    match = find_invoices(paid("Оплата по счету № 1042", "26905.00", certain=False), invoices)
    assert (match.applied, match.suggested, match.advance) == ((), ("invoice/1042",), Decimal(0))
    assert "doubt" in match.why


def test_a_paid_invoice_is_not_open() -> None:
    match = find_invoices(paid("Оплата по счету № 1042", "5"), [invoice(1042, "0")])
    assert (match.applied, match.suggested) == ((), ())


def test_an_invoice_of_another_company_of_ours_is_only_suggested(invoices: list[OpenInvoice]) -> None:
    theirs = [invoice(1042, "26905.00", own="ip")]
    match = find_invoices(paid("счет № 1042", "26905.00"), theirs, Facts(own=""))
    assert (match.applied, match.suggested) == ((), ("invoice/1042",))
    assert match.why.endswith("СЧ-2026/1042 was issued by another company of ours.")
    assert applied(find_invoices(paid("счет № 1042", "26905.00"), theirs, Facts(own="ip"))) == {"1042": "26905.00"}
    assert applied(find_invoices(paid("счет № 1042", "26905.00"), theirs)) == {"1042": "26905.00"}


def test_of_two_invoices_of_one_number_that_of_the_company_which_got_the_money_is_meant() -> None:
    both = [replace(invoice(5, "500"), ref="invoice/50", own="ip"), invoice(5, "500")]
    match = find_invoices(paid("Оплата по счету № 5", "500"), both, Facts(own="ip"))
    assert match.applied == (("invoice/50", Decimal(500)),)


def test_a_match_that_was_taken_back_is_only_suggested(invoices: list[OpenInvoice]) -> None:
    match = find_invoices(paid("счет № 1042", "26905.00"), invoices, Facts(refused=frozenset(["invoice/1042"])))
    assert (match.applied, match.suggested) == ((), ("invoice/1042",))
    assert match.why.endswith("This payment of СЧ-2026/1042 was taken back by hand: it is not made again by itself.")


# --- money given back ------------------------------------------------------------------------------------------------


def refund(purpose: str, amount: str, paid_for: str = "26905", advance: str = "0", inn: str = ROMASHKA) -> Match:
    known = invoice(1042, "0", paid=Decimal(paid_for), advance=Decimal(advance))
    return find_refunds(paid(purpose, amount, inn, way="out"), lambda: PaidInvoices([known]))


@pytest.mark.parametrize(
    ("purpose", "amount", "inn", "points"),
    [
        ("Возврат переплаты по счету № 1042", "405", ROMASHKA, 60),
        ("Возврат по счету № 1042 от 16.03.2026", "26905", ROMASHKA, 100),
        ("Возврат по счету № 1042 от 16.03.2026", "405", "", 45),
    ],
)
def test_a_return_that_names_an_invoice_is_proposed(purpose: str, amount: str, inn: str, points: int) -> None:
    match = refund(purpose, amount, inn=inn)
    assert (match.applied, match.suggested, match.points) == ((), ("invoice/1042",), points)
    assert match.why.startswith("Money is given back: confirm it. Invoice СЧ-2026/1042:")


def test_a_return_without_a_number_is_that_of_the_same_overpayment() -> None:
    assert refund("Возврат излишне перечисленного", "405", advance="405").suggested == ("invoice/1042",)
    assert refund("Возврат излишне перечисленного", "404", advance="405").suggested == ()


@pytest.mark.parametrize(
    ("purpose", "amount"),
    [("Возврат по счету № 1042", "26906"), ("Оплата по счету № 1042", "405"), ("Возврат займа", "405")],
)
def test_what_is_no_return_for_an_invoice_is_not_proposed(purpose: str, amount: str) -> None:
    assert refund(purpose, amount).suggested == ()


FOUND = [
    "сч.№0001042",
    "счет N1042",
    "счет №1042",
    "счёт1042",
    "Счет на оплату 1042 от 16.03.2026",
    "счет №1042(16.03.26)",
    "по сч.1042 от 16.03.26 частично",
    "за 5 насосов по счету 1042",
    "Оплата по счету No 1042, сумма 26905-00",
    "Invoice 1042",
    "Рахунок # 1042",
    "Оплата согласно рахунку 1042",
    "счет-договор № 1042",
    "по договору поставки № 7 оплата счета № 1042",
    "по счету № СЧ-2026/1042 от 16.03.2026",
    "по счету сч-2026/1042",
    "заказ 1042",
    "счета №№ 1041,1042",
]
NOT_FOUND = [
    "№1042/1",
    "счет № 1042-1",
    "счет ПС-1042",
    "счет 11042",
    "счет 10420",
    "по договору 1042",
    "счет № 7 по договору № 1042",
    "счет № 7 по договору поставки № 1042 от 01.02.2026",
    "счет 7, сумма 1042-00",
    "счет 7, сумма 1042.50",
    "счет 7, НДС 1 042,00",
    "счет 7, ИНН 1042",
    "счет 7, 1042%",
    "счет-фактура № 1042",
    "за насосы 1042",
]


@pytest.mark.parametrize("purpose", FOUND)
def test_a_number_is_found_however_it_is_written(purpose: str) -> None:
    assert [found.ref for found in find_numbers(purpose, [invoice(1042, "1")])] == ["invoice/1042"]


@pytest.mark.parametrize("purpose", NOT_FOUND)
def test_what_only_looks_like_the_number_is_not_it(purpose: str) -> None:
    assert find_numbers(purpose, [invoice(1042, "1")]) == []


@pytest.mark.parametrize(
    ("purpose", "found"),
    [("счет за март 2026 г.", False), ("счет 2026", False), ("счет № 2026", True), ("счет N2026 от 1.2.26", True)],
)
def test_a_number_like_a_year_counts_only_after_the_sign(purpose: str, found: bool) -> None:
    assert bool(find_numbers(purpose, [invoice(2026, "1", shown="А-2026")])) is found


@pytest.mark.parametrize(
    ("purpose", "found"),
    [("счет 5", True), ("сч. № 5", True), ("счета 12, 5 и 7", True), ("по счету 12 за 5 насосов", False)],
)
def test_a_short_number_counts_only_where_it_is_named(purpose: str, found: bool) -> None:
    assert bool(find_numbers(purpose, [invoice(5, "1")])) is found


@pytest.mark.parametrize("shown", ["2026-42", "СЧ-2026-42", "42/К"])
def test_a_shown_number_with_a_dash_is_not_taken_for_an_amount(shown: str) -> None:
    known = [OpenInvoice("invoice/1", (shown,), frozenset(), Decimal(1), dt.date(2026, 3, 16))]
    assert find_numbers(f"Оплата по счету № {shown} от 16.03.2026", known)
    assert not find_numbers("Оплата по счету, сумма 2026-42", known)


@pytest.mark.parametrize("piece", ["1", "111 ", "№", "договор", "счет 1, ", "и", "ИНН", "налог ", "сч 1 и ", "1.1.1"])
def test_a_purpose_of_a_hundred_kilobytes_is_searched(invoices: list[OpenInvoice], piece: str) -> None:
    match = find_invoices(paid("счет № 1042 " + piece * (100_000 // len(piece)), "1"), invoices)
    assert match.why
