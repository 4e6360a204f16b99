"""How figures, dates, requisites and totals are written on a paper in the current language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.locale import _, language
from crm.model.amount_words import long_date
from crm.model.money import decimal_text, round_half_up
from crm.model.phone import format_phone
from crm.model.vat import NO_VAT
from crm.plugins.paper.parties import Paper, PaperLine, Party

if TYPE_CHECKING:
    from markupsafe import Markup

NBSP = "\u00a0"


def money(amount: Decimal) -> str:
    """Write an amount with two decimals or more: `26 905,00` (no-break spaces) in ru and uk, `26,905.00` in en."""
    return _localized(decimal_text(amount))


def qty(amount: Decimal) -> str:
    """Write a quantity without needless zeros."""
    return _localized(decimal_text(amount, 0))


def rate(vat: str) -> str:
    """Write a VAT rate as it stands in the table."""
    return _("no VAT") if vat == NO_VAT else vat if "/" in vat else f"{vat}%"


def full_date(day: date) -> str:
    """Write a date in words, as titles bear it."""
    return long_date(day, language())


def short_date(day: date) -> str:
    """Write a date in digits; in English in words, for digits are read in two ways."""
    return full_date(day) if language() == "en" else f"{day:%d.%m.%Y}"


def phone(number: str) -> str:
    """Write a telephone in groups that do not part at the end of a line."""
    return format_phone(number).replace(" ", NBSP)


def iban(number: str) -> str:
    """Part an IBAN into groups of four, as ISO 13616 prints it."""
    bare = "".join(number.split())
    return NBSP.join(bare[at : at + 4] for at in range(0, len(bare), 4))


def tax_ids(party: Party) -> list[tuple[str, str]]:
    """List the ids of a party that a paper bears, each with its label."""
    known = (
        (_("INN"), party.inn),
        (_("KPP"), party.kpp),
        (_("OGRNIP"), party.ogrn if party.is_sole_trader else ""),
        (_("EDRPOU code"), party.edrpou),
        (_("RNTRC"), party.rntrc),
        (_("VAT No."), party.ipn),
    )
    return [(label, number) for label, number in known if number]


def post(party: Party) -> str:
    """Name the position of the person who signs."""
    return party.director_title or (_("Sole trader") if party.is_sole_trader else _("Chief executive"))


def line_sum(line: PaperLine, paper: Paper) -> Decimal:
    """Return what the last column shows: the sum with VAT, or without it where VAT comes on top."""
    return line.sum if paper.vat_included else line.sum - line.vat_sum


def gross(line: PaperLine) -> Decimal:
    """Return what a line would cost without any discount."""
    return round_half_up(line.qty * line.price)


def discount(line: PaperLine, paper: Paper) -> str:
    """Write the discount of a line: in percent, or in money where one on the whole paper is shared out."""
    if not any(one.discount_sum for one in paper.lines):
        return f"{qty(line.discount)}%" if line.discount else ""
    off = gross(line) - line_sum(line, paper)
    return money(off) if off > 0 else ""


def rich(text: str) -> Markup:
    """Return a text with what stands between `**` in bold."""
    from markupsafe import Markup, escape

    parts = [Markup("<b>{}</b>").format(part) if place % 2 else escape(part)
             for place, part in enumerate(text.split("**"))]  # fmt: skip
    return Markup("").join(parts)


def totals(paper: Paper) -> list[tuple[str, Decimal | None]]:
    """List the rows under the table; VAT has one for each rate, None stands for a dash."""
    net = paper.total if paper.vat_included else paper.total - paper.vat_total
    last = _("Total due:") if paper.kind == "invoice" else _("Grand total:")
    return [*_discount_rows(paper, net), (_("Total:"), net), *_vat_rows(paper), (last, paper.total)]


def _discount_rows(paper: Paper, net: Decimal) -> list[tuple[str, Decimal | None]]:
    """List what the paper comes to before a discount on the whole, and that discount."""
    if not any(line.discount_sum for line in paper.lines):
        return []
    before = sum((gross(line) for line in paper.lines), Decimal(0))
    return [(_("Total before the discount:"), before), (_("Discount:"), net - before)]


def _vat_rows(paper: Paper) -> list[tuple[str, Decimal | None]]:
    taxed = [(rate, vat) for rate, vat in paper.vat_by_rate if rate != NO_VAT]
    if not taxed:
        return [(_("Not subject to VAT"), None)]
    label = _("Including VAT ({rate}%):") if paper.vat_included else _("VAT ({rate}%):")
    return [
        (label.format(rate=rate) if "/" not in rate else label.replace("%", "").format(rate=rate), vat)
        for rate, vat in taxed
    ]


def summary(paper: Paper) -> str:
    """Say how many lines there are and what they come to."""
    phrase = _("Services rendered: {count}, total amount {sum}")
    if paper.kind != "act":
        phrase = _("Items: {count}, total amount {sum}")
    mark = currency_mark(paper.currency)
    return phrase.format(count=len(paper.lines), sum=f"{money(paper.total)}{NBSP}{mark}")


def currency_mark(currency: str) -> str:
    """Abbreviate a currency as papers do: руб., грн, else its ISO 4217 code."""
    return {"RUB": _("RUB"), "UAH": _("UAH")}.get(currency, currency)


def _localized(plain: str) -> str:
    figure = f"{Decimal(plain):,f}"
    if language() == "en":
        return figure
    return figure.replace(",", NBSP).replace(".", ",")
