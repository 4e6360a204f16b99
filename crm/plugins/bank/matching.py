"""Which open invoices a movement pays, and why we think so; applying the payment is done elsewhere.

Only what is beyond doubt is applied; the rest is suggested or left to a person.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.locale import _
from crm.plugins.bank.statement import Movement

_ZERO = Decimal("0.00")
_PURPOSE_READ = 2000
_LETTERS = "0-9A-Za-zА-Яа-яЁёІіЇїЄєҐґ"

_NAMING = (
    r"(?:№|сч[её]т[а-яё]{0,3}(?:\s{1,3}на\s{1,3}оплату)?|\bсч\b|рахун[а-яіо]{0,4}|invoice|заказ[а-яё]{0,2})[\s.:№]{0,5}"
)

_DATE = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?!\d)")
_AMOUNT = re.compile(r"(?<![\w№/-])(?<!№\s)\d{1,3}(?:[ \u00a0]?\d{3}){0,6}[-.,=]\d{2}(?!\d)")
_PERCENT = re.compile(r"(?<!\d)\d+(?:[.,]\d+)?\s{0,3}(?:%|процент\w*|відсотк\w*)", re.IGNORECASE)
_TAX_ID = re.compile(r"\bИНН[\s:]{0,3}\d+", re.IGNORECASE)
_OTHER_PAPER = re.compile(
    r"(?<!-)\b(?:договор|контракт|соглашени|спецификаци|накладн|дог\b|упд\b|акт(?:[ауе]|ом)?\b|с/ф\b"
    r"|сч[её]т\w{0,2}-фактур)\w{0,4}\.?(?:(?:\s{1,3}(?!сч[её]т|заказ|рахун)[а-яё]{1,15}){0,4}\s{0,3}№)?"
    r"\s{0,3}[\w/-]{0,30}\d[\w/-]{0,30}",
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"(?:\b[Nn]{1,2}|\bNo|#)\.?(?=\s{0,3}\d)")
_GLUED_WORD = re.compile(r"\b(сч|сч[её]т[а-яё]{0,3}|заказ[а-яё]{0,2}|рахун[а-яіо]{0,4})(?=\d)", re.IGNORECASE)
_TRIGGER = re.compile(r"сч[её]т|сч\.|\bсч\b|рахун|invoice|заказ|№|\bN{1,2}\b", re.IGNORECASE)
_NAMED_HERE = re.compile(
    _NAMING + r"(?:\d[\w/-]{0,20}(?:\s{0,3}[,;]\s{0,3}|\s{1,3}(?:и|та|and)\s{1,3})№?\s{0,3}){0,9}$", re.IGNORECASE
)
_NAMED_NUMBER = re.compile(_NAMING + r"\d", re.IGNORECASE)
_TAX_WORDS = re.compile(
    r"(?:без|облагается|в\s*т\.?\s*ч\.?|в\s+том\s+числе)\s+налог\w*|налог\w*\s+не\s+облаг\w*|налогообложени\w*"
    r"|налог\w*\s+на\s+добавленную\s+стоимость|налог\w*\s*\(?\s*ндс",
    re.IGNORECASE,
)
_NEVER_AUTO = re.compile(
    r"\b(?:возврат|повернення|за[йеё]м|позик|эквайринг|еквайринг|возмещени|комисси|комісі|процент"
    r"|собственных\s+средств|депозит|зарплат|заработн\w+\s+плат|налог)\w{0,10}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice waiting for money; `numbers` are its printed forms: as shown, and as sent to 1C."""

    ref: str
    numbers: tuple[str, ...]
    client_inn: str
    remainder: Decimal
    date: dt.date


@dataclass(frozen=True)
class Match:
    """What to apply (invoice, amount), what to offer a person, what is left as an advance, and why."""

    applied: tuple[tuple[str, Decimal], ...] = ()
    suggested: tuple[str, ...] = ()
    advance: Decimal = _ZERO
    why: str = ""


def find_invoices(
    movement: Movement, invoices: Iterable[OpenInvoice], others: Callable[[], Iterable[OpenInvoice]] = tuple
) -> Match:
    """Find the invoices that an incoming movement pays.

    `others` gives the rest of our invoices, paid and cancelled ones: a purpose that names one of them is not taken
    to mean another by its amount. A movement that is not certain is only suggested. Amounts are in one currency,
    which the caller sees to.
    """
    if movement.direction != "in":
        return Match(why=_("Only money that came from outside pays an invoice."))
    if word := _never_auto_word(movement.purpose):
        return Match(why=_("The purpose says “{word}”: such money is sorted by hand.").format(word=word))
    waiting = sorted((invoice for invoice in invoices if invoice.remainder > 0), key=lambda i: (i.date, i.ref))
    named = find_numbers(movement.purpose, waiting)
    match = _by_number(movement, named) if named else _by_amount(movement, waiting, others)
    return match if movement.certain else _doubt(match)


def _never_auto_word(purpose: str) -> str:
    """Return the word that forbids applying the money; what is said of VAT does not count."""
    text = _TAX_WORDS.sub(" ", _clean(purpose[:_PURPOSE_READ]))
    found = _NEVER_AUTO.search(text)
    return found[0] if found else ""


def _clean(purpose: str) -> str:
    """Bring number signs to one form and take out what looks like a number of an invoice but is not."""
    text = _GLUED_WORD.sub(r"\1 ", _NUMBER_SIGN.sub("№", purpose))
    for pattern in (_DATE, _AMOUNT, _PERCENT, _TAX_ID, _OTHER_PAPER):
        text = pattern.sub(" ", text)
    return text


def find_numbers(purpose: str, invoices: Iterable[OpenInvoice]) -> list[OpenInvoice]:
    """Return the invoices one of whose printed numbers stands in the purpose of a payment.

    The search goes from the invoices to the text. Dates, amounts, percents, tax ids and numbers of contracts are
    taken out first; without a word like «счёт» or a number sign nothing is found.
    """
    text = _clean(purpose[:_PURPOSE_READ])
    if not _TRIGGER.search(text):
        return []
    folded = text.casefold()
    return [i for i in invoices if any(_stands_in(text, folded, number) for number in i.numbers)]


def _stands_in(text: str, folded: str, number: str) -> bool:
    form = number.strip().lstrip("0")
    if not form or form.casefold() not in folded:
        return False
    pattern = rf"(?<![{_LETTERS}/-])0*{re.escape(form)}(?![0-9/-])"
    return any(_counts(text, found, form) for found in re.finditer(pattern, text, re.IGNORECASE))


def _counts(text: str, found: re.Match[str], form: str) -> bool:
    """Tell whether a number found is an invoice's: years only after №, one or two digits only where named."""
    before = text[max(0, found.start() - 120) : found.start()]
    if not form.isdecimal():
        return True
    if len(form) == 4 and 1990 <= int(form) <= 2099:
        return before.rstrip().endswith("№")
    return len(form) > 2 or bool(_NAMED_HERE.search(before))


def _by_number(movement: Movement, named: Sequence[OpenInvoice]) -> Match:
    inn = movement.payer.inn
    own = [invoice for invoice in named if inn and invoice.client_inn == inn]
    if len(own) == 1:
        why = _("Invoice {numbers} is named in the purpose, and the payer is the client.")
        return _apply(movement, own, why)
    if own:
        return _several(movement, own)
    exact = [i for i in named if i.remainder == movement.amount and i.date in _dates(movement.purpose)]
    if len(exact) == 1:
        why = _("Invoice {numbers}, its date and its exact amount are named; the payer is someone else.")
        return _apply(movement, exact, why)
    return _suggest(named, _("The purpose names {numbers}, but the payer is not known as the client."))


def _several(movement: Movement, own: Sequence[OpenInvoice]) -> Match:
    if sum((invoice.remainder for invoice in own), _ZERO) == movement.amount:
        why = _("Invoices {numbers} are named in the purpose and come to the amount; the payer is the client.")
        return _apply(movement, own, why)
    return _suggest(own, _("Invoices {numbers} are named in the purpose, but do not come to the amount."))


def _by_amount(
    movement: Movement, waiting: Sequence[OpenInvoice], others: Callable[[], Iterable[OpenInvoice]]
) -> Match:
    inn, amount = movement.payer.inn, movement.amount
    equal = [i for i in waiting if inn and i.client_inn == inn and i.remainder == amount]
    if not equal:
        return Match(why=_("No open invoice is named in the purpose, and none of the payer's comes to the amount."))
    if len(equal) > 1:
        return _suggest(equal, _("Several invoices of the payer come to the amount: {numbers}."))
    if not _NAMED_NUMBER.search(_clean(movement.purpose[:_PURPOSE_READ])):
        return _apply(movement, equal, _("Invoice {numbers} is the only one of the payer that comes to the amount."))
    if closed := find_numbers(movement.purpose, others()):
        why = _("By the amount it would be {numbers}, but the purpose names {other}, which is paid or cancelled.")
        return _suggest(equal, why, other=_numbers(closed))
    why = _("Invoice {numbers} is the only one of the payer that comes to the amount; the number named is not ours.")
    return _apply(movement, equal, why)


def _dates(purpose: str) -> set[dt.date]:
    """Return the dates in a purpose, dd.mm.yy or dd.mm.yyyy."""
    dates = set()
    for day, month, year in _DATE.findall(purpose[:_PURPOSE_READ]):
        century = 2000 if len(year) == 2 else 0
        try:
            dates.add(dt.date(century + int(year), int(month), int(day)))
        except ValueError:
            continue
    return dates


def _apply(movement: Movement, invoices: Sequence[OpenInvoice], why: str) -> Match:
    left, applied = movement.amount, []
    for invoice in invoices:
        part = min(invoice.remainder, left)
        applied.append((invoice.ref, part))
        left -= part
    return Match(applied=tuple(applied), advance=left, why=why.format(numbers=_numbers(invoices)))


def _suggest(invoices: Sequence[OpenInvoice], why: str, **words: str) -> Match:
    return Match(suggested=tuple(i.ref for i in invoices), why=why.format(numbers=_numbers(invoices), **words))


def _numbers(invoices: Sequence[OpenInvoice]) -> str:
    return ", ".join(invoice.numbers[0] if invoice.numbers else invoice.ref for invoice in invoices)


def _doubt(match: Match) -> Match:
    """Turn what would be applied into a suggestion, for the bank's file leaves the movement in doubt."""
    if not match.applied:
        return match
    refs = tuple(ref for ref, _amount in match.applied)
    return Match(suggested=refs, why=_("{why} The file leaves this movement in doubt.").format(why=match.why))
