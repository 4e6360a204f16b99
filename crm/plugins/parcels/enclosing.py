"""What a letter holds: the PDF of a record that prints, or the price list as it is when the letter goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from crm.locale import _

if TYPE_CHECKING:
    from crm.sales.desk import Desk


def enclosed(crm: Desk, paper: str) -> tuple[str, bytes]:
    """Return the name of the file and its bytes."""
    if paper.partition("?")[0] == "price":
        return _price_list(crm, paper.partition("?")[2])
    kind, _slash, number = paper.partition("/")
    records: Any = crm.collection(kind)
    record = records.get(number)
    label = f"{_(records.noun.entity.title_one)} {record.number or record.id}"
    return f"{label.replace('/', '-')}.pdf", records.pdf(record.id)


def _price_list(crm: Desk, query: str) -> tuple[str, bytes]:
    from crm.plugins.paper.pdf import pdf
    from crm.plugins.pricelist.prices import Asked, price_list
    from crm.plugins.pricelist.printing import html

    asked = parse_qs(query)
    wanted = Asked(tuple(asked.get("group", ())), tuple(asked.get("item", ())), asked.get("currency", [""])[0])
    return f"{_('Price list')} {crm.today():%Y-%m-%d}.pdf", pdf(html(crm, price_list(crm, wanted)))
