"""A product: goods or a service with its price."""

from __future__ import annotations

from crm.locale import N_
from crm.model.fields import Flag, LongText, MoneyField, Text
from crm.model.record import Record


class Product(Record):
    """Goods or a service that quotes and invoices are made of."""

    noun, plural = "product", "products"
    title_one, title_many = N_("Product"), N_("Products")
    example = '"Щебень 5-20" --sku SCH520 --unit т --price 1750 --vat 22'
    owned = False

    sku = Text(N_("SKU"), search=True, key=True, listed=True)
    name = Text(N_("Name"), required=True, search=True, key=True, listed=True)
    group = Text(N_("Group"), column=True, listed=True)
    unit = Text(N_("Unit"), listed=True)
    price = MoneyField(N_("Price"), column=True, listed=True)
    vat = Text(N_("VAT"), listed=True)
    service = Flag(N_("Service"))
    active = Flag(N_("Active"), column=True, default=True)
    comment = LongText(N_("Comment"), search=True)
