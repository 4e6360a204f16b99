"""The light as a pure function: each criterion broken and kept, the worst colour, what is switched off."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.plugins.control import client, opportunity
from crm.plugins.control.client import Client, Person
from crm.plugins.control.opportunity import Opportunity
from crm.plugins.control.settings import ClientCriteria, ControlRules, DealCriteria

TODAY = date(2026, 3, 10)
GOOD = Client("company/1", "Ромашка", "olga", deals=("deal/1",), people=(Person("contact/1", ()),))
WELL = Opportunity("deal/1", "Щебень", "olga", "КП", TODAY, 7, None, planned=(TODAY + timedelta(days=2),))
RULES = ControlRules()


def test_a_client_with_everything_is_green() -> None:
    light = client.light_of(GOOD, RULES)
    assert light.color == "green"
    assert [one.rule for one in light.findings] == ["active_deal", "no_overdue", "portrait", "contact_data"]
    assert light.broken == ()


@pytest.mark.parametrize(
    ("changes", "color", "rule", "refs"),
    [
        ({"deals": ()}, "red", "active_deal", ("company/1",)),
        ({"overdue": ("activity/4", "activity/5")}, "red", "no_overdue", ("activity/4", "activity/5")),
        ({"empty": ("Отрасль",)}, "yellow", "portrait", ("company/1",)),
        ({"people": ()}, "yellow", "contact_data", ("company/1",)),
        ({"people": (Person("contact/2", ("Фамилия",)),)}, "yellow", "contact_data", ("contact/2",)),
    ],
)
def test_each_criterion_of_a_client(changes: dict[str, object], color: str, rule: str, refs: tuple[str, ...]) -> None:
    light = client.light_of(GOOD._replace(**changes), RULES)  # type: ignore[arg-type]
    assert (light.color, [one.rule for one in light.broken]) == (color, [rule])
    (finding,) = light.broken
    assert finding.refs == refs
    assert finding.threshold
    assert "crm " in finding.advice


def test_thresholds_are_settings() -> None:
    rules = ControlRules(client=ClientCriteria(active_deal="yellow", contact_data="none"))
    light = client.light_of(GOOD._replace(deals=(), people=()), rules)
    assert light.color == "yellow"
    assert "contact_data" not in [one.rule for one in light.findings]


@pytest.mark.parametrize(
    ("changes", "color", "rules"),
    [
        ({}, "green", []),
        ({"planned": ()}, "red", ["next_activity"]),
        ({"overdue": ("activity/1",)}, "red", ["no_overdue"]),
        ({"since": TODAY - timedelta(days=8)}, "yellow", ["stage_norm"]),
        ({"since": TODAY - timedelta(days=7)}, "green", []),
        ({"since": TODAY - timedelta(days=80), "norm": None}, "green", []),
        ({"planned": (TODAY + timedelta(days=15),)}, "yellow", ["gap"]),
        ({"planned": (TODAY + timedelta(days=14),)}, "green", []),
        # a task is tomorrow, and yet the deal has stood in its stage for two months (M10)
        ({"since": TODAY - timedelta(days=60), "planned": (TODAY + timedelta(days=1),)}, "yellow", ["stage_norm"]),
    ],
)
def test_each_criterion_of_a_deal(changes: dict[str, object], color: str, rules: list[str]) -> None:
    light = opportunity.light_of(WELL._replace(**changes), RULES, TODAY)  # type: ignore[arg-type]
    assert (light.color, [one.rule for one in light.broken]) == (color, rules)


def test_the_gap_follows_the_mean_cycle() -> None:
    """A quote is out, the next task in a month, while a sale takes a month (M8)."""
    deal = WELL._replace(cycle=Decimal(30), planned=(TODAY + timedelta(days=30),))
    (finding,) = opportunity.light_of(deal, RULES, TODAY).broken
    assert finding.rule == "gap"
    assert "15 days" in finding.threshold
    assert "50 %" in finding.threshold
    near = deal._replace(planned=(TODAY + timedelta(days=15),))
    assert opportunity.light_of(near, RULES, TODAY).color == "green"


def test_a_criterion_of_a_deal_is_switched_off() -> None:
    rules = ControlRules(deal=DealCriteria(next_activity="none"))
    assert opportunity.light_of(WELL._replace(planned=()), rules, TODAY).color == "green"
