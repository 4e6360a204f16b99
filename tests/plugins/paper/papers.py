"""Papers to test with, made the way a plugin makes them: of documents of records and stored lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from crm.model.amount_words import long_date
from crm.model.items import build_line
from crm.model.vat import totals
from crm.plugins.paper.parties import Paper, Party, lines_from, party_from, seller_from
from crm.plugins.quotes.template import ours

COMPANY: dict[str, Any] = {
    "name": "Пример Групп",
    "legal_name": 'ООО "Пример Групп"',
    "inn": "7700000016",
    "kpp": "770001001",
    "address": "115114, г. Москва, Дербеневская наб., д. 7",
    "phone": "+74951234567",
    "email": "sales@example.ru",
    "director": "Иванов И. И.",
    "director_title": "Генеральный директор",
    "accountant": "Петрова А. С.",
    "bank": {
        "name": "ПАО СБЕРБАНК",
        "bik": "044525225",
        "account": "40702810300000000011",
        "corr_account": "30101810400000000225",
    },
}
SOLE_TRADER: dict[str, Any] = {
    "name": "ИП Сидорова Елена Викторовна",
    "inn": "500100732259",
    "ogrn": "304500116000157",
    "director": "Сидорова Е. В.",
    "bank": COMPANY["bank"],
}
UKRAINIAN: dict[str, Any] = {
    "name": 'ТОВ "Приклад"',
    "edrpou": "14360570",
    "ipn": "143605726547",
    "address": "01001, м. Київ, вул. Хрещатик, буд. 22",
    "director": "Шевченко Т. Г.",
    "bank": {"name": "АТ КБ «ПРИВАТБАНК»", "iban": "UA213223130000026007233566001"},
}
BUYER: dict[str, Any] = {
    "name": "Ромашка",
    "legal_name": "ООО «Ромашка»",
    "tax_ids": {"inn": "7736050003", "kpp": "773601001"},
    "addresses": ["117997, г. Москва, ул. Наметкина, д. 16"],
    "phones": ["+74957193001"],
    "emails": ["buyer@example.com"],
}


def line(
    name: str, qty: str, price: str, vat: str = "22", *, included: bool = True, discount: str = "0"
) -> dict[str, str]:
    return build_line(
        name=name,
        qty=Decimal(qty),
        price=Decimal(price),
        vat=vat,
        included=included,
        unit="шт",
        discount=Decimal(discount),
    )


GRAVEL = (line("Щебень гранитный", "10", "1750"), line("Доставка", "1", "9405"))


def paper(lines: Sequence[Mapping[str, Any]] = GRAVEL, seller: Party | None = None, **changes: Any) -> Paper:
    sums = totals(lines)
    printed = Paper(
        kind="invoice",
        number="1042",
        date=date(2026, 3, 16),
        seller=seller or seller_from(COMPANY),
        buyer=party_from(BUYER),
        lines=lines_from(lines),
        currency="RUB",
        lang="ru",
        total=sums.total,
        vat_total=sums.vat,
        vat_by_rate=tuple(sums.by_rate.items()),
    )
    made = replace(printed, **changes)
    return replace(made, blocks=ours(made.lang).blocks(_known(made))) if made.kind == "quote" else made


def _known(paper: Paper) -> dict[str, str]:
    until = long_date(paper.valid_until, paper.lang) if paper.valid_until else ""
    return {"number": paper.number, "date": "…", "client": paper.buyer.full_name, "valid_until": until}


def long_paper() -> Paper:
    return paper([line(f"Товар {number}", "1", "100.50") for number in range(1, 61)])
