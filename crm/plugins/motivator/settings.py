"""`config/motivator.yaml`: what work gives how many points. The norm of a day is in the department's card."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from crm.model.shape import Shape


class PointRule(Shape):
    """Points for one kind of activity; without a direction for both."""

    kind: str
    direction: Literal["", "in", "out"] = ""
    points: int


DEFAULT_RULES = (
    PointRule(kind="call", direction="out", points=1),
    PointRule(kind="call", direction="in", points=1),
    PointRule(kind="meeting", points=5),
    PointRule(kind="letter", direction="out", points=1),
)


class MotivatorRules(Shape):
    """`config/motivator.yaml`; `call_min_seconds` in seconds, `window_days` in working days.

    `norms` are points a day of single people, `rush` is from what share of a month's work in its last third, in
    percent, the month is called a rush.
    """

    points: tuple[PointRule, ...] = DEFAULT_RULES
    only_success: bool = False
    call_min_seconds: int = 0
    window_days: int = 10
    norms: Mapping[str, Decimal] = {}
    rush: int = 45
