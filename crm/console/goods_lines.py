"""Goods in forms: a row for each line with name, quantity, price, discount and VAT; read back as lines for verbs."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from crm.console.routes import page
from crm.console.visit import Plain
from crm.errors import CrmError, InvalidValue
from crm.locale import _
from crm.model.items import parse_item
from crm.model.money import parse_amount
from crm.model.vat import NO_VAT, allowed
from crm.sales import goods

if TYPE_CHECKING:
    from crm.console.shown import Shown
    from crm.console.visit import Context, Visit, Words
    from crm.model.fields import Doc
    from crm.model.record import Record

PARTS = ("name", "qty", "price", "discount", "vat")
EMPTY_ROWS = 2
"""Rows that wait for a new line; with script there is always one more."""
Row = dict[str, str]


def rows_of(lines: list[Doc]) -> list[Row]:
    """Return stored lines as the texts of a form."""
    return [
        {
            "name": ("? " if line.get("optional") else "") + str(line.get("name") or line.get("sku", "")),
            "qty": str(line.get("qty", "1")),
            "price": str(line.get("price", "")).removesuffix(".00"),
            "discount": str(line.get("discount", "")),
            "vat": str(line.get("vat", "")),
        }
        for line in lines
    ]


def packed(rows: list[Row]) -> str:
    """Return rows as one text, the same for the same rows."""
    return json.dumps([[row[part] for part in PARTS] for row in rows], ensure_ascii=False) if rows else ""


def unpacked(typed: str) -> list[Row]:
    """Return the rows of a packed text, or of lines such as `Gravel*10@1750%22`."""
    if typed.startswith("[["):
        return [dict(zip(PARTS, row, strict=True)) for row in json.loads(typed)]
    return [_row(line) for line in typed.splitlines() if line.strip()]


def _row(line: str) -> Row:
    try:
        said = parse_item(line)
    except InvalidValue:
        return {**dict.fromkeys(PARTS, ""), "name": line.strip()}
    price = "" if said.price is None else str(said.price)
    name, discount = ("? " if said.optional else "") + said.name_or_sku, str(said.discount or "")
    return {"name": name, "qty": str(said.qty), "price": price, "discount": discount, "vat": said.vat or ""}


def given(form: Words, name: str) -> str:
    """Return what a form says in its rows of goods; rows without a name are none."""
    columns = {part: form.all(f"{name}.{part}") for part in PARTS}
    count = len(columns["name"])
    whole = {part: [*texts, *[""] * count][:count] for part, texts in columns.items()}
    rows = [{part: whole[part][place].strip() for part in PARTS} for place in range(count)]
    return packed([row for row in rows if row["name"]])


def lines(typed: str, stored: list[Doc]) -> list[Any]:
    """Return what to give the verbs: a line that was not touched as it is stored, the others as mappings.

    Raise InvalidValue, naming the row that has no number where one is needed.
    """
    known = {tuple(row.values()): line for row, line in zip(rows_of(stored), stored, strict=True)}
    named = {str(line.get("name")): line for line in stored}
    return [
        known.get(tuple(row.values())) or _mapping(number, row, named) for number, row in enumerate(unpacked(typed), 1)
    ]


def _mapping(number: int, row: Row, named: dict[str, Doc]) -> Doc:
    optional, goods = row["name"].startswith("?"), row["name"].removeprefix("?").strip()
    own = {name: value for name, value in named.get(goods, {}).items() if name in ("sku", "unit")}
    made: Doc = {**own, "name": goods, "vat": row["vat"], **({"optional": "yes"} if optional else {})}
    for part in ("qty", "price", "discount"):
        if row[part]:
            made[part] = _number(number, row, part)
    return made


def _number(number: int, row: Row, part: str) -> str:
    try:
        if part == "price":
            return str(parse_amount(row[part]))
        return str(Decimal(row[part].replace(",", ".").replace("\u00a0", "").replace(" ", "").rstrip("%")))
    except (InvalidValue, InvalidOperation):
        title = {"qty": _("Quantity"), "price": _("Price"), "discount": _("Discount, %")}[part]
        raise InvalidValue(
            _("Line {n}, «{name}»: «{text}» is not a number ({title}).").format(
                n=number, name=row["name"], text=row[part], title=title
            ),
            _("Write digits, with a comma or a point before the parts."),
        ) from None


def context(shown: Shown, typed: str) -> Context:
    """Return the rows as `parts.html` shows them, with empty ones for what comes."""
    settings = shown.crm.settings
    rates = allowed(settings.vat.table, settings.country, shown.clock.today)
    empty: Row = dict.fromkeys(PARTS, "")
    return {
        "rows": [_shown(row, rates) for row in [*unpacked(typed), *[empty] * EMPTY_ROWS]],
        "included": "yes" if settings.company.vat_included else "",
        "currency": settings.currency,
        "suggest": "/goods.json",
    }


def _shown(row: Row, rates: tuple[str, ...]) -> Context:
    every = ["", *rates, *([row["vat"]] if row["vat"] not in ("", *rates) else [])]
    titles = {"": _("as usual"), NO_VAT: _("no VAT")}
    options = [
        {"value": rate, "title": titles.get(rate) or f"{rate} %", "selected": rate == row["vat"]} for rate in every
    ]
    return {**row, "rates": options}


@page("/goods")
def offered(visit: Visit) -> Plain:
    """Name the products that have a text in them, each with what a line of it costs."""
    text = visit.query.get("text").strip()
    try:
        found: list[Record] = visit.crm.find(text, nouns=("product",), limit=8) if len(text) > 1 else []
    except InvalidValue:
        found = []
    return Plain([_offer(visit, one) for one in found])


def _offer(visit: Visit, product: Record) -> Context:
    try:
        line = goods.lines(visit.crm, [{"name": product.label, "sku": product.doc.get("sku", "")}])[0]
    except CrmError:  # its price has no rate
        line = {}
    price = {"amount": line.get("price", "0"), "currency": visit.crm.settings.currency}
    about = (product.doc.get("sku", ""), visit.shown.money(price))
    return {
        "value": product.label, "title": " · ".join(filter(None, about)),
        "price": str(line.get("price", "")).removesuffix(".00"), "vat": line.get("vat", ""),
    }  # fmt: skip
