"""How SQL asks for a field of money: exactly in its column, nearly in its document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from crm.store.places import NONE, SQL_OF, Place, Plan, is_in, is_measured, near, quote

MONEY_SCALE = 10_000
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


class MoneyColumn(Place):
    """Money whose amount has a column, in whole units of 10⁻⁴."""

    def __init__(self, name: str) -> None:
        self.name = quote(name)
        super().__init__(f"{self.name} IS NOT NULL")

    def exists(self) -> Plan:
        """See Place."""
        return Plan(self.present)

    def compare(self, order: str, value: object) -> Plan:
        """See Place; a number between two units is compared by the unit below or above it."""
        amount = amount_of(value)
        if amount is None:
            return self.possible()
        below, above = _units(amount)
        if order in ("==", "!="):
            between = "BETWEEN" if order == "==" else "NOT BETWEEN"
            return Plan(f"{self.name} {between} ? AND ?", (above, below))
        unit = below if order in (">", "<=") else above
        return Plan(f"{self.name} {SQL_OF[order]} ?", (unit,))

    def among(self, items: Sequence[object]) -> Plan:
        """See Place."""
        amounts = [amount for item in items if (amount := amount_of(item)) is not None]
        if len(amounts) < len(items):
            return self.possible()
        units = [below for below, above in map(_units, amounts) if below == above]
        return Plan(f"{self.name} {is_in(units)}", tuple(units)) if units else NONE

    def is_empty(self) -> Plan:
        """See Place."""
        return NONE


class MoneyPlace(Place):
    """Money that stands in the document only: its amount is compared nearly."""

    def __init__(self, path: str, amount_path: str) -> None:
        self.amount = f"CAST(doc->>{amount_path} AS REAL)"
        super().__init__(f"json_type(doc, {path}) IS NOT NULL")

    def exists(self) -> Plan:
        """See Place."""
        return Plan(self.present)

    def compare(self, order: str, value: object) -> Plan:
        """See Place."""
        amount = amount_of(value)
        plan = None if amount is None else near(self.amount, order, amount)
        return plan or self.possible()


def amount_of(value: object) -> Decimal | None:
    """Return a literal as the number that money is compared with; a float is the decimal that it prints."""
    if isinstance(value, int):
        value = Decimal(value)
    elif type(value) is float:
        value = Decimal(repr(value))
    elif type(value) is str and PLAIN_NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    return value if isinstance(value, Decimal) and is_measured(value) else None


def _units(amount: Decimal) -> tuple[int, int]:
    numerator, denominator = amount.as_integer_ratio()
    units = numerator * MONEY_SCALE
    return units // denominator, -(-units // denominator)
