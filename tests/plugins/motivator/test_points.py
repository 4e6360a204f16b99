from __future__ import annotations

from pathlib import Path

import pytest

from crm.errors import InvalidValue
from crm.model.activity import Activity
from crm.plugins.motivator.points import points_of
from crm.plugins.motivator.settings import MotivatorRules, PointRule
from crm.settings import defaults_folder, load_settings
from crm.workspace import Workspace


def activity(**fields: object) -> Activity:
    return Activity({"id": 1, "rev": 1, "kind": "call", **fields})


@pytest.mark.parametrize(
    ("fields", "points"),
    [
        ({"kind": "call", "direction": "out"}, 1),
        ({"kind": "call", "direction": "in"}, 1),
        ({"kind": "call"}, 0),
        ({"kind": "meeting"}, 5),
        ({"kind": "letter", "direction": "out"}, 1),
        ({"kind": "letter", "direction": "in"}, 0),
        ({"kind": "task"}, 0),
    ],
)
def test_shipped_rules(tmp_path: Path, fields: dict[str, object], points: int) -> None:
    assert (defaults_folder() / "motivator.yaml").is_file()
    assert points_of(activity(**fields), load_settings(tmp_path).section("motivator", MotivatorRules)) == points


def test_first_rule_that_fits_counts() -> None:
    rules = MotivatorRules(points=(PointRule(kind="call", points=3), PointRule(kind="call", direction="in", points=9)))
    assert points_of(activity(direction="in"), rules) == 3


@pytest.mark.parametrize(("outcome", "points"), [("success", 1), ("failure", 0), ("no_answer", 0), (None, 0)])
def test_only_success(outcome: str | None, points: int) -> None:
    rules = MotivatorRules(only_success=True)
    assert points_of(activity(direction="out", **({"outcome": outcome} if outcome else {})), rules) == points


@pytest.mark.parametrize(("duration", "points"), [(29, 0), (30, 1), (None, 1)])
def test_short_calls(duration: int | None, points: int) -> None:
    rules = MotivatorRules(call_min_seconds=30)
    assert points_of(activity(direction="out", **({} if duration is None else {"duration": duration})), rules) == points


def test_length_is_asked_of_calls_only() -> None:
    assert points_of(activity(kind="meeting", duration=1), MotivatorRules(call_min_seconds=30)) == 5


def test_wrong_settings_name_file_and_line(shop: Workspace) -> None:
    (shop.root / "config" / "motivator.yaml").write_text("points:\n  - {kind: call, direction: sideways, points: 1}\n")
    with pytest.raises(InvalidValue, match=r"motivator\.yaml, line 2"):
        load_settings(shop.root).section("motivator", MotivatorRules)


def test_a_missed_incoming_call_is_no_work_and_an_attempt_to_call_is() -> None:
    rules = MotivatorRules()
    missed = Activity({"id": 1, "rev": 1, "kind": "call", "direction": "in", "outcome": "no_answer"})
    tried = Activity({"id": 2, "rev": 1, "kind": "call", "direction": "out", "outcome": "no_answer"})
    assert (points_of(missed, rules), points_of(tried, rules)) == (0, 1)
