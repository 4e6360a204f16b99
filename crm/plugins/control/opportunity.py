"""One open deal and its light: a next activity, nothing overdue, no gap before it, not stalled in its stage (M8–M10).

Judging is a pure function of what is known of the deal, the rules and the date; reading it is `reading.py`.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from crm.locale import _
from crm.plugins.control.client import overdue_finding
from crm.plugins.control.light import Finding, Light, kept

if TYPE_CHECKING:
    from crm.plugins.control.settings import ControlRules


class Opportunity(NamedTuple):
    """What the light of an open deal is judged by.

    `planned` are the days of activities that are not done and not overdue, `cycle` is the mean cycle of won deals in
    days (None while there is none), `norm` the days a deal may stand in its stage (None: no norm).
    """

    ref: str
    label: str
    owner: str
    stage: str
    since: date
    norm: int | None
    cycle: Decimal | None
    clients: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    planned: tuple[date, ...] = ()


def light_of(deal: Opportunity, rules: ControlRules, today: date) -> Light:
    """Judge an open deal by the criteria that are switched on."""
    weights = rules.deal
    findings = (
        _next_activity(deal, weights.next_activity),
        overdue_finding(
            deal.overdue,
            weights.no_overdue,
            _("no activity more than {days} days behind its date").format(days=rules.overdue_days),
        ),
        _gap(deal, weights.gap, rules, today),
        _stage_norm(deal, weights.stage_norm, today),
    )
    return Light(deal.ref, deal.label, deal.owner, tuple(one for one in findings if one.color != "none"))


def _next_activity(deal: Opportunity, weight: str) -> Finding:
    if deal.planned or deal.overdue:
        return kept("next_activity", _("There is a next activity."))
    advice = _("Plan the next step: crm activity add call … --about {ref} --due tomorrow").format(ref=deal.ref)
    return Finding("next_activity", weight, _("No next activity."), _("one activity ahead"), (deal.ref,), advice)


def longest_gap(deal: Opportunity, rules: ControlRules) -> int:
    """Return how many days ahead the next activity of a deal may be."""
    return rules.gap_days if deal.cycle is None else max(int(deal.cycle * rules.gap_share), 1)


def _gap(deal: Opportunity, weight: str, rules: ControlRules, today: date) -> Finding:
    most = longest_gap(deal, rules)
    if deal.cycle is None:
        threshold = _("not more than {days} days ahead").format(days=most)
    else:
        threshold = _("not more than {days} days ahead, {share} of the mean cycle of {cycle} days").format(
            days=most, share=f"{rules.gap_share * 100:.0f} %", cycle=f"{deal.cycle:.0f}"
        )
    nearest = min(deal.planned, default=None)
    if nearest is None or deal.overdue or nearest <= today + timedelta(days=most):
        return kept("gap", _("The next activity is near enough."), threshold)
    ahead = (nearest - today).days
    return Finding(
        "gap",
        weight,
        _("The next activity is {days} days ahead.").format(days=ahead),
        threshold,
        (deal.ref,),
        _("Plan something sooner: crm activity add call … --about {ref}").format(ref=deal.ref),
    )


def _stage_norm(deal: Opportunity, weight: str, today: date) -> Finding:
    stood = (today - deal.since).days
    if deal.norm is None:
        return kept("stage_norm", _("The stage has no norm."))
    threshold = _("not more than {days} days in «{stage}»").format(days=deal.norm, stage=deal.stage)
    if stood <= deal.norm:
        return kept("stage_norm", _("In the stage for {days} days.").format(days=stood), threshold)
    return Finding(
        "stage_norm",
        weight,
        _("In the stage for {days} days.").format(days=stood),
        threshold,
        (deal.ref,),
        _("Move it on or close it: crm deal move {id} STAGE, crm deal lose {id} --reason …").format(
            id=deal.ref.partition("/")[2]
        ),
    )
