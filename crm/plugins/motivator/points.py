"""How many points one activity gives; summing them up is `standing.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.locale import _

if TYPE_CHECKING:
    from crm.model.activity import Activity
    from crm.plugins.motivator.settings import MotivatorRules

CALL, SUCCESS, NO_ANSWER = "call", "success", "no_answer"


class Reckoned(NamedTuple):
    """The points of an activity and why: the rule that gave them, or what kept them back."""

    points: int
    why: str


def points_of(activity: Activity, rules: MotivatorRules) -> int:
    """Return the points of a done activity by the first rule that fits it, 0 where none does."""
    return reckon(activity, rules).points


def reckon(activity: Activity, rules: MotivatorRules) -> Reckoned:
    """Return the points of a done activity with the reason."""
    if rules.only_success and activity.outcome != SUCCESS:
        return Reckoned(0, _("only work that succeeded is counted"))
    if activity.kind == CALL and activity.direction == "in" and activity.outcome == NO_ANSWER:
        return Reckoned(0, _("nobody answered"))
    if _too_short(activity, rules.call_min_seconds):
        return Reckoned(0, _("shorter than {n} s").format(n=rules.call_min_seconds))
    for rule in rules.points:
        if rule.kind == activity.kind and rule.direction in ("", activity.direction):
            return Reckoned(rule.points, f"{rule.kind}_{rule.direction}".rstrip("_"))
    return Reckoned(0, _("no rule for this kind of work"))


def _too_short(activity: Activity, seconds: int) -> bool:
    return activity.kind == CALL and activity.duration is not None and activity.duration < seconds
