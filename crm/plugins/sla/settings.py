"""`config/sla.yaml`: within how many working minutes a lead is to be answered, and what counts as an answer."""

from __future__ import annotations

from crm.model.shape import Shape


class SlaSettings(Shape):
    """`config/sla.yaml`; `minutes` 0 switches the clock off, `warn` is when it turns yellow, in percent of them."""

    minutes: int = 60
    warn: int = 50
    hours: str = "09:00-18:00"
    kinds: tuple[str, ...] = ("call", "letter", "meeting")
