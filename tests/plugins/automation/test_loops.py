"""Loops found from the rules alone: what an action brings about, and the condition that keeps it out."""

from __future__ import annotations

import pytest

from crm.model.shape import revive
from crm.plugins.automation.loops import loops, required
from crm.plugins.automation.rule import Rule

Plain = dict[str, object]


def rule(name: str, on: str, then: Plain, **rest: str) -> Rule:
    made: Rule = revive(Rule, {"id": name, "on": on, "then": [then], **rest})
    return made


PING = rule("ping", "stage_changed", {"move": "invoice"}, **{"if": 'stage = "proposal"'})
PONG = rule("pong", "stage_changed", {"move": "proposal"}, **{"if": 'stage = "invoice"'})


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([PING], []),
        ([PING, PONG], [("ping", "pong")]),
        ([rule("forth", "stage_changed", {"move": "invoice"})], [("forth",)]),
        ([rule("own", "record_changed", {"set": {"comment": "x"}}, noun="deal")], [("own",)]),
        ([rule("own", "record_changed", {"set": {"comment": "x"}}, noun="deal", **{"if": 'comment = "y"'})], []),
        ([rule("own", "record_changed", {"assign": {"to": ["olga"]}}, noun="lead")], [("own",)]),
        ([rule("call", "activity_added", {"activity": {"subject": "x", "kind": "call"}})], [("call",)]),
        (
            [rule("call", "activity_added", {"activity": {"subject": "x"}}, **{"if": 'kind = "call"'})],
            [],
        ),
        ([rule("deliver", "invoice_paid", {"process": "delivery"})], []),
        (
            [
                rule("a", "activity_added", {"set": {"result": "x"}}),
                rule("b", "record_changed", {"process": "delivery"}, noun="activity"),
            ],
            [("a", "b"), ("b",)],
        ),
        ([rule("nightly", "", {"move": "invoice"}, every="day", noun="deal")], []),
    ],
)
def test_rounds(rules: list[Rule], found: list[tuple[str, ...]]) -> None:
    assert loops(rules) == found


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("", {}),
        ('stage = "new"', {"stage": "new"}),
        ('stage = new and source = "site"', {"stage": "new", "source": "site"}),
        ('stage = "new" and amount > 100', {"stage": "new"}),
        ('stage = "new" or stage = "proposal"', {}),
        ('not stage = "new"', {}),
    ],
)
def test_what_a_condition_asks_for(condition: str, values: dict[str, str]) -> None:
    assert required(condition) == values
