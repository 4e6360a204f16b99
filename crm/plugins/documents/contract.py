"""The text of a contract: a template with merge fields filled once, then edited by people until it is signed."""

from __future__ import annotations

from contextvars import copy_context
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _, use_language
from crm.model.amount_words import amount_in_words, long_date
from crm.model.money import Money
from crm.model.vat import NO_VAT
from crm.plugins.documents.declension import is_female
from crm.plugins.documents.requisites import is_sole_trader
from crm.plugins.mailings.template import fill, names_in
from crm.plugins.paper import wording

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.desk import Desk

_OURS = Path(__file__).parent / "templates"
_BLANK = "____________"


class _Acting(NamedTuple):
    """The words for whom a side acts by and on what ground."""

    by: str
    male: str
    female: str
    acting_himself: str
    acting_herself: str
    charter: str
    registered: str
    register: str


_ACTING = {
    "ru": _Acting("в лице", "действующего на основании", "действующей на основании", "действующий на основании",
                  "действующая на основании", "Устава", "записи в ЕГРИП, ОГРНИП", "записи в ЕГРИП"),
    "uk": _Acting("в особі", "що діє на підставі", "що діє на підставі", "що діє на підставі", "що діє на підставі",
                  "Статуту", "запису в Єдиному державному реєстрі, №", "запису в Єдиному державному реєстрі"),
}  # fmt: skip


def template_text(crm: Desk, lang: str) -> str:
    """Return the template of contracts: `config/papers/contract.txt` where the workspace has one, else ours."""
    own = crm.settings.root / "config" / "papers" / "contract.txt"
    return (own if own.is_file() else _OURS / f"contract_{lang}.txt").read_text("utf-8")


def contract_text(crm: Desk, doc: Doc) -> str:
    """Return the text of a new contract, its merge fields filled; a blank line stands for what is not known.

    Raise InvalidValue for a merge field that there is not.
    """
    text = template_text(crm, doc["lang"])
    values = copy_context().run(values_of, doc)
    unknown = [name for name in names_in(text) if name not in values]
    if unknown:
        raise InvalidValue(
            _("config/papers/contract.txt: there is no merge field {field}.").format(field="{" + unknown[0] + "}"),
            _("Known: {names}.").format(names=", ".join(values)),
        )
    return fill(text, {name: value or _BLANK for name, value in values.items()})


def values_of(doc: Doc) -> dict[str, str]:
    """Return what the merge fields stand for, empty where it is not known; speaks the language of the document."""
    details, lang = doc.get("details") or {}, doc["lang"]
    use_language(lang)
    return {
        "number": doc["number"],
        "date": long_date(date.fromisoformat(doc["date"]), lang),
        "city": details.get("city") or doc["seller"].get("city", ""),
        **_side("seller", doc["seller"], details, lang),
        **_side("buyer", doc["buyer"], details, lang),
        **_price(doc),
        "subject": details.get("subject") or _subject(doc["items"]),
        "payment_days": details.get("payment_days", "5"),
        "delivery_days": details.get("delivery_days", "10"),
        "valid_until": _day(details.get("valid_until"), lang) or _year_end(doc["date"], lang),
    }


def _side(name: str, side: dict[str, str], details: dict[str, str], lang: str) -> dict[str, str]:
    own = {key.removeprefix(f"{name}_"): text for key, text in details.items() if key.startswith(f"{name}_")}
    known = {**side, **own}
    return {
        f"{name}_name": known.get("legal_name") or known.get("name", ""),
        f"{name}_director": known.get("director", ""),
        f"{name}_director_genitive": _in_person(known),
        f"{name}_represented": represented(known, lang),
        f"{name}_email": known.get("email", ""),
    }


def represented(side: dict[str, str], lang: str) -> str:
    """Return by whom a side acts: «в лице директора Иванова И. И., действующего на основании Устава».

    A sole trader acts for himself, on the ground of his registration.
    """
    words, female = _ACTING[lang], is_female(side.get("director") or side.get("name", ""))
    if is_sole_trader(side):
        number = f"{words.registered} {side['ogrn']}" if side.get("ogrn") else ""
        acting = words.acting_herself if female else words.acting_himself
        return f"{acting} {side.get('acts_on') or side.get('registration') or number or words.register}"
    acting = words.female if female else words.male
    return f"{words.by} {_in_person(side) or _BLANK}, {acting} {side.get('acts_on') or words.charter}"


def _in_person(side: dict[str, str]) -> str:
    said = (side.get("director_title", "").lower(), side.get("director", "")) if side.get("director") else ()
    return side.get("director_genitive") or " ".join(filter(None, said))


def _price(doc: Doc) -> dict[str, str]:
    lang, total = doc["lang"], Money.from_json(doc["total"])
    words = amount_in_words(total, lang)
    figure = f"{wording.money(total.amount)} {wording.currency_mark(total.currency)} ({words})"
    return {"total": figure, "vat": _vat(doc, lang)}


def _vat(doc: Doc, lang: str) -> str:
    rates = {item.get("vat", NO_VAT) for item in doc["items"]} - {NO_VAT}
    amount = Money.from_json(doc["vat"])
    if not rates or not amount.amount:
        return {"ru": "НДС не облагается", "uk": "без ПДВ"}[lang]
    shown = ", ".join(f"{rate} %" for rate in sorted(rates, key=Decimal, reverse=True))
    words = amount_in_words(amount, lang)
    said = {"ru": "в том числе НДС ({rates}) {sum} ({words})", "uk": "у т. ч. ПДВ ({rates}) {sum} ({words})"}[lang]
    return said.format(
        rates=shown, sum=f"{wording.money(amount.amount)} {wording.currency_mark(amount.currency)}", words=words
    )


def _subject(items: list[Doc]) -> str:
    return "; ".join(item["name"] for item in items[:5]) + ("…" if len(items) > 5 else "")


def _day(text: str | None, lang: str) -> str:
    try:
        return long_date(date.fromisoformat(text), lang) if text else ""
    except ValueError:
        return str(text)


def _year_end(text: str, lang: str) -> str:
    return long_date(date(int(text[:4]), 12, 31), lang)
