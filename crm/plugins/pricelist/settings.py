"""What `config/pricelist.yaml` holds."""

from __future__ import annotations

from crm.model.shape import Shape


class PriceSettings(Shape):
    """The words of the price list: above and under the table, and of the letter that it goes with.

    `groups` come first, in this order; the others follow by name. `without_price` shows what has no price, too.
    """

    title: str = ""
    opening: str = ""
    terms: str = ""
    groups: tuple[str, ...] = ()
    without_price: bool = True
    subject: str = ""
    letter: str = ""
