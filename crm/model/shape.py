"""Frozen objects declared by annotations, and how plain data from a file becomes them.

A dataclass costs a millisecond of start-up each; a `Shape` costs nothing until it is used. Reading files is
`crm/settings.py`; what values mean is checked by `crm/settings_check.py`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Literal, Union, dataclass_transform, get_args, get_origin, get_type_hints

from crm.locale import _

Path = tuple[str | int, ...]


class Misfit(Exception):
    """A value that does not fit: where it stands (`path`), what is wrong, what to do."""

    def __init__(self, path: Path, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.path = path
        self.problem = problem
        self.remedy = remedy


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Shape:
    """A frozen object whose annotations are its fields and whose class attributes are their defaults.

    A field that `titles` names has a control on the page of the settings; `field=word` there is what a choice of a
    `Literal` is called. `chosen` says for a field which dictionary, or `people`, its value is of; `heading` is what the
    page is called.
    """

    heading: ClassVar[str] = ""
    titles: ClassVar[Mapping[str, str]] = {}
    chosen: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **values: Any) -> None:
        for name in shape_of(type(self)):
            if name not in values and not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__}: {name} is missing")
            vars(self)[name] = values.pop(name) if name in values else getattr(type(self), name)
        if values:
            raise TypeError(f"{type(self).__name__}: unknown {', '.join(values)}")

    def plain(self) -> dict[str, Any]:
        """Return the fields by name; shapes within are dicts as well."""
        values = {name: getattr(self, name) for name in shape_of(type(self))}
        return {name: value.plain() if isinstance(value, Shape) else value for name, value in values.items()}

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in shape_of(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(value for value in vars(self).values() if isinstance(value, str | int))))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in shape_of(type(self)))
        return f"{type(self).__name__}({fields})"


_shapes: dict[type, dict[str, Any]] = {}


def shape_of(kind: type) -> dict[str, Any]:
    """Return the fields of a `Shape` or a dataclass with their types, in the order of declaration."""
    known = _shapes.get(kind)
    if known is None:
        hints = get_type_hints(kind)
        known = {
            name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar and not name.startswith("_")
        }
        _shapes[kind] = known
    return known


def nearest(word: str, words: list[str]) -> str:
    """Say which of `words` was probably meant, else list them."""
    import difflib

    close = difflib.get_close_matches(word, words, n=1)
    if close:
        return _("Did you mean {name}?").format(name=close[0])
    return _("Known: {names}.").format(names=", ".join(words))


def revive(wanted: Any, data: object, path: Path = ()) -> Any:
    """Turn plain data (str, int, bool, None, list, dict) into an object of the type `wanted`.

    Knows scalars, `Decimal`, `date`, `Literal`, optional types, `tuple[X, ...]`, `list[X]`, mappings, classes
    with `from_plain`, `Shape` and dataclasses. Raises `Misfit` with the path of what does not fit.
    """
    if wanted is Any or wanted is object:
        return data
    reader = _SCALARS.get(wanted)
    if reader is not None:
        return _by(reader, data, path)
    origin = get_origin(wanted)
    if origin is not None:
        return _revive_generic(origin, get_args(wanted), data, path)
    from_plain = getattr(wanted, "from_plain", None)
    if from_plain is not None:
        return _by(from_plain, data, path)
    return _revive_fields(wanted, data, path)


def _revive_generic(origin: Any, arguments: tuple[Any, ...], data: object, path: Path) -> Any:
    if origin in (Union, types.UnionType):
        return None if data is None else revive(arguments[0], data, path)
    if origin is Literal:
        if data not in arguments:
            words = [str(word) for word in arguments]
            raise Misfit(path, _("{value} is not known here.").format(value=data), nearest(str(data), words))
        return data
    if origin in (tuple, list):
        return origin(_revive_items(arguments[0], data, path))
    if not isinstance(data, Mapping):
        raise Misfit(path, _("Keys with values are expected, not {value}.").format(value=data))
    return {str(key): revive(arguments[1], value, (*path, str(key))) for key, value in data.items()}


def _revive_items(wanted: Any, data: object, path: Path) -> list[Any]:
    if not isinstance(data, list):
        remedy = _("Write [{value}].").format(value=data)
        raise Misfit(path, _("A list is expected, not {value}.").format(value=data), remedy)
    return [revive(wanted, item, (*path, place)) for place, item in enumerate(data)]


def _revive_fields(kind: type, data: object, path: Path) -> Any:
    if not isinstance(data, Mapping):
        raise Misfit(path, _("Keys with values are expected, not {value}.").format(value=data))
    fields = {name.rstrip("_"): (name, hint) for name, hint in shape_of(kind).items()}
    values = {}
    for key, value in data.items():
        if key not in fields:
            raise Misfit((*path, str(key)), _("Unknown key {key}.").format(key=key), nearest(str(key), list(fields)))
        name, hint = fields[key]
        if value is not None:
            values[name] = revive(hint, value, (*path, key))
    return _construct(kind, values, path)


def _construct(kind: type, values: dict[str, Any], path: Path) -> Any:
    missing = [name for name in shape_of(kind) if name not in values and not _has_default(kind, name)]
    if missing:
        key = missing[0].rstrip("_")
        raise Misfit(path, _("{key} is missing.").format(key=key), _("Add the line {key}: …").format(key=key))
    try:
        return kind(**values)
    except ValueError as error:
        raise Misfit(path, str(error)) from error


def _has_default(kind: type, name: str) -> bool:
    if hasattr(kind, name):
        return True
    declared = getattr(kind, "__dataclass_fields__", {}).get(name)
    return declared is not None and callable(declared.default_factory)


def _by(reader: Callable[[object], Any], data: object, path: Path) -> Any:
    try:
        return reader(data)
    except Misfit as misfit:
        raise Misfit((*path, *misfit.path), misfit.problem, misfit.remedy) from None
    except ValueError as error:
        raise Misfit(path, str(error)) from error


def _text(data: object) -> str:
    if isinstance(data, str):
        return data
    if isinstance(data, int) and not isinstance(data, bool):
        return str(data)
    raise ValueError(_("Text is expected, not {value}.").format(value=data))


def _whole(data: object) -> int:
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    raise ValueError(_("A whole number is expected, not {value}.").format(value=data))


def _yes_or_no(data: object) -> bool:
    if isinstance(data, bool):
        return data
    raise ValueError(_("true or false is expected, not {value}.").format(value=data))


def _decimal(data: object) -> Decimal:
    try:
        if isinstance(data, int | str) and not isinstance(data, bool):
            number = Decimal(data)
            if number.is_finite():
                return number
    except InvalidOperation:
        pass
    raise ValueError(_("A number is expected, not {value}.").format(value=data))


def _date(data: object) -> date:
    try:
        return date.fromisoformat(_text(data))
    except ValueError:
        raise ValueError(_("A date like 2026-12-31 is expected, not {value}.").format(value=data)) from None


_SCALARS: dict[Any, Callable[[object], Any]] = {
    str: _text,
    int: _whole,
    bool: _yes_or_no,
    float: lambda data: float(_decimal(data)),
    Decimal: _decimal,
    date: _date,
}
