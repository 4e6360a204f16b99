"""The verbs of products: an SKU belongs to one product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.product import Product, group_path
from crm.model.units import find_unit
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft


class Products(Collection[Product]):
    """All products."""

    def complete(self, doc: Doc) -> Doc:
        """Return a new product; its SKU must be free, its rate of VAT one that there is."""
        self._check(doc, 0)
        return super().complete(doc)

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change with the same checks."""
        self._check(fields, stored["id"])
        super().change(draft, stored, fields)

    def _check(self, doc: Doc, own_id: int) -> None:
        self._check_prices(doc)
        for other in self.having("sku", doc["sku"]) if doc.get("sku") else ():
            if other.id != own_id:
                raise InvalidValue(
                    _("The SKU «{sku}» belongs to {ref} already.").format(sku=doc["sku"], ref=other.ref),
                    _("Choose another, or change that product."),
                )

    def _check_prices(self, doc: Doc) -> None:
        prices = [doc["price"]["amount"]] if doc.get("price") else []
        for amount in [*prices, *(doc.get("prices") or {}).values()]:
            if amount.startswith("-"):
                raise InvalidValue(
                    _("A price of {amount} is impossible.").format(amount=amount),
                    _("Write what one unit costs, or leave the price out."),
                )

    def export(self, record: Product) -> Doc:
        """Return a product's JSON with the code of its unit (ОКЕИ) where it is a known one."""
        doc = super().export(record)
        unit = find_unit(record.unit) if record.unit else None
        return {**doc, "okei": unit.code} if unit else doc

    def in_group(self, group: str = "", *, all_: bool = False) -> list[Product]:
        """Return the products that are sold, of a group and those below it; `all_` with those that are sold no more."""
        wanted = group_path(group).casefold()
        found = (one for one in self.find(sort=("group", "name")) if all_ or one.active)
        return [one for one in found if not wanted or _within(one.group.casefold(), wanted)]


def _within(path: str, group: str) -> bool:
    return path == group or path.startswith(f"{group} / ") or group in path.split(" / ")
