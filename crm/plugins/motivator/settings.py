"""`config/motivator.yaml`: what work gives how many points. The norm of a day is in the department's card."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from crm.locale import N_
from crm.model.shape import Shape


class PointRule(Shape):
    """Points for one kind of activity; without a direction for both."""

    titles: ClassVar[Mapping[str, str]] = {
        "kind": N_("Kind of the activity"),
        "direction": N_("Direction"),
        "direction=": "—",
        "points": N_("Points"),
        "direction=in": N_("Incoming"),
        "direction=out": N_("Outgoing"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"kind": "activity_kinds"}

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

    heading = N_("Motivator")
    titles: ClassVar[Mapping[str, str]] = {
        "points": N_("Points for"),
        "only_success": N_("Only what succeeded"),
        "call_min_seconds": N_("Shortest call, seconds"),
        "window_days": N_("Working days of the trend"),
        "norms": N_("Norms of people, each line as login: points a day"),
        "rush": N_("A rush from, % of the month"),
    }

    points: tuple[PointRule, ...] = DEFAULT_RULES
    only_success: bool = False
    call_min_seconds: int = 0
    window_days: int = 10
    norms: Mapping[str, Decimal] = {}
    rush: int = 45
