"""How values are spelt in XML for 1C: texts cut and cleaned, kopecks, elements in no namespace."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

NAME, COMMENT, VALUE = 255, 3000, 1000
KOPECK = Decimal("0.01")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def child(parent: Element, name: str) -> Element:
    """Add an element and return it."""
    node = parent.makeelement(name)
    parent.append(node)
    return node


def clean(text: str, longest: int = NAME) -> str:
    """Return a text without what XML forbids, cut to a length."""
    if not text.isprintable():
        text = _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()[:longest].rstrip()


def put(parent: Element, name: str, text: str, longest: int = NAME) -> None:
    """Add an element with a text; an empty one is omitted, since 1C takes it for a value."""
    if written := clean(text, longest):
        child(parent, name).text = written


def money(amount: Decimal) -> str:
    """Spell an amount to the kopeck."""
    return f"{amount.quantize(KOPECK, ROUND_HALF_UP):.2f}"


def plain(number: Decimal) -> str:
    """Spell a number without an exponent and without zeros at the end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_properties(node: Element, properties: Iterable[tuple[str, str]]) -> None:
    """Write named values, those that are there."""
    filled = [(name, value) for name, value in properties if clean(value)]
    if filled:
        parent = child(node, "ЗначенияРеквизитов")
        for name, value in filled:
            item = child(parent, "ЗначениеРеквизита")
            put(item, "Наименование", name)
            put(item, "Значение", value, VALUE)
