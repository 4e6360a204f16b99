"""`config/lint.yaml`: which rules are on, how severe they are, and their thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from crm.model.shape import Shape

Severity = Literal["error", "warning", "info"]

GAP_WORDS = (
    "отложен",
    "отказ",
    "думает",
    "заморож",
    "пауза",
    "ожидан",
    "відкладен",
    "відмов",
    "думає",
    "очікуван",
    "postponed",
    "on hold",
    "waiting",
    "refus",
    "later",
    "frozen",
)


class LintRules(Shape):
    """`config/lint.yaml`."""

    disabled: tuple[str, ...] = ()
    levels: Mapping[str, Severity] = {}
    gap_words: tuple[str, ...] = GAP_WORDS
    parallel_deals: int = 10
    parallel_share: Decimal = Decimal("0.1")
    leads_only: int = 20
