"""Conditions in words: made by clicking, taken apart for chips, said as people say them; what may be compared with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.console.controls import Controls, in_order
from crm.locale import N_, _
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Choices
from crm.model.field_parts import Classifiers, Items, Parts
from crm.model.fields import REF, Choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.console.shown import Shown
    from crm.console.visit import Context, Words
    from crm.model.fields import Field
    from crm.sales.noun import Noun

SIGNS = {
    "=": N_("is"), "!=": N_("is not"), ">": N_("more than"), ">=": N_("at least"), "<": N_("less than"),
    "<=": N_("at most"), "~": N_("contains"), "is empty": N_("is empty"), "is not empty": N_("is not empty"),
}  # fmt: skip
BUILT = ("field", "sign", "value")
"""Words of the form that makes a condition by clicking."""
_DAYS = (N_("today"), N_("yesterday"), N_("tomorrow"))
_PIECE = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[()]|[^\s"'()]+|\s+""", re.DOTALL)
_SIMPLE = re.compile(
    r"""(?P<name>[\w.]+)\s*"""
    r"""(?P<sign>!=|>=|<=|=|>|<|~|is\ not\ empty|is\ empty)\s*"""
    r"""(?P<value>"(?:\\.|[^"\\])*"|[^\s"'()]*)""",
    re.DOTALL,
)


def clicked(query: Words) -> str:
    """Return the condition that a form made, empty for none."""
    name, sign, value = (query.get(word).strip() for word in BUILT)
    if not name or sign not in SIGNS:
        return ""
    if sign.startswith("is"):
        return f"{name} {sign}"
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name} {sign} "{quoted}"'


def together(*conditions: str) -> str:
    """Return the condition that all of some hold."""
    return " and ".join(part for one in conditions for part in apart(one))


def apart(condition: str) -> list[str]:
    """Return the conditions that all have to hold, each by itself; what is joined by `or` stays one, in parentheses."""
    parts, depth, either = [""], 0, False
    for piece in _PIECE.findall(condition.strip()):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        either = either or (not depth and piece.lower() in ("or", "или", "або"))
        if not depth and piece.lower() in ("and", "и", "та"):
            parts.append("")
        else:
            parts[-1] += piece
    if either:
        return [f"({condition.strip()})"]
    return [part.strip() for part in parts if part.strip()]


def said(shown: Shown, noun: Noun, condition: str) -> str:
    """Return a condition as people say it: «Сумма больше 5000»; as it was written where it is no simple one."""
    found = _SIMPLE.fullmatch(condition)
    name, _dot, part = found["name"].partition(".") if found else ("", "", "")
    field = noun.fields.get(name)
    if found is None or field is None:
        return condition
    title = shown.part_title(field, part).rstrip(":") if part else field.label
    if found["sign"].startswith("is"):
        return f"{title} {_(SIGNS[found['sign']])}"
    value = _value(shown, field, part, re.sub(r"\\(.)", r"\1", found["value"].strip('"')))
    return f"{title}: {value}" if found["sign"] == "=" else f"{title} {_(SIGNS[found['sign']])} {value}"


def _value(shown: Shown, field: Field[object], part: str, value: str) -> str:
    if part:
        return shown.part_text(field, part, value)
    if isinstance(field, Choice | Choices):
        return shown.choice(field, value)
    if field.name == "owner":
        return shown.names.get(value, value)
    return shown.label(value) if REF.fullmatch(value) else value


def offered(shown: Shown, noun: Noun) -> Iterator[Context]:
    """Yield what a condition may compare with, for each field whose values are known."""
    for name, field in noun.fields.items():
        if isinstance(field, Classifiers):
            yield from _classified(shown, name, field)
        pairs: list[tuple[str, str]] = []
        if name == "owner":
            pairs = [(person, person) for person in shown.active.values()]
        elif isinstance(field, Choice | Choices):
            pairs = [(title if field.dictionary else one, title) for one, title in Controls(shown, noun).choices(field)]
        elif isinstance(field, Day | Moment):
            pairs = [(_(day), _(day)) for day in _DAYS]
        for value, title in pairs:
            about = field.label if value == title else f"{title} · {field.label}"
            yield {"value": value, "title": about, "field": name}


def _classified(shown: Shown, name: str, field: Classifiers) -> Iterator[Context]:
    """Yield the values of each classifier of a client."""
    for part in shown.dictionary(name).entries:
        about = shown.part_title(field, part.id).rstrip(":")
        for entry in shown.dictionary(f"{name}.{part.id}").entries:
            title = entry.title.text()
            yield {"value": title, "title": f"{title} · {about}", "field": f"{name}.{part.id}"}


def _fields(shown: Shown, noun: Noun) -> Iterator[tuple[str, str]]:
    """Yield what a condition may be about: fields, and parts of fields such as classifiers and requisites."""
    controls = Controls(shown, noun)
    for name, field in in_order(noun):
        if isinstance(field, Parts):
            yield from ((f"{name}.{part}", shown.part_title(field, part).rstrip(":")) for part in controls.parts(field))
        elif not isinstance(field, Items):
            yield name, field.label


def builder(shown: Shown, noun: Noun, carried: list[Context], typed: dict[str, str]) -> Context:
    """Return the form that makes a condition: a field, a sign, a value; with what was typed where it did not fit."""
    return {
        "carried": carried,
        "open": bool(typed),
        "fields": [_option(pair, typed.get("field", "")) for pair in _fields(shown, noun)],
        "signs": [_option((sign, _(title)), typed.get("sign", "")) for sign, title in SIGNS.items()],
        "value": typed.get("value", ""),
        "values": list(offered(shown, noun)),
    }


def _option(pair: tuple[str, str], chosen: str) -> Context:
    return {"value": pair[0], "title": pair[1], "selected": pair[0] == chosen}
