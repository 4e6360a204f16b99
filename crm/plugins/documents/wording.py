"""How figures, dates, sides and sums are written on the forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from crm.locale import language
from crm.model.amount_words import amount_in_words, long_date
from crm.model.money import Money
from crm.model.vat import NO_VAT
from crm.plugins.documents.quantities import is_feminine, mass_in_words, quantity_in_words, sheets_in_words
from crm.plugins.paper import wording

DASH = "–"
_CURRENCIES = {
    "RUB": ("Российский рубль", "643"), "USD": ("Доллар США", "840"), "EUR": ("Евро", "978"),
    "UAH": ("Гривна", "980"), "KZT": ("Тенге", "398"), "BYN": ("Белорусский рубль", "933"),
    "CNY": ("Юань", "156"), "UZS": ("Узбекский сум", "860"),
}  # fmt: skip


def money(amount: Decimal | None) -> str:
    """Write an amount with its kopecks, nothing for what is not known."""
    return "" if amount is None else wording.money(amount)


def qty(amount: Decimal | None) -> str:
    """Write a quantity, nothing for what is not known."""
    return "" if amount is None else wording.qty(amount)


def rate(vat: str) -> str:
    """Write a rate of VAT as a счёт-фактура has it: 22%, без НДС."""
    return {"ru": "без НДС", "uk": "без ПДВ"}.get(language(), "no VAT") if vat == NO_VAT else f"{vat}%"


def dash(text: Any) -> str:
    """Write a text, a dash where there is none."""
    return str(text) if text not in ("", None) else DASH


def day(text: str) -> str:
    """Write a day kept as ISO text in digits; another text as it is."""
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


def day_long(value: date | str) -> str:
    """Write a day with its month in words; a text that is no day as it is."""
    try:
        return long_date(date.fromisoformat(value) if isinstance(value, str) else value, language())
    except ValueError:
        return str(value)


def day_short(value: date) -> str:
    """Write a day in digits."""
    return f"{value:%d.%m.%Y}"


def day_quoted(text: str) -> str:
    """Write a day kept as ISO text as forms have it; another text as it is."""
    try:
        return quoted_day(date.fromisoformat(text))
    except ValueError:
        return text


def quoted_day(value: date) -> str:
    """Write a day as forms have it: «20» марта 2026 года."""
    number, month, year, _word = long_date(value, language()).split()
    return f"«{int(number):02}» {month} {year} {'року' if language() == 'uk' else 'года'}"


def currency(code: str) -> str:
    """Write a currency by its name and its code of ОКВ."""
    name, number = _CURRENCIES.get(code, (code, ""))
    return f"{name}, {number}" if number else name


def in_words(amount: Decimal, code: str) -> str:
    """Write an amount in words, its kopecks in digits."""
    return amount_in_words(Money(amount, code), language())


def count_in_words(number: int | Decimal) -> str:
    """Write a count with a capital: «Две»; nothing for none."""
    return _capital(quantity_in_words(Decimal(number), _lang()))


def mass(kilograms: Decimal) -> str:
    """Write a mass in words with a capital."""
    return _capital(mass_in_words(kilograms, _lang()))


def quantity(line: dict[str, Any]) -> str:
    """Write the quantity of a line in words, in the gender of its unit."""
    feminine = is_feminine(line["unit_code"], _lang())
    return _capital(quantity_in_words(line["qty"], _lang(), feminine=feminine))


def full_name(side: dict[str, str]) -> str:
    """Write the name that papers bear."""
    return side.get("legal_name") or side.get("name") or ""


def inn_kpp(side: dict[str, str]) -> str:
    """Write ИНН/КПП, the first alone for a person in business."""
    return "/".join(filter(None, (side.get("inn"), side.get("kpp"))))


def who(side: dict[str, str]) -> str:
    """Write a side in one line: name, ids, address, telephone."""
    ids = {
        "ru": (("ИНН", "inn"), ("КПП", "kpp")),
        "uk": (("код за ЄДРПОУ", "edrpou"), ("РНОКПП", "rntrc"), ("ІПН", "ipn")),
    }[_lang()]
    known = [f"{label}\u00a0{side[name]}" for label, name in ids if side.get(name)]
    phone = f"тел.\u00a0{wording.phone(side['phone'])}" if side.get("phone") else ""
    return ", ".join(filter(None, (full_name(side), *known, side.get("address"), phone)))


def ids_uk(side: dict[str, str]) -> str:
    """Write the ids of a Ukrainian side; one without an ІПН pays no VAT."""
    known = (("код за ЄДРПОУ", "edrpou"), ("РНОКПП", "rntrc"), ("ІПН", "ipn"))
    return ", ".join(f"{label} {side[name]}" for label, name in known if side.get(name))


def bank(side: dict[str, str]) -> str:
    """Write where a side's money is, in one line."""
    if side.get("bank_iban"):
        return ", ".join(filter(None, (f"IBAN {wording.iban(side['bank_iban'])}", side.get("bank_name"))))
    parts = (("р/с", "bank_account"), ("в банке", "bank_name"), ("БИК", "bank_bik"), ("к/с", "bank_corr_account"))
    return ", ".join(f"{label} {side[name]}" for label, name in parts if side.get(name))


def with_bank(side: dict[str, str]) -> str:
    """Write a side with its bank, as a waybill names it."""
    return ", ".join(filter(None, (who(side), bank(side))))


def initials(name: str) -> str:
    """Shorten «Иванов Иван Иванович» to «Иванов И. И.»; what is short already stays."""
    first, *others = name.split()[:3] if name else [""]
    if not others or any("." in word for word in others):
        return name
    return " ".join([first, *(f"{word[0]}." for word in others)])


def lower_first(text: str) -> str:
    """Write a text within a sentence."""
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lang() -> str:
    return "uk" if language() == "uk" else "ru"


FILTERS: dict[str, Any] = {
    "money": money,
    "qty": qty,
    "rate": rate,
    "dash": dash,
    "day": day,
    "day_long": day_long,
    "day_short": day_short,
    "day_quoted": day_quoted,
    "quoted_day": quoted_day,
    "currency": currency,
    "in_words": in_words,
    "count_in_words": count_in_words,
    "mass": mass,
    "sheets_in_words": sheets_in_words,
    "quantity": quantity,
    "full_name": full_name,
    "inn_kpp": inn_kpp,
    "who": who,
    "bank": bank,
    "ids_uk": ids_uk,
    "lower_first": lower_first,
    "with_bank": with_bank,
    "initials": initials,
    "phone": wording.phone,
    "iban": wording.iban,
}
