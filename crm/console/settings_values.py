"""A value of a settings file as a control, and what was typed as the value that the file keeps."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin

from crm.console.controls import control, options
from crm.errors import InvalidValue
from crm.locale import _, language
from crm.model.pipeline import Title
from crm.model.shape import Misfit, Shape, revive

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit

    Place = tuple[str | int, ...]

_LONG = ("terms", "letter", "text", "opening", "template")
_NUMBERS = (int, float, Decimal)


class Spot(NamedTuple):
    """A key of a file: where it stands, its declared type, what people call it, and what it holds now."""

    place: Place
    hint: Any
    title: str
    held: Any
    shape: type[Shape]
    there: bool = True
    """Whether the file has the key; else `held` is what holds by itself."""

    @property
    def key(self) -> str:
        """Return the name of the key within its mapping."""
        return str(self.place[-1])

    @property
    def name(self) -> str:
        """Return the name of the control."""
        return ".".join(map(str, self.place))

    @property
    def many(self) -> bool:
        """Tell whether the key holds a list of plain values."""
        return get_origin(self.hint) in (tuple, list)

    @property
    def boxed(self) -> bool:
        """Tell whether the control is boxes to mark: a browser sends nothing where none is marked."""
        return self.hint is bool or (self.many and bool(self.choices() or self.key in self.shape.chosen))

    @property
    def paired(self) -> bool:
        """Tell whether the key holds names with values."""
        return not isinstance(self.hint, type) and get_origin(self.hint) not in (tuple, list, Literal)

    def choices(self) -> tuple[str, ...]:
        """Return the words that the key may hold, none where it may hold any."""
        hint = get_args(self.hint)[0] if self.many else self.hint
        return get_args(hint) if get_origin(hint) is Literal else ()


def shown(visit: Visit, spot: Spot, error: str = "") -> Context:
    """Return the control of a key, with what was typed where it was."""
    words, titles = spot.choices(), spot.shape.titles
    pairs = [(word, _(titles.get(f"{spot.key}={word}", word))) for word in words] or _chosen(visit, spot)
    typed = visit.form.all(spot.name) if spot.many and pairs else visit.form.get(spot.name, text_of(spot))
    if spot.hint is bool:
        held = _marked(visit, spot)
        return control(spot.name, spot.title, "check", "yes" if held else "", error=error)
    if pairs and spot.many:
        marked = typed if spot.name in visit.form else [str(one) for one in spot.held or ()]
        return control(spot.name, spot.title, "check-list", options=options(pairs, marked), error=error, wide=True)
    if pairs:
        empty = None if words else "—"
        return control(spot.name, spot.title, "select", options=options(pairs, [str(typed)], empty), error=error)
    kind = "multiline" if spot.paired or spot.key in _LONG else "decimal" if spot.hint in _NUMBERS else "text"
    return control(spot.name, spot.title, kind, typed, error=error, wide=kind == "multiline")


def _marked(visit: Visit, spot: Spot) -> bool:
    sent = "whole" in visit.form or spot.name in visit.form
    return bool(visit.form.get(spot.name)) if sent else spot.held in (True, "true")


def _chosen(visit: Visit, spot: Spot) -> list[tuple[str, str]]:
    name = spot.shape.chosen.get(spot.key, "")
    if name == "people":
        return list(visit.shown.active.items())
    if not name:
        return []
    return [(one.id, one.title.text()) for one in visit.shown.dictionary(name).entries]


def text_of(spot: Spot) -> str:
    """Return what a key holds as the text of its control."""
    held = spot.held
    if isinstance(held, dict) and spot.hint is Title:
        return str(held.get(language()) or next(iter(held.values()), ""))
    if isinstance(held, dict):
        return "\n".join(f"{name}: {value}" for name, value in held.items())
    if isinstance(held, list | tuple):
        return ", ".join(map(str, held))
    return "" if held is None else str(held)


def read(visit: Visit, spot: Spot) -> Any:
    """Return what was typed as the file keeps it, None to leave the key out; raise InvalidValue where it cannot be."""
    if spot.hint is bool:
        return _marked(visit, spot)
    if spot.many and (spot.choices() or spot.key in spot.shape.chosen):
        value: Any = visit.form.all(spot.name)
    else:
        value = _plain(spot, visit.form.get(spot.name).replace("\r\n", "\n").strip())
    try:
        if value is not None:
            revive(spot.hint, _as_read(value))
    except (Misfit, ValueError) as error:
        problem = error.problem if isinstance(error, Misfit) else str(error)
        raise InvalidValue(problem, error.remedy if isinstance(error, Misfit) else "") from error
    return value


def _as_read(value: Any) -> Any:
    """Return a value as a file gives it: a number with a fraction is text there."""
    if isinstance(value, dict):
        return {key: _as_read(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_read(one) for one in value]
    return str(value) if isinstance(value, float | date) else value


def _plain(spot: Spot, typed: str) -> Any:
    if spot.many:
        return [_scalar(get_args(spot.hint)[0], word.strip()) for word in typed.split(",") if word.strip()]
    if spot.paired:
        return _pairs(spot, typed)
    return _scalar(spot.hint, typed)


def _pairs(spot: Spot, typed: str) -> dict[str, Any]:
    found = {}
    for line in filter(str.strip, typed.split("\n")):
        name, colon, value = line.partition(":")
        if not colon:
            raise InvalidValue(
                _("«{line}» has no colon.").format(line=line.strip()), _("Write each line as name: value.")
            )
        found[name.strip()] = _scalar(get_args(spot.hint)[1], value.strip())
    return found


def _scalar(hint: Any, typed: str) -> Any:
    if hint is date:
        with suppress(ValueError):
            return date.fromisoformat(typed)
    if hint not in _NUMBERS:
        return typed
    if not typed:
        return None
    text = typed.replace(",", ".").replace("\u00a0", "").replace(" ", "")
    try:
        number = Decimal(text)
    except ArithmeticError:
        number = Decimal("NaN")
    whole = number.is_finite() and number == number.to_integral_value()
    if not number.is_finite() or (hint is int and not whole):
        wanted = _("A whole number is needed.") if hint is int else _("A number is needed.")
        raise InvalidValue(_("«{typed}» is not a number.").format(typed=typed), wanted)
    return int(number) if whole else float(number)
