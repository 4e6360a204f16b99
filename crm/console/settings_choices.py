"""Settings chosen from what there is: the kind of an own field, its choices, the values of a classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.controls import options
from crm.errors import InvalidValue
from crm.locale import N_, _, language

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit

CHOSEN = ("type", "options", "values", "required", "directed", "documents")
"""Columns whose values are not a text of the file as it stands."""
_TYPES = {
    "text": N_("text"), "long_text": N_("long text"), "number": N_("whole number"), "decimal": N_("number"),
    "money": N_("money"), "date": N_("date"), "time": N_("date and time"), "bool": N_("yes or no"),
    "choice": N_("choice of one"), "list": N_("choice of several"), "ref:company": N_("company"),
    "ref:contact": N_("contact"),
}  # fmt: skip


WORDS = ("options", "values", "documents")
"""Columns that hold several values, typed as words."""
_MARKS = ("required", "directed")


def chosen(_visit: Visit, column: str, held: str) -> list[Context]:
    """Return the choices of a column."""
    pairs = {"yes": N_("yes")} if column in _MARKS else _TYPES
    empty = "—" if column in _MARKS else None
    return options([(key, _(title)) for key, title in pairs.items()], [held] if held else [], empty)


def shown_value(column: str, value: Any) -> str:
    """Return what the file has as the text of a control."""
    if column in ("options", "values"):
        return "; ".join(_choice(one) for one in value or [])
    if column == "documents":
        return ", ".join(map(str, value or []))
    if column in _MARKS:
        return "yes" if value in (True, "true") else ""
    return str(value or "")


def _choice(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    title = one.get("title", one.get("id", ""))
    return str(title.get(language()) or next(iter(title.values()), "")) if isinstance(title, dict) else str(title)


def added(item: dict[str, Any], column: str, typed: str) -> object:
    """Return what to write for a text of a control; what stood there under the same name is kept as it was."""
    if column in _MARKS:
        return True if typed else None
    if column == "documents":
        return [word.strip() for word in typed.split(",") if word.strip()] or None
    if column in ("options", "values"):
        known = {_choice(one): one for one in item.get(column) or []}
        wished = [word.strip() for word in typed.split(";") if word.strip()]
        fresh = _numbered if column == "values" else str
        return [known.get(word) or fresh(word) for word in wished] or None
    if column == "type" and typed not in _TYPES and not typed.startswith("ref:"):
        raise InvalidValue(_("«{type}» is not a kind of field.").format(type=typed), _("Choose one."))
    return typed


def _numbered(title: str) -> dict[str, Any]:
    """Return a new value of a classifier; its id is made of its title."""
    from zlib import crc32

    return {"id": f"value_{crc32(title.encode()):x}", "title": {language(): title}}
