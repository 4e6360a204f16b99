"""`config/planner.yaml`: when people are reminded, and what the client's reminder says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.locale import N_
from crm.model.shape import Shape


class OwnerReminder(Shape):
    """The reminder to whoever has to do it; `morning` is when one without a time is reminded of, empty = never."""

    titles: ClassVar[Mapping[str, str]] = {
        "minutes": N_("Minutes before, 0 is never"),
        "morning": N_("Activities without a time are reminded of at"),
        "mail": N_("By mail too"),
    }

    minutes: int = 15
    morning: str = "09:00"
    mail: bool = True


class ClientReminder(Shape):
    """The letter to the client before a meeting: how many minutes before (0 = none), for which kinds, its words."""

    titles: ClassVar[Mapping[str, str]] = {
        "minutes": N_("Minutes before, 0 is never"),
        "kinds": N_("Kinds of activities"),
        "subject": N_("Subject of the letter"),
        "text": N_("Text of the letter"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"kinds": "activity_kinds"}

    minutes: int = 120
    kinds: tuple[str, ...] = ("meeting",)
    subject: str = ""
    text: str = ""


class PlannerSettings(Shape):
    """`config/planner.yaml`."""

    heading = N_("Reminders")
    titles: ClassVar[Mapping[str, str]] = {
        "owner": N_("To whoever has to do it"),
        "client": N_("To the client"),
    }

    owner: OwnerReminder = OwnerReminder()
    client: ClientReminder = ClientReminder()
