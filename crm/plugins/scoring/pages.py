"""The score in the console: why, beside the card; hot ones on the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.html import NOTHING, button
from crm.locale import N_, _
from crm.model.report import Figure, Table
from crm.plugins.scoring.score import COLD, HOT, keep_all, score
from crm.plugins.scoring.settings import SIDES, conditions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crm.model.record import Record
    from crm.workspace import Workspace

LEVELS = {HOT: N_("hot"), "warm": N_("warm"), COLD: N_("cold")}


def panel(crm: Workspace, lead: Record) -> dict[str, Any] | None:
    """Return why a lead has its score, None without rules."""
    found = score(crm, lead.doc)
    if not found.reasons:
        return None
    columns = (Figure("why", _("Why")), Figure("side", _("Side")), Figure("points", _("Points"), "count"))
    rows = [
        {"why": one.rule.title.text() or one.rule.if_, "side": _(SIDES[one.rule.side]), "points": one.points}
        for one in found.reasons
        if one.holds
    ]
    title = _("Score: {points}, {level}").format(points=found.points, level=_(LEVELS[found.level]))
    sides = ", ".join(f"{_(SIDES[side])} {points}" for side, points in found.sides().items())
    again = crm.guard.may("settings", "lead", None)
    html = button("rescore", _("Count all scores anew"), {"back": f"/{lead.ref}"}) if again else NOTHING
    return {"title": title, "text": sides, "tables": [Table(columns, rows)] if rows else [], "html": html}


def rescore(crm: Workspace, _form: Mapping[str, Any]) -> str:
    """Count the scores of all open leads anew."""
    crm.guard.check("settings", "lead", None)
    return _("Scores changed: {n}").format(n=sum(1 for _one in keep_all(crm)))


def marks(crm: Workspace, leads: list[Record]) -> Iterator[tuple[str, str, str]]:
    """Yield the leads that are hot by the rules of today."""
    rules = conditions(crm)
    for lead in leads if rules else ():
        found = score(crm, lead.doc, rules)
        if found.level == HOT:
            yield lead.ref, _("hot: {points}").format(points=found.points), "good"
