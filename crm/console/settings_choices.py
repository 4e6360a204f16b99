"""Settings chosen from what there is: the event that moves a deal on, the kind of an own field, its choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.controls import options
from crm.errors import InvalidValue
from crm.locale import N_, _, language

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit

CHOSEN = ("goals", "type", "options", "required")
"""Columns whose values are not a text of the file as it stands."""
_EVENTS = {
    "quote_sent": N_("the quote is sent"), "quote_accepted": N_("the quote is accepted"),
    "invoice_issued": N_("the invoice is issued"), "payment_received": N_("money came in"),
    "invoice_paid": N_("the invoice is paid"), "activity_done": N_("an activity is done"),
    "letter_received": N_("a letter came"), "call_missed": N_("a call was missed"),
    "ticked": N_("the manager ticks it"),
}  # fmt: skip
_TYPES = {
    "text": N_("text"), "long_text": N_("long text"), "number": N_("whole number"), "decimal": N_("number"),
    "money": N_("money"), "date": N_("date"), "time": N_("date and time"), "bool": N_("yes or no"),
    "choice": N_("choice of one"), "list": N_("choice of several"), "ref:company": N_("company"),
    "ref:contact": N_("contact"),
}  # fmt: skip


def chosen(_visit: Visit, column: str, held: str) -> list[Context]:
    """Return the choices of a column."""
    pairs = {"goals": _EVENTS, "type": _TYPES, "required": {"yes": N_("yes")}}[column]
    empty = None if column == "type" else "—"
    return options([(key, _(title)) for key, title in pairs.items()], [held] if held else [], empty)


def shown_value(column: str, value: Any) -> str:
    """Return what the file has as the text of a control."""
    if column == "goals":
        return str(value[0].get("on", "")) if value else ""
    if column == "options":
        return "; ".join(_choice(one) for one in value or [])
    if column == "required":
        return "yes" if value in (True, "true") else ""
    return str(value or "")


def _choice(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    title = one.get("title", one.get("id", ""))
    return str(title.get(language()) or next(iter(title.values()), "")) if isinstance(title, dict) else str(title)


def added(item: dict[str, Any], column: str, typed: str) -> object:
    """Return what to write for a text of a control; what stood there under the same name is kept as it was."""
    if column == "goals":
        return _goals(item, typed)
    if column == "required":
        return True if typed else None
    if column == "options":
        known = {_choice(one): one for one in item.get("options") or []}
        wished = [word.strip() for word in typed.split(";") if word.strip()]
        return [known.get(word, word) for word in wished] or None
    if column == "type" and typed not in _TYPES and not typed.startswith("ref:"):
        raise InvalidValue(_("«{type}» is not a kind of field.").format(type=typed), _("Choose one."))
    return typed


def _goals(item: dict[str, Any], typed: str) -> list[dict[str, Any]] | None:
    """Return the goals of a stage with another first one; the others stay."""
    rest = list(item.get("goals") or [])[1:]
    first: dict[str, Any] = {"on": typed}
    if typed == "ticked":
        first |= {"id": f"{item['id']}_done", "title": {language(): _("Done: {stage}").format(stage=_choice(item))}}
    return [*([first] if typed else []), *rest] or None
