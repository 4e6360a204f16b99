"""The points of a person down to the single call (N6): each activity, the rule, and what it gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.locale import _
from crm.plugins.motivator.points import reckon
from crm.plugins.motivator.settings import MotivatorRules

if TYPE_CHECKING:
    from datetime import date

    from crm.model.activity import Activity
    from crm.plugins.motivator.standing import Standing
    from crm.workspace import Workspace


class Line(NamedTuple):
    """One activity of the sum: the points that stand on it, and why."""

    activity: Activity
    day: date
    points: int
    why: str

    def plain(self) -> dict[str, Any]:
        """Return what scripts get."""
        one = self.activity
        return {
            "id": one.id,
            "activity": one.ref,
            "done_at": one.doc.get("done_at"),
            "kind": one.kind,
            "direction": one.direction,
            "outcome": one.outcome,
            "duration": one.duration,
            "subject": one.subject,
            "about": one.about,
            "points": self.points,
            "why": self.why,
        }


def lines(crm: Workspace, standing: Standing) -> list[Line]:
    """Return the activities that a standing sums up, by time; their points add up to its points."""
    from tinydb.queries import where

    from crm.plugins.motivator.report import done_between

    period, zone = standing.period, crm.settings.time_zone
    rules = crm.settings.section("motivator", MotivatorRules)
    query = done_between(period.first, period.last) & (where("owner") == standing.person.login)
    found = []
    for activity in crm.activities.find(query, sort="done_at"):
        moment: Any = activity.done_at
        day = moment.astimezone(zone).date() if hasattr(moment, "hour") else moment
        if period.first <= day <= period.last:
            found.append(_line(activity, day, rules))
    return found


def _line(activity: Activity, day: date, rules: MotivatorRules) -> Line:
    """Return the line of an activity; where today's rules would give something else, both are told."""
    now = reckon(activity, rules)
    if activity.points is None:
        return Line(activity, day, 0, _("done before points were counted"))
    if now.points != activity.points:
        why = _("by the rules of that day; today it would be {n}: {why}").format(n=now.points, why=now.why)
        return Line(activity, day, activity.points, why)
    return Line(activity, day, activity.points, now.why)
