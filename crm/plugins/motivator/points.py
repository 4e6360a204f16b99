"""How many points one activity gives; summing them up is `standing.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.plugins.motivator.settings import MotivatorRules

CALL, SUCCESS = "call", "success"


def points_of(activity: Activity, rules: MotivatorRules) -> int:
    """Return the points of a done activity by the first rule that fits it, 0 where none does."""
    if rules.only_success and activity.outcome != SUCCESS:
        return 0
    if _too_short(activity, rules.call_min_seconds):
        return 0
    for rule in rules.points:
        if rule.kind == activity.kind and rule.direction in ("", activity.direction):
            return rule.points
    return 0


def _too_short(activity: Activity, seconds: int) -> bool:
    return activity.kind == CALL and activity.duration is not None and activity.duration < seconds
