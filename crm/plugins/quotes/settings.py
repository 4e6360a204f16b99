"""What `config/quotes.yaml` holds."""

from __future__ import annotations

from crm.model.shape import Shape
from crm.plugins.quotes.numbering import NumberTemplate


class QuoteSettings(Shape):
    """How quotes are numbered, how many days an offer holds, and the terms that stand under it."""

    number: NumberTemplate = NumberTemplate("{year}-{n:04d}")
    first: int = 1
    valid_days: int = 14
    terms: str = ""
