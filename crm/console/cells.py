"""Cells of lists and cards, as templates show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.model.phone import format_phone

if TYPE_CHECKING:
    from crm.console.visit import Context


def text_cell(text: str) -> Context:
    """Return a cell of plain text."""
    return {"type": "text", "text": text}


def link_cell(text: str, address: str) -> Context:
    """Return a cell that leads somewhere."""
    return {"type": "link", "text": text, "address": address}


def has_letters(text: str) -> bool:
    """Tell whether a name is more than a number."""
    return any(sign.isalpha() for sign in text)


def phone_cell(number: str) -> Context:
    """Return a cell that calls a number; what is not one is text."""
    digits = number.partition(";")[0]
    if digits.startswith("+") and digits[1:].isdecimal():
        return link_cell(format_phone(number), f"tel:{digits}")
    return text_cell(number)
