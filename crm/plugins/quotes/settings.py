"""What `config/quotes.yaml` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.locale import N_
from crm.model.shape import Shape
from crm.plugins.quotes.color import Color
from crm.plugins.quotes.numbering import NumberTemplate
from crm.plugins.quotes.template import QuoteTemplate


class QuoteSettings(Shape):
    """How quotes are numbered, how many days an offer holds, the terms that stand under it, and its look.

    `template` is the text of every quote, ours where it is empty; `templates` are others by name. `logo` is a picture
    within `config/`, `color` that of headings and tables. `subject` and `letter` are the words it is sent with.
    """

    heading = N_("Quotes")
    titles: ClassVar[Mapping[str, str]] = {
        "number": N_("Template of numbers"),
        "first": N_("First number"),
        "valid_days": N_("Days that a quote holds"),
        "terms": N_("Terms under every quote"),
        "template": N_("Text of quotes, with merge fields"),
        "logo": N_("Picture of the logo, within config/"),
        "color": N_("Colour of headings"),
        "subject": N_("Subject of the letter"),
        "letter": N_("Text of the letter"),
    }

    number: NumberTemplate = NumberTemplate("{year}-{n:04d}")
    first: int = 1
    valid_days: int = 14
    terms: str = ""
    template: QuoteTemplate = QuoteTemplate()
    templates: dict[str, QuoteTemplate] = {}
    logo: str = ""
    color: Color = Color("#1f4e79")
    subject: str = ""
    letter: str = ""
