from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from crm.errors import NotFound
from crm.locale import language, use_language
from crm.plugins.paper.parties import Party, seller_from
from crm.plugins.paper.render import render
from tests.plugins.paper.papers import COMPANY, SOLE_TRADER, UKRAINIAN, line, paper

NBSP = "\u00a0"


def words(html: str) -> str:
    body = html.partition("<body>")[2]
    return " ".join(unescape(re.sub("<[^>]+>", " ", body)).replace(NBSP, " ").split())


def test_amounts_do_not_part_at_the_end_of_a_line() -> None:
    assert f"26{NBSP}905,00{NBSP}руб." in render(paper())


def test_vat_within_the_price() -> None:
    text = words(render(paper()))
    assert "Итого: 26 905,00 В том числе НДС (22%): 4 851,72 Всего к оплате: 26 905,00" in text
    assert "без НДС" not in text


def test_vat_on_top_shows_sums_without_it() -> None:
    lines = [line("Щебень", "10", "1750", included=False)]
    text = words(render(paper(lines, vat_included=False)))
    assert "Цена без НДС" in text
    assert "1 750,00 17 500,00 Итого: 17 500,00 Сумма НДС (22%): 3 850,00 Всего к оплате: 21 350,00" in text


def test_mixed_rates_have_a_column_and_a_row_each() -> None:
    lines = [line("А", "1", "122"), line("Б", "1", "110", "10"), line("В", "1", "50", "none")]
    text = words(render(paper(lines)))
    assert "В том числе НДС (22%): 22,00 В том числе НДС (10%): 10,00 Всего к оплате: 282,00" in text
    assert "50,00 без НДС 50,00" in text


def test_no_tax_is_not_a_rate_of_zero() -> None:
    untaxed = words(render(paper([line("А", "1", "50", "none")])))
    exported = words(render(paper([line("А", "1", "50", "0")])))
    assert "Без налога (НДС) —" in untaxed
    assert "В том числе НДС (0%): 0,00" in exported


def test_the_discount_has_a_column_only_where_there_is_one() -> None:
    assert "Скидка" not in words(render(paper()))
    text = words(render(paper([line("А", "2", "100", discount="12.5")])))
    assert "Скидка" in text
    assert "100,00 12,5% 175,00" in text


def test_a_price_keeps_its_hundredths_of_a_kopeck() -> None:
    assert "1,2345 12,35" in words(render(paper([line("Болт", "10", "1.2345")])))


def test_a_sole_trader_signs_alone_and_shows_ogrnip() -> None:
    text = words(render(paper(seller=seller_from(SOLE_TRADER))))
    assert "ОГРНИП 304500116000157" in text
    assert text.endswith("Предприниматель Сидорова Е. В.")


def test_a_company_has_lines_for_the_head_and_the_accountant() -> None:
    untitled = seller_from(COMPANY | {"director_title": "", "director": "", "accountant": ""})
    assert words(render(paper(seller=untitled))).endswith("Руководитель Бухгалтер")


def test_a_ukrainian_invoice_has_iban_and_edrpou() -> None:
    lines = [line("Щебінь", "10", "1750", "20")]
    text = words(render(paper(lines, seller_from(UKRAINIAN), currency="UAH", lang="uk")))
    assert "Рахунок на оплату № 1042 від 16 березня 2026 р." in text
    assert "код за ЄДРПОУ 14360570, ІПН 143605726547" in text
    assert "IBAN UA21 3223 1300 0002 6007 2335 6600 1" in text
    assert "У тому числі ПДВ (20%): 2 916,67" in text
    assert "на суму 17 500,00 грн Сімнадцять тисяч п'ятсот гривень 00 копійок" in text
    assert "БІК" not in text


def test_an_english_invoice_names_its_currency() -> None:
    lines = [line("Consulting", "1.5", "1000", "none")]
    text = words(render(paper(lines, currency="USD", lang="en", buyer=Party(name="Acme Inc."))))
    assert text.count("Invoice No. 1042 dated March 16, 2026") == 1
    assert "Amount, USD 1 Consulting 1.5 шт 1,000.00 1,500.00" in text
    assert "total amount 1,500.00 USD One thousand, five hundred dollars 00 cents" in text
    assert not re.search("[А-Яа-яЁё]", text.partition("Amount, USD")[2].replace("шт", "").partition("Генеральный")[0])


@pytest.mark.parametrize(
    ("lang", "title", "claim"),
    [
        ("ru", "Акт № 1042 от 16 марта 2026 г.", "по объему, качеству и срокам оказания услуг не имеет."),
        ("uk", "Акт надання послуг № 1042 від 16 березня 2026 р.", "Замовник претензій щодо обсягу"),
        ("en", "Acceptance certificate No. 1042 dated March 16, 2026", "The customer has no claims"),
    ],
)
def test_an_act_is_signed_by_both(lang: str, title: str, claim: str) -> None:
    text = words(render(paper(kind="act", lang=lang)))
    assert text.startswith(title)
    assert claim in text
    assert text.count("Иванов И. И.") == 1


@pytest.mark.parametrize(
    ("lang", "title", "validity"),
    [
        ("ru", "Коммерческое предложение № 1042", "до 30 марта 2026 г."),
        ("uk", "Комерційна пропозиція № 1042", "до 30 березня 2026 р."),
        ("en", "Quote No. 1042", "until March 30, 2026"),
    ],
)
def test_a_quote_is_a_letter_with_a_validity(lang: str, title: str, validity: str) -> None:
    text = words(render(paper(kind="quote", lang=lang, valid_until=paper().date.replace(day=30))))
    assert title in text
    assert validity in text
    assert text.startswith("Пример Групп")


def test_a_comment_stands_in_a_quote() -> None:
    assert "Анна, добрый день!" in words(render(paper(kind="quote", comment="Анна, добрый день!")))


def test_the_language_of_the_reader_is_left_alone() -> None:
    use_language("en")
    assert "Счет на оплату" in render(paper())
    assert language() == "en"


def test_markup_in_names_stays_text() -> None:
    buyer = Party(name="<img src=x onerror=alert(1)>", address="{{ 7 * 7 }}", legal_name='"><script>')
    html = render(paper([line("<script>alert(1)</script>", "1", "5")], buyer=buyer, comment="{% raw %}<b>"))
    assert "<script" not in html
    assert "<img" not in html
    assert "{{ 7 * 7 }}" in html
    assert "&lt;b&gt;" in html


def test_a_page_refers_to_nothing_outside() -> None:
    html = render(paper(qr='<svg viewBox="0 0 1 1"></svg>'))
    assert not re.search(r"(?:src|href)=|url\(|@import|https?:", html)


def test_only_a_data_picture_is_a_facsimile() -> None:
    signed = seller_from(COMPANY)
    assert "<img" not in render(paper(seller=_with_signature(signed, "https://example.com/pen.png")))
    assert 'src="data:image/png;base64,AA=="' in render(
        paper(seller=_with_signature(signed, "data:image/png;base64,AA=="))
    )


def _with_signature(seller: Party, picture: str) -> Party:
    return replace(seller, signature=picture)


def test_a_template_of_ones_own_comes_first(tmp_path: Path) -> None:
    (tmp_path / "invoice.html").write_text("{{ paper.number }}: {{ paper.total | money }}", "utf-8")
    assert render(paper(), own=tmp_path) == f"1042: 26{NBSP}905,00"
    assert "Акт №" in render(paper(kind="act"), own=tmp_path)


def test_a_paper_without_a_template_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"waybill\.html"):
        render(paper(kind="waybill"))
