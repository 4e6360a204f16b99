"""An absence: days on which somebody does not work (отпуск, больничный), so that no norm is asked for."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day
from crm.model.fields import Choice, Text
from crm.model.record import Record


class Absence(Record):
    """Days away of its owner, both ends included."""

    noun, plural = "absence", "absences"
    title_one, title_many = N_("Absence"), N_("Absences")
    example = "2026-07-01 2026-07-14 --owner olga --reason vacation"
    naming = "label_text"
    typed_first = ("first", "last")
    orders = (("owner", "first"), ("updated",))

    first = Day(N_("From"), required=True, column=True, listed=True)
    last = Day(N_("Until"), required=True, column=True, listed=True)
    reason = Choice(N_("Reason"), options=("vacation", "illness", "trip", "other"), default="vacation", listed=True)
    label_text = Text(N_("Name"), fixed=True)
