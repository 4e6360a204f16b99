"""`config/sla.yaml`: within how many working minutes a lead is to be answered, and what counts as an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.locale import N_
from crm.model.shape import Shape


class SlaSettings(Shape):
    """`config/sla.yaml`; `minutes` 0 switches the clock off, `warn` is when it turns yellow, in percent of them."""

    heading = N_("First answer to leads")
    titles: ClassVar[Mapping[str, str]] = {
        "minutes": N_("Minutes of working time, 0 is no clock"),
        "warn": N_("Yellow from, %"),
        "hours": N_("Working hours"),
        "kinds": N_("Activities that are an answer"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"kinds": "activity_kinds"}

    minutes: int = 60
    warn: int = 50
    hours: str = "09:00-18:00"
    kinds: tuple[str, ...] = ("call", "letter", "meeting")
