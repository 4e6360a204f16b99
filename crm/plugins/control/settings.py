"""`config/control.yaml`: which broken criterion turns the light red or yellow, and the thresholds of the criteria."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from crm.locale import N_
from crm.model.shape import Shape

Weight = Literal["red", "yellow", "none"]
_WEIGHTS = {"red": N_("Red light"), "yellow": N_("Yellow light"), "none": N_("Off")}


def _weighed(titles: Mapping[str, str]) -> Mapping[str, str]:
    """Return titles of criteria with those of their weights."""
    return {**titles, **{f"{key}={word}": title for key in titles for word, title in _WEIGHTS.items()}}


class ClientCriteria(Shape):
    """What colour each criterion of a client gives when it is broken; `none` switches it off."""

    titles: ClassVar[Mapping[str, str]] = _weighed(
        {
            "active_deal": N_("No open deal"),
            "no_overdue": N_("Overdue activities"),
            "portrait": N_("The portrait is not filled"),
            "contact_data": N_("The contact is not filled"),
        }
    )

    active_deal: Weight = "red"
    no_overdue: Weight = "red"
    portrait: Weight = "yellow"
    contact_data: Weight = "yellow"


class DealCriteria(Shape):
    """What colour each criterion of an open deal gives when it is broken."""

    titles: ClassVar[Mapping[str, str]] = _weighed(
        {
            "next_activity": N_("Nothing is planned"),
            "no_overdue": N_("Overdue activities"),
            "gap": N_("Too long between activities"),
            "stage_norm": N_("Too long on a stage"),
        }
    )

    next_activity: Weight = "red"
    no_overdue: Weight = "red"
    gap: Weight = "yellow"
    stage_norm: Weight = "yellow"


class Portrait(Shape):
    """Fields that must be filled for the portrait of a company, and of a person who buys for himself."""

    company: tuple[str, ...] = ("industry", "addresses")
    contact: tuple[str, ...] = ("phones", "emails")


class ControlRules(Shape):
    """`config/control.yaml`; days are calendar days, `gap_share` is a share of the pipeline's mean cycle."""

    heading = N_("Light of clients and deals")
    titles: ClassVar[Mapping[str, str]] = {
        "client": N_("Clients"),
        "deal": N_("Deals"),
        "overdue_days": N_("An activity is overdue after days"),
        "gap_share": N_("Longest gap, as a share of the usual cycle"),
        "gap_days": N_("Longest gap, days"),
        "touch_days": N_("Touches are counted for days"),
        "warm_days": N_("A client is warm for days"),
    }

    client: ClientCriteria = ClientCriteria()
    deal: DealCriteria = DealCriteria()
    overdue_days: int = 0
    portrait: Portrait = Portrait()
    contact_data: tuple[str, ...] = ("last_name", "phones")
    gap_share: Decimal = Decimal("0.5")
    gap_days: int = 14
    touch_days: int = 30
    warm_days: int = 30
