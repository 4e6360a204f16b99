"""What a site sends, read: names of fields as sites have them, lines of goods, everything else kept as words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.items import check_qty
from crm.model.money import parse_amount

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS = ("name", "phone", "email", "company", "inn", "comment", "amount", "source", "id", "items", "title")
_KNOWN = {
    "fio": "name", "fullname": "name", "full_name": "name", "your-name": "name", "имя": "name", "client": "name",
    "tel": "phone", "telephone": "phone", "your-phone": "phone", "телефон": "phone", "mobile": "phone",
    "mail": "email", "e-mail": "email", "your-email": "email", "почта": "email",
    "organization": "company", "organisation": "company", "company_name": "company", "компания": "company",
    "message": "comment", "text": "comment", "your-message": "comment", "comments": "comment", "сообщение": "comment",
    "order_id": "id", "order": "id", "number": "id", "request_id": "id", "form_id": "title", "subject": "title",
    "total": "amount", "sum": "amount", "products": "items", "goods": "items", "cart": "items",
    "utm_source": "utm",
}  # fmt: skip
LONGEST, MOST_LINES = 2000, 500


class Read(NamedTuple):
    """A request as it was understood; `rest` are the fields that have no place of their own."""

    values: dict[str, str]
    items: list[dict[str, str]]
    rest: dict[str, str]

    def get(self, name: str) -> str:
        """Return a value, empty where none came."""
        return self.values.get(name, "")

    def comment(self) -> str:
        """Return what the person wrote, and below it every field without a place."""
        told = [self.get("comment"), *(f"{name}: {value}" for name, value in self.rest.items())]
        return "\n".join(filter(None, told))[:LONGEST]


def read(data: Any, names: Mapping[str, str]) -> Read:
    """Read the object of a request; `names` maps fields of the site to ours. Raises InvalidValue."""
    if not isinstance(data, dict):
        raise InvalidValue(_("A request is an object."), _('Send {"name": …, "phone": …}.'))
    values: dict[str, str] = {}
    rest: dict[str, str] = {}
    items: list[dict[str, str]] = []
    for key, value in _flat(data).items():
        ours = names.get(key) or (key if key in OURS else _KNOWN.get(key.lower(), ""))
        if ours == "items" and isinstance(value, list):
            items = [_line(line) for line in value[:MOST_LINES]]
        elif ours in OURS:
            values[ours] = _text(value)
        elif _text(value):
            rest[key] = _text(value)
    if not any(values.get(name) for name in ("name", "phone", "email", "company")):
        raise InvalidValue(_("A request needs a name, a phone or an e-mail."), _("Send name, phone or email."))
    return Read(values, items, rest)


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with those of a nested client or customer beside them."""
    found: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            found |= {name: inner for name, inner in value.items() if name not in data}
        else:
            found[str(key)] = value
    return found


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value[:50])
    return "" if value is None else " ".join(str(value).split(" ")).strip()[:LONGEST]


def _line(line: Any) -> dict[str, str]:
    """Return a line of goods as deals take it; raise InvalidValue."""
    if not isinstance(line, dict):
        raise InvalidValue(_("A line of goods is an object."), _('Send {"sku": …, "name": …, "qty": 1, "price": 10}.'))
    ways = {
        "sku": ("sku", "article", "code"),
        "name": ("name", "title"),
        "qty": ("qty", "quantity", "count"),
        "price": ("price",),
    }
    found = {ours: next((_text(line[way]) for way in theirs if line.get(way)), "") for ours, theirs in ways.items()}
    if not (found["sku"] or found["name"]):
        raise InvalidValue(_("A line of goods has neither a name nor an article."))
    found["qty"] = str(check_qty(parse_amount(found["qty"] or "1")))
    found["price"] = str(parse_amount(found["price"])) if found["price"] else ""
    return {name: value for name, value in found.items() if value}
