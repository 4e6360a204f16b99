"""Versions of a quote: 2026-0012, then 2026-0012/2, 2026-0012/3."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.model.fields import Doc


def next_number(doc: Doc, version: int) -> str:
    """Return the number of the next version of a quote."""
    number, before = str(doc["number"]), doc.get("version", 1)
    return f"{number.removesuffix(f'/{before}') if before > 1 else number}/{version}"
