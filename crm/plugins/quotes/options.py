"""Optional lines of a quote: what is offered besides, not counted until the client takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from crm.model.fields import Doc


def last(items: list[Doc]) -> list[Doc]:
    """Return lines with the optional ones after all others, numbered as they are printed."""
    return sorted(items, key=lambda line: bool(line.get("optional")))


def chosen(items: list[Doc], text: str) -> list[Doc]:
    """Return lines with the options that `text` names, «4,5» or «all», made ordinary ones; raise InvalidValue."""
    optional = {place: line for place, line in enumerate(items, start=1) if line.get("optional")}
    wanted = list(optional) if text.strip() == "all" else [_number(one, optional) for one in text.split(",")]
    taken = [
        {name: value for name, value in line.items() if name != "optional"} if place in wanted else line
        for place, line in enumerate(items, start=1)
    ]
    return last(taken)


def _number(text: str, optional: dict[int, Doc]) -> int:
    number = int(text) if text.strip().isdecimal() and len(text) < 9 else 0
    if number not in optional:
        raise InvalidValue(
            _("«{text}» is no optional line of the quote.").format(text=text.strip()),
            _("Its optional lines: {numbers}.").format(numbers=", ".join(map(str, optional)) or "—"),
        )
    return number
