"""The units of measure that 1C is told of are those of the model; the name stands here for who looks for it."""

from __future__ import annotations

from crm.model.units import UNITS, Unit, find_unit

__all__ = ["UNITS", "Unit", "find_unit"]
