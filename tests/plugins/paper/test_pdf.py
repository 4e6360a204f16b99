from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint import HTML

from crm.errors import OutsideFailed
from crm.plugins.paper.parties import Party, seller_from
from crm.plugins.paper.pdf import pdf
from crm.plugins.paper.qr import payment_qr
from crm.plugins.paper.render import render
from tests.plugins.paper.papers import COMPANY, UKRAINIAN, line, long_paper, paper

ROOT = Path(__file__).parents[3]
RIGHT_MARGIN = 12 * 96 / 25.4  # 12 mm in CSS pixels
PRINT = """
import sys
from crm.plugins.paper.pdf import pdf
from crm.plugins.paper.qr import payment_qr
from crm.plugins.paper.render import render
from dataclasses import replace
from tests.plugins.paper.papers import paper
sys.stdout.buffer.write(pdf(render(replace(paper(), qr=payment_qr(paper())))))
"""


def pages(printed: bytes) -> list[str]:
    texts = (page.extract_text() for page in PdfReader(BytesIO(printed)).pages)
    return [" ".join(text.replace("\u00a0", " ").split()) for text in texts]


def test_an_invoice_bears_all_its_requisites() -> None:
    invoice = paper(basis="Договор № 18/2026", due=date(2026, 3, 23), comment="Самовывоз.")
    (text,) = pages(pdf(render(replace(invoice, qr=payment_qr(invoice)))))
    for requisite in (
        "Банк получателя",
        "БИК 044525225",
        "30101810400000000225",
        "40702810300000000011",
        "ИНН 7700000016",
        "КПП 770001001",
        "Счет на оплату № 1042 от 16 марта 2026 г.",
        'ООО "Пример Групп"',
        "Дербеневская наб., д. 7",
        "+7 495 123-45-67",
        "ООО «Ромашка»",
        "ИНН 7736050003",
        "КПП 773601001",
        "Договор № 18/2026",
        "17 500,00",
        "В том числе НДС (22%): 4 851,72",
        "Всего к оплате: 26 905,00",
        "Всего наименований 2, на сумму 26 905,00 руб.",
        "Двадцать шесть тысяч девятьсот пять рублей 00 копеек",
        "Оплатить не позднее 23.03.2026",
        "Самовывоз.",
        "Генеральный директор",
        "Иванов И. И.",
        "Бухгалтер",
        "Петрова А. С.",
        "Оплата по QR-коду",
    ):
        assert requisite in text


def test_the_head_of_the_table_repeats_and_totals_keep_the_last_line() -> None:
    texts = pages(pdf(render(long_paper())))
    assert len(texts) > 1
    for text in texts:
        assert text.count("Товары (работы, услуги)") == 1
    assert f"2 / {len(texts)}" in texts[1]
    for ending in ("Товар 60", "Всего к оплате: 6 030,00", "Шесть тысяч тридцать рублей", "Бухгалтер"):
        assert ending in texts[-1]
        assert not any(ending in text for text in texts[:-1])


@pytest.mark.parametrize("count", range(22, 34, 3))
def test_signatures_never_stand_on_a_page_of_their_own(count: int) -> None:
    printed = render(paper([line(f"Товар {number}", "1", "10") for number in range(1, count + 1)]))
    last = pages(pdf(printed))[-1]
    assert "Бухгалтер" in last
    assert f"Товар {count}" in last


def test_two_processes_print_the_same_bytes() -> None:
    sums = {sha256(_print_elsewhere(seed)).hexdigest() for seed in ("1", "2")}
    assert len(sums) == 1


def _print_elsewhere(seed: str) -> bytes:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", PRINT], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stderr == b""
    assert done.stdout.startswith(b"%PDF-")
    return done.stdout


@pytest.mark.parametrize("kind", ["invoice", "act", "quote"])
@pytest.mark.parametrize("company", [COMPANY, UKRAINIAN])
def test_long_words_stay_inside_the_page(kind: str, company: dict[str, Any]) -> None:
    bank = dict.fromkeys(company["bank"], "Ю" * 150)
    hostile = paper(
        [line("Щ" * 400, "999999999", "99999.99"), line("W" * 300, "1", "5", "none", discount="7")],
        seller_from(dict.fromkeys(company, "Ж" * 200) | {"bank": bank}),
        buyer=Party(name="М" * 300, address="W" * 300, email="m" * 300, director="D" * 200, director_title="П" * 99),
        kind=kind,
        number="7" * 90,
        basis="W" * 200,
        comment="W" * 400,
        notes="Ы" * 400,
    )
    for page in HTML(string=render(hostile)).render().pages:
        texts = [box for box in page._page_box.descendants() if hasattr(box, "text")]
        assert max(box.position_x + box.width for box in texts) <= page.width - RIGHT_MARGIN


def test_files_and_addresses_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">SECRET</text></svg>', "utf-8")
    allowed = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><text y='9'>ALLOWED</text></svg>"
    html = f'<img src="{secret.as_uri()}"><img src="{allowed}"><link rel=attachment href="{secret.as_uri()}">'
    printed = pdf(html)
    (text,) = pages(printed)
    assert text == "ALLOWED"
    assert not PdfReader(BytesIO(printed)).attachments


def test_a_missing_library_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(OutsideFailed, match=r"pip install 'crm\[pdf\]'"):
        pdf("<p>")
