"""A product: goods or a service with its price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import N_, _
from crm.model.field_parts import Parts
from crm.model.fields import Flag, LongText, MoneyField, Quantity, Text
from crm.model.record import Record

if TYPE_CHECKING:
    from crm.model.fields import Customs, Json


class Prices(Parts):
    """Prices of one thing by currency: `prices.USD=19.50`, or `USD=19.50; EUR=18`."""

    def __init__(self, title: str = "", **rest: Any) -> None:
        super().__init__(title, open_=True, **rest)

    def part(self, name: str) -> str:
        """Return a currency in capitals; raise InvalidValue for what is none."""
        from crm.model.money import check_currency

        return check_currency(name)

    def clean(self, name: str, value: object, customs: Customs) -> str:
        """Return an amount in plain digits."""
        from crm.model.money import decimal_text, parse_amount

        return decimal_text(parse_amount(str(value)))


class Rate(Text):
    """A rate of VAT: “22”, “none”."""

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the rate in its stored form; raise InvalidValue for what is none."""
        from crm.model.vat import check_rate

        return check_rate(super().parse(raw, customs))


class UnitName(Text):
    """A unit of measure by its short name; a code of ОКЕИ (ОК 015-94) becomes the name."""

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the name; raise InvalidValue for a code that there is not."""
        from crm.model.units import find_unit

        text = super().parse(raw, customs)
        if not text.isdecimal():
            return text
        unit = find_unit(text.zfill(3))
        if unit is None:
            raise InvalidValue(
                _("There is no unit with the code {code}.").format(code=text),
                _("Write its name, such as {name}, or a code of ОКЕИ, such as {code}.").format(name="т", code="168"),
            )
        return unit.short


class GroupPath(Text):
    """A group with those above it, divided by ` / `."""

    def parse(self, raw: object, customs: Customs) -> Json:
        """Return the path in its one form."""
        return group_path(super().parse(raw, customs))


def group_path(text: str) -> str:
    """Return the path of a group in one form: its parts divided by ` / `."""
    return " / ".join(part for one in text.split("/") if (part := " ".join(one.split())))


class Product(Record):
    """Goods or a service that quotes and invoices are made of.

    `group` is a path, its parts divided by ` / `. `prices` are those in currencies beside that of `price`. An empty
    `vat` is the usual rate of the day; one that was the usual rate of its time follows the law. `onec_id` is what 1C
    knows it by.
    """

    noun, plural = "product", "products"
    title_one, title_many = N_("Product"), N_("Products")
    example = '"Щебень 5-20" --sku SCH520 --unit т --price 1750 --vat 22'
    owned = False

    sku = Text(N_("SKU"), search=True, key=True, listed=True)
    name = Text(N_("Name"), required=True, search=True, key=True, listed=True)
    group = GroupPath(N_("Group"), column=True, listed=True)
    unit = UnitName(N_("Unit"), listed=True)
    price = MoneyField(N_("Price"), column=True, listed=True)
    prices = Prices(N_("Prices in other currencies"))
    vat = Rate(N_("VAT"), listed=True)
    service = Flag(N_("Service"))
    active = Flag(N_("Active"), column=True, default=True)
    weight = Quantity(N_("Gross mass of one, kg"))
    packing = Text(N_("Packing"))
    in_place = Quantity(N_("Quantity in one place"))
    country = Text(N_("Country of origin"))
    declaration = Text(N_("Customs declaration"))
    tnved = Text(N_("Code of ТН ВЭД"))
    comment = LongText(N_("Comment"), search=True)
    onec_id = Text(N_("Id in 1C"), key=True)
