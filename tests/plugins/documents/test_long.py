"""Two hundred lines: heads on every page, totals of pages, the total so far at the foot."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from crm.plugins.documents.sheets import paged, text_lines
from crm.workspace import Workspace
from tests.plugins.documents.sale import client, documents, pages

HEADS = {
    "act": "Наименованиеработ,услуг",
    "waybill": "кодпоОКЕИ",
    "vat_invoice": "Регистрационныйномердекларации",
    "upd": "Регистрационныйномердекларации",
}


@pytest.fixture
def long(seller: Workspace) -> Workspace:
    client(seller)
    names = [f"Изделие № {n}" + ", исполнение морское, сталь нержавеющая" * (n % 3) for n in range(1, 201)]
    items = [f"{name}*{n % 7 + 1}@{100 + n}.{n % 100:02}%22" for n, name in enumerate(names, 1)]
    invoices: Any = seller.collection("invoice")
    invoices.issue(company="company/1", items=items, date="2026-11-10")
    return seller


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


@pytest.mark.parametrize("kind", list(HEADS))
def test_every_page_has_the_head_and_the_total_so_far(long: Workspace, kind: str) -> None:
    document = documents(long).add(kind=kind, invoice=1, date="2026-11-12")
    texts = pages(long, document)
    assert len(texts) > 5
    assert all(HEADS[kind] in text for text in texts)
    so_far = [amount(re.findall(r"сначаладокумента:([\d]+,\d\d)", text)[0]) for text in texts]
    assert so_far == sorted(set(so_far))
    assert so_far[-1] == document.total
    sums: list[Decimal] = []
    for item in document.items:
        sums.append((sums[-1] if sums else Decimal(0)) + Decimal(item["sum"]))
    assert set(so_far) <= set(sums)
    assert all(f"Лист{n}из{len(texts)}" in text for n, text in enumerate(texts, 1) if n > 1)


def test_totals_of_pages_add_up_to_the_waybill(long: Workspace) -> None:
    waybill = documents(long).add(kind="waybill", invoice=1, date="2026-11-12")
    texts = pages(long, waybill)
    found = [re.findall(r"Итого\D*?([\d]+)Х([\d]+,\d\d)Х([\d]+,\d\d)([\d]+,\d\d)", text) for text in texts]
    assert all(len(one) == 1 for one in found)
    net, vat, whole = (sum(amount(one[0][place]) for one in found) for place in (1, 2, 3))
    assert (vat, whole) == (waybill.vat, waybill.total)
    assert net + vat == whole
    assert ["Всегопонакладной" in text for text in texts] == [False] * (len(texts) - 1) + [True]
    assert "Двести" in texts[-1]
    numbers = [n for text in texts for n in re.findall(r"страница(\d+)", text)]
    assert numbers == [str(n) for n in range(1, len(texts) + 1)]


def test_rows_share_pages_and_the_ending_never_stands_alone() -> None:
    assert paged(list("abcdefgh"), [10] * 8, 30, 50, 20) == [list("abc"), list("defg"), ["h"]]
    assert paged(["a", "b"], [10, 10], 30, 50, 20) == [["a"], ["b"]]
    assert paged(["a"], [10], 15, 50, 20) == [["a"]]


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("Щебень", 1), ("слово " * 30, 4), ("Ш" * 60, 3)])
def test_lines_of_text_are_reckoned(text: str, lines: int) -> None:
    assert abs(text_lines(text, 51, 7) - lines) <= 1
