from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm.plugins.paper.parties import Party, seller_from
from crm.plugins.paper.qr import payment_qr, payment_text
from tests.plugins.paper.papers import COMPANY, SOLE_TRADER, line, paper

SAMPLE = Path(__file__).parents[3] / ".." / "shared" / "samples" / "qr_gost_st00012.txt"


def field(text: str | None, key: str) -> str:
    assert text is not None
    return dict(part.split("=", 1) for part in text.split("|")[1:])[key]


def with_bank(**changes: str) -> Party:
    return seller_from(COMPANY | {"bank": COMPANY["bank"] | changes})


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample is not beside the project")
def test_the_text_is_that_of_the_sample() -> None:
    assert payment_text(paper()) == SAMPLE.read_text("utf-8").strip()


def test_required_fields_stand_first_and_in_the_order_of_the_standard() -> None:
    text = payment_text(paper())
    assert text is not None
    keys = [part.split("=")[0] for part in text.split("|")]
    assert keys[:6] == ["ST00012", "Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"]


def test_the_sum_is_in_kopecks() -> None:
    assert field(payment_text(paper(total=Decimal("0.07"))), "Sum") == "7"


def test_a_sole_trader_has_no_kpp_and_a_missing_correspondent_account_is_zero() -> None:
    bank = {**COMPANY["bank"], "corr_account": ""}
    text = payment_text(paper(seller=seller_from(SOLE_TRADER | {"bank": bank})))
    assert field(text, "CorrespAcc") == "0"
    assert "KPP" not in str(text)


def test_every_rate_of_vat_is_named_in_the_purpose() -> None:
    mixed = [line("А", "1", "122"), line("Б", "1", "110", "10"), line("В", "1", "50", "none")]
    purpose = field(payment_text(paper(mixed)), "Purpose")
    assert purpose.endswith("В том числе НДС (22%) 22-00, НДС (10%) 10-00")


def test_a_purpose_without_vat_says_so() -> None:
    assert field(payment_text(paper([line("А", "1", "50", "none")])), "Purpose").endswith("Без налога (НДС)")


def test_separators_and_line_breaks_do_not_get_into_values() -> None:
    seller = replace(seller_from(COMPANY), legal_name="ООО |Sum=1|\n«Ромб»")
    text = payment_text(paper(seller=seller, number="7|8"))
    assert field(text, "Name") == "ООО Sum=1 «Ромб»"
    assert field(text, "Purpose").startswith("Оплата по счету № 7 8 от")
    assert field(text, "Sum") == "2690500"


def test_long_names_are_cut_to_what_the_standard_allows() -> None:
    seller = replace(with_bank(name="Б" * 80), legal_name="Н" * 300)
    text = payment_text(paper(seller=seller, number="9" * 300))
    assert text is not None
    assert len(field(text, "BankName")) == 45
    assert len(field(text, "Name")) <= 160
    assert len(field(text, "Purpose")) == 210
    assert text.index("|PayeeINN=") <= 300


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"kind": "act"},
        {"total": Decimal(0)},
        {"seller": with_bank(account="40702810400000000011")},
        {"seller": with_bank(bik="")},
        {"seller": with_bank(name="")},
        {"seller": seller_from(COMPANY | {"bank": None})},
        {"seller": seller_from(COMPANY | {"inn": ""})},
    ],
)
def test_no_code_where_it_could_not_be_paid_by(changes: dict[str, Any]) -> None:
    assert payment_qr(paper(**changes)) is None


def test_the_picture_is_svg_of_69_modules_with_the_quiet_zone() -> None:
    picture = payment_qr(paper())
    assert picture is not None
    assert picture.startswith('<svg viewBox="0 0 77 77"')
    assert picture == payment_qr(paper())
