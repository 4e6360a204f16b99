"""`config/scoring.yaml`: the rules that give a lead its points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from crm.errors import CrmError, InvalidValue
from crm.locale import N_, _
from crm.model.pipeline import Title
from crm.model.shape import Shape

if TYPE_CHECKING:
    from crm.workspace import Workspace

Side = Literal["quality", "readiness", "solvency"]
SIDES: dict[str, str] = {"quality": N_("Quality"), "readiness": N_("Readiness to buy"), "solvency": N_("Solvency")}


class ScoreRule(Shape):
    """Points that a lead gets, or loses, while its condition holds."""

    titles: ClassVar[Mapping[str, str]] = {
        "id": N_("Id"),
        "title": N_("Title"),
        "side": N_("Side"),
        "if": N_("Condition"),
        "points": N_("Points"),
        "side=quality": N_("Quality"),
        "side=readiness": N_("Readiness to buy"),
        "side=solvency": N_("Solvency"),
    }

    id: str
    title: Title = Title("")
    side: Side = "quality"
    if_: str
    points: int


class Levels(Shape):
    """From how many points a lead is hot, and warm; less is cold."""

    titles: ClassVar[Mapping[str, str]] = {
        "hot": N_("Hot from, points"),
        "warm": N_("Warm from, points"),
    }

    hot: int = 60
    warm: int = 30


class ScoreRules(Shape):
    """`config/scoring.yaml`; without rules scores are typed by hand."""

    heading = N_("Score of leads")
    titles: ClassVar[Mapping[str, str]] = {
        "rules": N_("Rule"),
        "levels": N_("Levels"),
    }

    rules: tuple[ScoreRule, ...] = ()
    levels: Levels = Levels()


def conditions(crm: Workspace) -> list[tuple[ScoreRule, Any]]:
    """Return the rules with their queries; raise InvalidValue for one that cannot be read, naming it."""
    from crm.sales.filtering import parse

    found = []
    rules = crm.settings.section("scoring", ScoreRules).rules
    for rule in rules:
        if sum(1 for one in rules if one.id == rule.id) > 1:
            raise InvalidValue(
                _("config/scoring.yaml, rule «{id}»: {problem}.").format(
                    id=rule.id, problem=_("there are two of this id")
                )
            )
        try:
            found.append((rule, parse(crm, crm.nouns["lead"], rule.if_)))
        except CrmError as error:
            problem = str(error.message).rstrip(".")
            raise InvalidValue(
                _("config/scoring.yaml, rule «{id}»: {problem}.").format(id=rule.id, problem=problem), error.remedy
            ) from error
    return found
