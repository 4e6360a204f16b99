"""`config/control.yaml`: which broken criterion turns the light red or yellow, and the thresholds of the criteria."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from crm.model.shape import Shape

Weight = Literal["red", "yellow", "none"]


class ClientCriteria(Shape):
    """What colour each criterion of a client gives when it is broken; `none` switches it off."""

    active_deal: Weight = "red"
    no_overdue: Weight = "red"
    portrait: Weight = "yellow"
    contact_data: Weight = "yellow"


class DealCriteria(Shape):
    """What colour each criterion of an open deal gives when it is broken."""

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

    client: ClientCriteria = ClientCriteria()
    deal: DealCriteria = DealCriteria()
    overdue_days: int = 0
    portrait: Portrait = Portrait()
    contact_data: tuple[str, ...] = ("last_name", "phones")
    gap_share: Decimal = Decimal("0.5")
    gap_days: int = 14
    touch_days: int = 30
    warm_days: int = 30
