"""Texts with merge fields: `{name}`, `{company}`; nothing but names between braces, no code, no formats.

What a name stands for is `merging.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[^\W\d]\w*")
_DOUBLED = re.compile(r"(?<!\{)\{\{\s*(?:\w+\.)*(\w+)\s*\}\}(?!\})")
"""A merge field as other programs write it: `{{ contact.name }}`."""


def names_in(text: str) -> list[str]:
    """Return the names of the merge fields of a text, each once; raise InvalidValue for any other brace.

    A brace that shall stay is written twice.
    """
    names = []
    for found in _PIECE.finditer(text):
        if found[0] in ("{{", "}}"):
            continue
        name = (found[1] or "").strip()
        if not _NAME.fullmatch(name):
            raise InvalidValue(
                _("«{piece}» in the text is not a merge field.").format(piece=found[0]),
                _("Write {name} with the name of a field; a brace that shall stay is written twice.").format(
                    name="{name}"
                ),
            )
        names.append(name)
    return list(dict.fromkeys(names))


def check(text: str, known: Iterable[str], is_field: Callable[[str], bool]) -> None:
    """Raise InvalidValue for a merge field that is neither among `known` nor a field, or that has two braces."""
    known = list(known)
    for found in _DOUBLED.finditer(text):
        if found[1] in known or is_field(found[1]):
            raise InvalidValue(
                _("«{piece}» would stay in the text as it is.").format(piece=found[0]),
                _("Write the merge field with one brace: {name}").format(name="{" + found[1] + "}"),
            )
    for name in names_in(text):
        if name not in known and not is_field(name):
            raise InvalidValue(
                _("There is no merge field {field}.").format(field="{" + name + "}"),
                _("Known: {names}, and any field of the recipient.").format(names=", ".join(known)),
            )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values in place of the merge fields; what a value holds is not read again."""

    def value(found: re.Match[str]) -> str:
        return found[0][0] if found[0] in ("{{", "}}") else values[found[1].strip()]

    return _PIECE.sub(value, text)
