"""`config/planner.yaml`: when people are reminded, and what the client's reminder says."""

from __future__ import annotations

from crm.model.shape import Shape


class OwnerReminder(Shape):
    """The reminder to whoever has to do it; `morning` is when one without a time is reminded of, empty = never."""

    minutes: int = 15
    morning: str = "09:00"
    mail: bool = True


class ClientReminder(Shape):
    """The letter to the client before a meeting: how many minutes before (0 = none), for which kinds, its words."""

    minutes: int = 120
    kinds: tuple[str, ...] = ("meeting",)
    subject: str = ""
    text: str = ""


class PlannerSettings(Shape):
    """`config/planner.yaml`."""

    owner: OwnerReminder = OwnerReminder()
    client: ClientReminder = ClientReminder()
