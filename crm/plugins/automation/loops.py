"""Loops: rules whose actions set off one another without an end, found from the rules alone.

A rule leads to another when what it does is an event that the other waits for, unless the other's condition asks for
a value that the action has just made something else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm.plugins.automation.rule import RECORD_CHANGED, Action, NewActivity, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_EQUAL = re.compile(r'\s*([\w.]+)\s*=\s*"?([^"]*?)"?\s*')


class Effect(NamedTuple):
    """What an action brings about: an event about a noun, and the values that the record has from then on."""

    event: str
    noun: str
    values: Mapping[str, str]


def loops(rules: Iterable[Rule]) -> list[tuple[str, ...]]:
    """Return the ids of each round of rules that set off one another, each round once, beginning at its first rule."""
    on_events = [rule for rule in rules if rule.on]
    ways = {rule.id: [other.id for other in on_events if _leads_to(rule, other)] for rule in on_events}
    found = [path for start in ways for path in _rounds(ways, start)]
    return [path for path in found if path[0] == min(path, key=list(ways).index)]


def _rounds(ways: Mapping[str, list[str]], start: str) -> Iterator[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = [(start,)]
    while paths:
        path = paths.pop()
        for following in ways[path[-1]]:
            if following == start:
                yield path
            elif following not in path:
                paths.append((*path, following))


def _leads_to(rule: Rule, other: Rule) -> bool:
    return any(_sets_off(effect, other) for action in rule.then for effect in effects(rule, action))


def _sets_off(effect: Effect, rule: Rule) -> bool:
    if rule.on != effect.event or rule.about != effect.noun:
        return False
    wanted = required(rule.if_)
    return all(effect.values.get(name, value) == value for name, value in wanted.items())


def required(condition: str) -> dict[str, str]:
    """Return the values that a condition asks for; nothing where it has alternatives or negations."""
    if re.search(r"\bor\b|\bnot\b|[()]", condition):
        return {}
    parts = (_EQUAL.fullmatch(part) for part in re.split(r"\band\b", condition))
    return {match[1]: match[2] for match in parts if match}


def effects(rule: Rule, action: Action) -> Iterator[Effect]:
    """Yield what an action brings about."""
    changed = rule.about
    if isinstance(action.what, NewActivity):
        values = {"kind": action.what.kind, "done": "false"}
        yield Effect("activity_added", "activity", values)
        yield Effect(RECORD_CHANGED, "activity", values)
    elif action.kind == "set":
        yield Effect(RECORD_CHANGED, changed, action.what)
    elif action.kind == "assign":
        yield Effect(RECORD_CHANGED, changed, {})
    elif action.kind == "move":
        noun = "lead" if changed == "lead" else "deal"
        yield Effect("stage_changed", noun, {"stage": action.what})
        yield Effect(RECORD_CHANGED, noun, {"stage": action.what})
    elif action.kind == "process":
        yield Effect("activity_added", "activity", {})
        yield Effect(RECORD_CHANGED, "process", {})
        yield Effect(RECORD_CHANGED, "activity", {})
    elif action.kind == "document":
        yield Effect(RECORD_CHANGED, "document", {"kind": action.what})
