"""Reaching goals: which deal an event concerns, which goal it reaches there, and what follows.

An event reaches the goals of the stage that the deal stands on. When that stage has none for it, what happens with
quotes, invoices and money reaches the goal of the nearest stage ahead: the step is done, so the deal skips what lies
between. Such a jump never leads back; a goal of the deal's own stage leads where the pipeline says. Closed deals stay
as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import NotFound, Refused
from crm.locale import _
from crm.sales.collection import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.deal import Deal
    from crm.model.pipeline import Goal, Pipeline, Stage
    from crm.model.record import Record
    from crm.sales.desk import Desk

MILESTONES = ("quote_sent", "quote_accepted", "invoice_issued", "payment_received", "invoice_paid")
"""Events that also reach the goal of a stage ahead."""
TICKED = "ticked"


class Reached(NamedTuple):
    """A goal with the stage that holds it."""

    stage: Stage
    goal: Goal


def reach(crm: Desk, record: Record, event: str) -> Deal | None:
    """Let `event` (without `on_`) about a record move its open deal; return the deal where a goal was reached."""
    deal = deal_of(crm, record)
    if deal is None or deal.outcome or "deleted" in deal.doc:
        return None
    pipeline = crm.settings.pipeline(deal.pipeline)
    found = _reached(pipeline, deal, event, str(record.doc.get("kind") or ""))
    if not found:
        return None
    return _follow(crm, pipeline, deal, found)


def tick(crm: Desk, key: int | str, goal: str) -> Deal:
    """Tick a goal of the stage that an open deal stands on, named by its id or title; what follows, follows at once.

    NotFound where the stage has no such goal to tick, Refused for a closed deal.
    """
    with crm.writing("deal tick"):
        deals = crm.collection("deal")
        deal: Deal = deals.record(deals.editable(deals.id_of(key)))
        if deal.outcome:
            raise Refused(_("{ref} is closed.").format(ref=deal.ref), _("Reopen it first."))
        pipeline = crm.settings.pipeline(deal.pipeline)
        stage = pipeline.stage(deal.stage)
        found = [
            Reached(stage, one)
            for one in goals_to_tick(pipeline, deal)
            if goal in ("", one.key) or one.title.names(goal)
        ]
        if not found:
            said = _("The stage of {ref} has no goal «{goal}» to tick.")
            said = said if goal else _("{ref} has no goal to tick now.")
            raise NotFound(said.format(ref=deal.ref, goal=goal), _("See them: crm deal goals {id}").format(id=deal.id))
        return _follow(crm, pipeline, deal, found[:1])


def goals_to_tick(pipeline: Pipeline, deal: Deal) -> tuple[Goal, ...]:
    """Return the goals of a deal's stage that a manager ticks by hand."""
    return pipeline.stage(deal.stage).goals_on(TICKED)


def deal_of(crm: Desk, record: Record) -> Deal | None:
    """Return the deal that a record is about: by its own link, or by that of its invoice."""
    for name in ("deal", "about", "invoice"):
        ref = str(record.doc.get(name) or "")
        kind = ref.partition("/")[0]
        linked = crm.record(ref) if kind in crm.nouns else None
        if linked is not None and kind == "deal":
            return linked  # type: ignore[return-value]
        if linked is not None and linked.doc.get("deal"):
            return crm.record(linked.doc["deal"])  # type: ignore[return-value]
    return None


def _reached(pipeline: Pipeline, deal: Deal, event: str, kind: str) -> list[Reached]:
    """Return the goals reached: those of the deal's stage, else those of the nearest stage ahead that leads on."""
    current = pipeline.get(deal.stage)
    if current is None:
        return []
    here = [Reached(current, goal) for goal in current.goals_on(event, kind)]
    if here or event not in MILESTONES:
        return here
    place = pipeline.index(current)
    for stage in pipeline.stages[place + 1 :]:
        ahead = [
            Reached(stage, goal) for goal in stage.goals_on(event, kind) if _leads_past(pipeline, stage, goal, place)
        ]
        if ahead:
            return ahead
    return []


def _leads_past(pipeline: Pipeline, stage: Stage, goal: Goal, place: int) -> bool:
    following = pipeline.after(stage, goal)
    return following is None or pipeline.index(following) > place


def _follow(crm: Desk, pipeline: Pipeline, deal: Deal, reached: Iterable[Reached]) -> Deal:
    deals: Any = crm.collection("deal")
    for stage, goal in reached:
        following = pipeline.after(stage, goal)
        if following is not None and following.id != deals.get(deal.id).stage:
            deals.move(deal.id, following.id)
        _classify(crm, deal, goal)
    changed: Deal = deals.get(deal.id)
    return changed


def _classify(crm: Desk, deal: Deal, goal: Goal) -> None:
    """Give the client the classifiers that the goal sets: the company, else the first contact."""
    client = deal.company or next(iter(deal.contacts), None)
    if client is None or not goal.set:
        return
    edits = [Edit(f"classifiers.{name}", "=", value) for name, value in goal.set.items()]
    kind = client.partition("/")[0]
    crm.collection(kind).set(client, *edits)
