"""The score of leads: a sum over rules, kept on the lead, explained rule by rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.entrance import open_workspace
from crm.errors import InvalidValue
from crm.plugins.scoring.pages import marks, panel
from crm.plugins.scoring.score import keep_all, score
from crm.workspace import Workspace

RULES = """rules:
  - {id: phone, title: Есть телефон, side: quality, if: 'phones is not empty', points: 15}
  - {id: called, side: readiness, if: 'source = call_in', points: 25}
  - {id: big, side: solvency, if: 'amount > 100000', points: 30}
  - {id: junk, side: quality, if: 'quality = junk', points: -100}
"""


def opened(root: Path, rules: str = RULES) -> Workspace:
    (root / "config" / "scoring.yaml").write_text(rules)
    return open_workspace(root, actor="olga", language="en")


def test_a_lead_is_scored_when_it_comes_and_when_it_changes(shop: Workspace) -> None:
    crm = opened(shop.root)
    crm.leads.add(name="Василий", phones=["8 916 123-45-67"], source="call_in")
    assert crm.leads.get(1).score == 40
    crm.leads.set(1, amount=200000)
    assert crm.leads.get(1).score == 70
    found = score(crm, crm.leads.get(1).doc)
    assert (found.level, found.sides()) == ("hot", {"quality": 15, "readiness": 25, "solvency": 30})
    crm.leads.reject(1, "spam")
    assert crm.leads.get(1).score == 0, "never below zero"


def test_the_reasons_add_up_and_are_shown(shop: Workspace) -> None:
    crm = opened(shop.root)
    lead = crm.leads.add(name="Василий", phones=["8 916 123-45-67"], amount=200000, source="call_in")
    found = score(crm, lead.doc)
    assert sum(one.points for one in found.reasons) == found.points == 70
    shown = panel(crm, lead)
    assert shown is not None
    assert [row["points"] for row in shown["tables"][0].rows] == [15, 25, 30]
    assert list(marks(crm, [lead])) == [(lead.ref, "hot: 70", "good")]


def test_changed_rules_count_all_open_leads_anew_in_one_change(shop: Workspace) -> None:
    shop.leads.add(name="Василий", phones=["8 916 123-45-67"])
    shop.leads.add(name="Анна", source="call_in")
    crm = opened(shop.root)
    before = crm.store.number
    assert [one.ref for one in keep_all(crm)] == ["lead/1", "lead/2"]
    assert [lead.score for lead in crm.leads.find()] == [15, 25]
    assert crm.store.number == before + 1
    assert list(keep_all(crm)) == []


def test_without_rules_a_score_is_typed_by_hand(shop: Workspace) -> None:
    crm = opened(shop.root, "rules: []\n")
    crm.leads.add(name="Василий", score=12)
    crm.leads.set(1, comment="да")
    assert crm.leads.get(1).score == 12
    assert panel(crm, crm.leads.get(1)) is None


@pytest.mark.parametrize(
    "rule", ["{id: a, if: 'colour = red', points: 1}", "{id: a, if: 'name =', points: 1}",
             "{id: a, if: 'id > 0', points: 1}\n  - {id: a, if: 'id > 0', points: 1}"],
)  # fmt: skip
def test_a_rule_that_cannot_be_read_is_named_and_no_lead_is_lost(shop: Workspace, rule: str) -> None:
    crm = opened(shop.root, f"rules:\n  - {rule}\n")
    with pytest.raises(InvalidValue, match="rule «a»"):
        score(crm, {"id": 1, "rev": 1})
    assert crm.leads.add(name="Василий").ref == "lead/1"
