"""Which lines of an invoice stand on a document, and what its form must know of them beyond the invoice."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.plugins.documents.countries import country_of

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.desk import Desk

GOODS, SERVICE = "goods", "service"
_WANTED = {"waybill": GOODS, "power_of_attorney": GOODS, "act": SERVICE}
_OF_PRODUCT = ("tnved", "country", "declaration", "weight", "packing", "in_place")
_SERVICE_UNITS = ("356", "359", "362", "366", "539", "540", "876")
_CHOICE = re.compile(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*")


def lines_for(crm: Desk, kind: str, items: list[Doc], chosen: str, lang: str, *, asked: bool = False) -> list[Doc]:
    """Return the lines that a document of a kind bears, each with its unit, code and what its product says.

    An act takes services, a waybill and a power of attorney goods, where the invoice has both. `chosen` names lines of
    the invoice by their numbers, «1,3-5». An act that a person `asked` for takes what there is where no line is known
    to be a service. Raise Refused where nothing is left.
    """
    known = [_known(crm, item, lang, goods=_WANTED.get(kind) == GOODS) for item in items]
    if chosen:
        return [known[number - 1] for number in chosen_numbers(chosen, len(known))]
    wanted = _WANTED.get(kind)
    found = [line for line in known if wanted is None or _fits(line, wanted, known)]
    if not found and wanted == SERVICE and asked:
        return known
    if not found:
        raise Refused(
            _("There are no goods on the invoice.") if wanted == GOODS else _("There are no services on the invoice."),
            _("Say what a product is: crm product set ID service=yes; or name the lines: --set lines=1,3-5."),
        )
    return found


def chosen_numbers(text: str, most: int) -> list[int]:
    """Return the numbers that «1,3-5» names; raise InvalidValue for one that is not there."""
    numbers: list[int] = []
    for piece in text.split(","):
        match = _CHOICE.fullmatch(piece)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= most:
            raise InvalidValue(
                _("«{piece}» names no lines of the invoice.").format(piece=piece.strip()),
                _("It has lines 1 to {n}; write for example 1,3-5.").format(n=most),
            )
        numbers += range(first, last + 1)
    return list(dict.fromkeys(numbers))


def _fits(line: Doc, wanted: str, known: list[Doc]) -> bool:
    """Tell whether a line is of the wanted nature; free text beside goods of the catalogue is a service."""
    nature = line.get("nature", "")
    if nature:
        return bool(nature == wanted)
    return wanted == SERVICE or not any(other.get("nature") == GOODS for other in known)


def _known(crm: Desk, item: Doc, lang: str, *, goods: bool) -> Doc:
    product = crm.record(item["product"]).doc if item.get("product") else {}
    units = crm.settings.dictionary("units")
    unit = units.resolve(item["unit"]) if item.get("unit") else ""
    code = units.code(unit)  # type: ignore[attr-defined]
    nature = _nature(product, code)
    if not unit and (goods or nature == GOODS):
        unit, code = "pcs", "796"
    country, country_code = country_of(str(product.get("country") or ""))
    facts = {
        **item,
        "unit": units.title(unit, lang) if unit else "",
        "unit_code": code,
        "nature": nature,
        **{name: str(product.get(name) or "") for name in _OF_PRODUCT},
        "country": country,
        "country_code": country_code,
    }
    return {name: value for name, value in facts.items() if value}


def _nature(product: Doc, code: str) -> str:
    if product:
        return SERVICE if product.get("service") else GOODS
    return SERVICE if code in _SERVICE_UNITS else ""


def advance_lines(items: list[Doc], paid: Decimal) -> list[Doc]:
    """Return the lines of a счёт-фактура for an advance: what is paid, shared over the rates, VAT by 22/122."""
    from crm.model.money import round_half_up
    from crm.model.vat import NO_VAT

    whole = sum((Decimal(item["sum"]) for item in items), Decimal(0))
    rates = list(dict.fromkeys(item.get("vat", NO_VAT) for item in items))
    lines, left = [], paid
    for place, rate in enumerate(rates):
        of_rate = [item for item in items if item.get("vat", NO_VAT) == rate]
        part = sum((Decimal(item["sum"]) for item in of_rate), Decimal(0))
        amount = left if place == len(rates) - 1 else round_half_up(paid * part / whole)
        left -= amount
        percent = Decimal(0) if rate == NO_VAT else Decimal(rate)
        vat = round_half_up(amount * percent / (100 + percent))
        goods = "; ".join(item["name"] for item in of_rate)
        lines.append({"name": f"Предварительная оплата: {goods}", "qty": "1", "price": str(amount), "vat": rate,
                      "sum": str(amount), "vat_sum": str(vat)})  # fmt: skip
    return lines
