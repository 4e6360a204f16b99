"""What the templates of forms are filled with: sides, rows with their figures, totals, the papers referred to."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from crm.model.money import CENT
from crm.model.vat import NO_VAT
from crm.plugins.documents.forms import ADVANCES_SINCE, Form
from crm.plugins.documents.goods import SERVICE
from crm.plugins.documents.requisites import is_sole_trader
from crm.plugins.documents.sheets import paged, summed, text_lines
from crm.plugins.paper.wording import currency_mark

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.plugins.documents.document import Document

__all__ = ["facts", "is_sole_trader"]

_LINE_TEXTS = ("name", "sku", "unit", "unit_code", "tnved", "country", "country_code", "declaration", "packing",
               "nature")  # fmt: skip
_KILOGRAMS = {"166": Decimal(1), "168": Decimal(1000), "163": Decimal("0.001")}
_MANY = 12
"""Rows from which a document may take several pages; then its foot shows the total so far."""

_NAME_WIDTH, _TYPE, _LINE_HEIGHT, _PADDING = 51.0, 7.0, 3.0, 1.7
_FIRST_ROOM, _ROOM, _ENDING = 102.0, 158.0, 60.0
_PARTY_WIDTH = 190.0


class Known(dict[str, Any]):
    """Texts by name; one that is not there is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def facts(document: Document, form: Form) -> dict[str, Any]:
    """Return all that a form prints of a document."""
    rows = [_row(number, item) for number, item in enumerate(document.items, 1)]
    _run(rows, included=document.vat_included)
    made: dict[str, Any] = {
        "kind": document.kind,
        "lang": document.lang,
        "number": document.number,
        "date": document.date,
        "form": form,
        "seller": Known(document.seller),
        "buyer": Known(document.buyer),
        "details": Known(document.details),
        "basis": document.basis,
        "comment": document.comment,
        "text": document.text,
        "currency": document.doc["total"]["currency"],
        "vat_included": document.vat_included,
        "with_advances": (document.date or ADVANCES_SINCE) >= ADVANCES_SINCE,
        "rows": rows,
        "many": len(rows) > _MANY,
        "services": all(row["nature"] == SERVICE for row in rows),
        "span": f"1-{len(rows)}" if len(rows) > 1 else "1",
        "mark": currency_mark(document.doc["total"]["currency"]),
        **_ground(document),
        **_totals(rows),
    }
    made["mass"] = _whole(rows, "mass")
    return made | (_waybill_pages(made) if form.template == "torg12" else {})


def _ground(document: Document) -> dict[str, str]:
    """Return what a document is made under: its contract where there is one, else the invoice; its number and date."""
    details = document.details
    if details.get("contract"):
        day = date.fromisoformat(details["contract_date"])
        word = {"uk": "Договір № {number} від {date}"}.get(document.lang, "Договор № {number} от {date}")
        text = word.format(number=details["contract"], date=f"{day:%d.%m.%Y}")
        return {"ground": text, "ground_number": details["contract"], "ground_date": details["contract_date"]}
    number, dated = details.get("invoice", ""), details.get("invoice_date", "")
    return {"ground": document.basis, "ground_number": number, "ground_date": dated}


def _row(number: int, item: Doc) -> dict[str, Any]:
    whole, vat, qty = Decimal(item["sum"]), Decimal(item.get("vat_sum", "0")), Decimal(item["qty"])
    net = whole - vat
    row: dict[str, Any] = {name: str(item.get(name) or "") for name in _LINE_TEXTS}
    return row | {
        "number": number,
        "qty": qty,
        "rate": str(item.get("vat") or NO_VAT),
        "net": net,
        "vat": vat,
        "sum": whole,
        "price": Decimal(item["price"]) if item.get("price") else (whole / qty).quantize(CENT, ROUND_HALF_UP),
        "discount": Decimal(0 if item.get("discount_sum") else item.get("discount") or 0),
        "less": bool(item.get("discount_sum")),
        "price_net": (net / qty).quantize(CENT, ROUND_HALF_UP),
        **_cargo(item, qty),
    }


def _cargo(item: Doc, qty: Decimal) -> dict[str, Decimal | None]:
    """Return places and masses in kilograms, None for what the product does not say."""
    in_place = _number(item.get("in_place"))
    weight = _number(item.get("weight"))
    each = _KILOGRAMS.get(item.get("unit_code", ""))
    net_mass = qty * each if each else None
    gross = qty * weight if weight is not None else net_mass
    places = (qty / in_place).to_integral_value("ROUND_CEILING") if in_place else None
    return {"in_place": in_place, "places": places, "gross": gross, "mass": net_mass}


def _number(text: Any) -> Decimal | None:
    return Decimal(str(text)) if text else None


def _run(rows: list[dict[str, Any]], *, included: bool) -> None:
    """Give each row the total up to it, as the foot of a page shows it, and its price after a shared discount."""
    so_far = Decimal(0)
    for row in rows:
        so_far += row["sum"]
        row["so_far"] = so_far
        row["shown"] = row["sum"] if included else row["net"]
        if row["less"]:
            row["price"] = (row["shown"] / row["qty"]).quantize(CENT, ROUND_HALF_UP)


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    by_rate: dict[str, Decimal] = {}
    for row in rows:
        if row["rate"] != NO_VAT:
            by_rate[row["rate"]] = by_rate.get(row["rate"], Decimal(0)) + row["vat"]
    sums = summed(rows)
    return {
        "sums": sums,
        "net": sums.get("net", Decimal(0)),
        "vat": sums.get("vat", Decimal(0)),
        "total": sums.get("sum", Decimal(0)),
        "by_rate": sorted(by_rate.items(), key=lambda pair: -Decimal(pair[0])),
        "mixed": len({row["rate"] for row in rows}) > 1,
        "taxed": bool(by_rate),
        "discounts": any(row["discount"] for row in rows),
    }


def _waybill_pages(made: dict[str, Any]) -> dict[str, Any]:
    """Return the rows of a waybill by page, each page with its sums, and the number of sheets."""
    from crm.plugins.documents.wording import with_bank

    heights = [_LINE_HEIGHT * text_lines(row["name"], _NAME_WIDTH, _TYPE) + _PADDING for row in made["rows"]]
    sides = (made["seller"], made["buyer"], made["seller"], made["buyer"])
    taller = sum(text_lines(with_bank(side), _PARTY_WIDTH, _TYPE) - 1 for side in sides) * _LINE_HEIGHT
    pages = paged(made["rows"], heights, _FIRST_ROOM - taller, _ROOM, _ENDING)
    return {
        "pages": [{"rows": rows, "sums": summed(rows)} for rows in pages],
        "gross": _whole(made["rows"], "gross"),
        "places": _whole(made["rows"], "places"),
    }


def _whole(rows: list[dict[str, Any]], name: str) -> Decimal | None:
    """Return the sum of a column, None where some row does not know it."""
    known = [row[name] for row in rows]
    return None if None in known else sum(known, Decimal(0))
