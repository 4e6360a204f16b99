"""What `config/pricelist.yaml` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.locale import N_
from crm.model.shape import Shape


class PriceSettings(Shape):
    """The words of the price list: above and under the table, and of the letter that it goes with.

    `groups` come first, in this order; the others follow by name. `without_price` shows what has no price, too.
    """

    heading = N_("Price list")
    titles: ClassVar[Mapping[str, str]] = {
        "title": N_("Title"),
        "opening": N_("Words above the table"),
        "terms": N_("Words under the table"),
        "groups": N_("Groups that come first, with commas"),
        "without_price": N_("Show what has no price"),
        "subject": N_("Subject of the letter"),
        "letter": N_("Text of the letter"),
    }

    title: str = ""
    opening: str = ""
    terms: str = ""
    groups: tuple[str, ...] = ()
    without_price: bool = True
    subject: str = ""
    letter: str = ""
