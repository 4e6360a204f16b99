"""The payment codes, read back from the printed page by a reader of QR codes."""

from __future__ import annotations

import subprocess
from base64 import urlsafe_b64decode
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pyzbar.pyzbar import decode

from crm.plugins.paper.nbu import PREFIX, nbu_text
from crm.plugins.paper.parties import Paper, seller_from
from crm.plugins.paper.pdf import pdf
from crm.plugins.paper.qr import payment_qr, payment_text
from crm.plugins.paper.render import render
from tests.plugins.paper.papers import UKRAINIAN, paper


def read_back(printed: Paper, folder: Path) -> list[str]:
    (folder / "a.pdf").write_bytes(pdf(render(replace(printed, qr=payment_qr(printed)))))
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", "a.pdf", "a"], cwd=folder, check=True)
    return [found.data.decode() for page in sorted(folder.glob("a*.png")) for found in decode(Image.open(page))]


def hryvnias() -> Paper:
    return replace(paper(), seller=seller_from(UKRAINIAN), currency="UAH", lang="uk")


def test_a_rouble_invoice_is_read_from_its_page(tmp_path: Path) -> None:
    assert read_back(paper(), tmp_path) == [payment_text(paper())]


def test_a_hryvnia_invoice_is_read_from_its_page(tmp_path: Path) -> None:
    (address,) = read_back(hryvnias(), tmp_path)
    assert address.startswith(PREFIX)
    code = address.removeprefix(PREFIX)
    assert urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode() == nbu_text(hryvnias())


def test_the_lines_of_the_hryvnia_code() -> None:
    text = nbu_text(hryvnias()) or ""
    assert text.split("\n") == [
        *("BCD", "002", "1", "UCT", "", 'ТОВ "Приклад"', "UA213223130000026007233566001", "UAH26905.00", "14360570"),
        *("", "", "Оплата за рахунком № 1042 від 16.03.2026, у т.ч. ПДВ 4851.72 грн", "", ""),
    ]


@pytest.mark.parametrize("iban", ["UA213223130000026007233566002", "DE89370400440532013000", ""])
def test_an_account_that_cannot_be_has_no_code(iban: str) -> None:
    seller = seller_from({**UKRAINIAN, "bank": {"name": "Б", "iban": iban}})
    assert payment_qr(replace(hryvnias(), seller=seller)) is None
