"""The verbs of products: an SKU belongs to one product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.product import Product
from crm.model.vat import check_rate
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
        if doc.get("vat"):
            doc["vat"] = check_rate(doc["vat"])
        for other in self.having("sku", doc["sku"]) if doc.get("sku") else ():
            if other.id != own_id:
                raise InvalidValue(
                    _("The SKU «{sku}» belongs to {ref} already.").format(sku=doc["sku"], ref=other.ref),
                    _("Choose another, or change that product."),
                )
