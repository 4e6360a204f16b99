"""Rules of every day, week or month: done once a period, for the records whose condition holds then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm.plugins.automation.acting import act
from crm.plugins.automation.rule import condition, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.plugins.automation.rule import Rule
    from crm.workspace import Workspace


def period_of(rule: Rule, today: date) -> str:
    """Return the period that a day belongs to: itself, the Monday of its week, the first of its month."""
    first = {"week": today - timedelta(days=today.weekday()), "month": today.replace(day=1)}
    return first.get(rule.every, today).isoformat()


def due(crm: Workspace) -> list[Rule]:
    """Return the scheduled rules that were not run in their period yet."""
    return [rule for rule in rules_of(crm) if rule.enabled and rule.every and not _was_run(crm, rule)]


def _was_run(crm: Workspace, rule: Rule) -> bool:
    period = period_of(rule, crm.today())
    return any(run.period == period for run in crm.collection("rule_run").having("rule", rule.id))


def run_due(crm: Workspace) -> Iterator[tuple[Rule, list[str]]]:
    """Run what is due, each rule as one change set together with the note of its period; yield it with its records."""
    for rule in due(crm):
        yield rule, _run(crm, rule)


def _run(crm: Workspace, rule: Rule) -> list[str]:
    with crm.named(f"rule {rule.id}"), crm.writing("rules run") as draft:
        if _was_run(crm, rule):
            return []
        found = list(crm.collection(rule.about).find(condition(crm, rule)))
        for record in found:
            act(crm, rule, record)
        draft.extra["rules"] = [f"{rule.id} {record.ref}" for record in found]
        crm.collection("rule_run").add(rule=rule.id, period=period_of(rule, crm.today()), records=len(found))
        return [record.ref for record in found]
