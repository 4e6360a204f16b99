"""The score of one lead and why: a pure sum over the rules whose conditions hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.plugins.scoring.settings import SIDES, ScoreRule, ScoreRules, conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.model.lead import Lead
    from crm.workspace import Workspace

HOT, WARM, COLD = "hot", "warm", "cold"


class Reason(NamedTuple):
    """A rule, and whether it holds for the lead."""

    rule: ScoreRule
    holds: bool

    @property
    def points(self) -> int:
        """Return the points that the rule gives here."""
        return self.rule.points if self.holds else 0


class Score(NamedTuple):
    """The points of a lead with their reasons."""

    reasons: list[Reason]
    levels: tuple[int, int]

    @property
    def points(self) -> int:
        """Return the sum, not below zero."""
        return max(sum(one.points for one in self.reasons), 0)

    @property
    def level(self) -> str:
        """Return hot, warm or cold."""
        hot, warm = self.levels
        return HOT if self.points >= hot else WARM if self.points >= warm else COLD

    def sides(self) -> dict[str, int]:
        """Return the points by side: quality, readiness to buy, solvency."""
        return {side: sum(one.points for one in self.reasons if one.rule.side == side) for side in SIDES}


def score(crm: Workspace, doc: Doc, rules: list[tuple[ScoreRule, Any]] | None = None) -> Score:
    """Return the score of a lead as it stands; raise InvalidValue for rules that cannot be read."""
    given = conditions(crm) if rules is None else rules
    levels = crm.settings.section("scoring", ScoreRules).levels
    reasons = [Reason(rule, crm.leads.matches(query, doc)) for rule, query in given]
    return Score(reasons, (levels.hot, levels.warm))


def keep(crm: Workspace, lead: Lead) -> bool:
    """Write the score of a lead where it changed; tell whether it did."""
    found = score(crm, lead.doc)
    if not found.reasons or lead.doc.get("score") == found.points:
        return False
    with crm.writing("score") as draft:
        draft.update("lead", lead.id, {"score": found.points})
    return True


def keep_all(crm: Workspace) -> Iterator[Lead]:
    """Write the scores of all open leads as the rules are now, as one change set; yield those that changed."""
    rules = conditions(crm)
    with crm.writing("lead rescore") as draft:
        for lead in list(crm.leads.find()):
            if lead.doc.get("stage") in ("converted", "rejected"):
                continue
            points = score(crm, lead.doc, rules).points
            if rules and lead.doc.get("score") != points:
                draft.update("lead", lead.id, {"score": points})
                yield crm.leads.get(lead.id)
