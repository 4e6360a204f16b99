"""A scheduled run: that a rule of every day, week or month was done for its period, so that it is done once."""

from __future__ import annotations

from crm.locale import N_
from crm.model.fields import Number, Text
from crm.model.record import Record


class Run(Record):
    """One run of a scheduled rule; `period` is its day, the Monday of its week, or the first of its month."""

    noun, plural = "rule_run", "rule_runs"
    title_one, title_many = N_("Run of a rule"), N_("Runs of rules")
    naming = "rule"
    typed_first = ()
    owned = False
    by_hand = False

    rule = Text(N_("Rule"), required=True, key=True, listed=True, fixed=True)
    period = Text(N_("Period"), required=True, listed=True, fixed=True)
    records = Number(N_("Records"), listed=True, fixed=True)
