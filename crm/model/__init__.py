"""What records are made of; its face for plugins: fields, Record, Shape, Money, Table, imported when asked for.

`from crm.model import Day, Record, Text`; the rooms they stand in may change, these names do not.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from crm.model.endpoint import Memory, Reply, Request
    from crm.model.field_dates import Day, Moment
    from crm.model.field_lists import Choices, Emails, Phones, Refs, Texts
    from crm.model.field_parts import Items, Parts
    from crm.model.fields import Choice, Flag, LongText, MoneyField, Number, Quantity, Ref, Text
    from crm.model.money import Money
    from crm.model.record import Record
    from crm.model.report import Table
    from crm.model.shape import Shape

_HOMES = {
    **dict.fromkeys(("Day", "Moment"), "field_dates"),
    **dict.fromkeys(("Memory", "Reply", "Request"), "endpoint"),
    **dict.fromkeys(("Choices", "Emails", "Phones", "Refs", "Texts"), "field_lists"),
    **dict.fromkeys(("Items", "Parts"), "field_parts"),
    **dict.fromkeys(("Choice", "Flag", "LongText", "MoneyField", "Number", "Quantity", "Ref", "Text"), "fields"),
    "Money": "money",
    "Record": "record",
    "Shape": "shape",
    "Table": "report",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"crm.model.{_HOMES[name]}"), name)


__all__ = [
    "Choice",
    "Choices",
    "Day",
    "Emails",
    "Flag",
    "Items",
    "LongText",
    "Memory",
    "Moment",
    "Money",
    "MoneyField",
    "Number",
    "Parts",
    "Phones",
    "Quantity",
    "Record",
    "Ref",
    "Refs",
    "Reply",
    "Request",
    "Shape",
    "Table",
    "Text",
    "Texts",
]
