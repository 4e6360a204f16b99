"""YAML into plain data, and back to the line where a value stands; used only when the cache is stale.

Plain data is str, int, bool, None, list and dict. Unlike YAML 1.1, `on`, `no`, 12:30, 044525225 and dates stay
text, and a decimal keeps its digits.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from crm.errors import InvalidValue, Misplaced, OutsideFailed
from crm.locale import _
from crm.model.shape import Misfit


class Loader(yaml.SafeLoader):
    """The safe loader with the scalars of YAML 1.2; keys are text, double keys are refused."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping with its keys as text; raises ConstructorError."""
        found: dict[Any, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(problem=_("a key is not a word"), problem_mark=key.start_mark)
            if key.value in found:
                raise yaml.constructor.ConstructorError(
                    problem=_("the key {key} stands twice").format(key=key.value), problem_mark=key.start_mark
                )
            found[key.value] = self.construct_object(value, deep=deep)
        return found


Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789"))


def read_plain(path: Path) -> dict[str, Any]:
    """Return the data of a YAML file, {} of an empty one; raises InvalidValue, OutsideFailed."""
    return plain(_read_text(path), path)


def plain(text: str, path: Path) -> dict[str, Any]:
    """Return the data of YAML `text`; raises InvalidValue that names `path` and the line."""
    try:
        data = yaml.load(text, Loader)
    except yaml.YAMLError as error:
        raise _broken(path, error) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise located(path, Misfit((), _("Keys with values are expected.")), text)
    return data


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue(_("{file} is not in UTF-8.").format(file=_short(path)), _("Save it in UTF-8.")) from error
    except OSError as error:
        raise OutsideFailed(
            _("{file} cannot be read: {reason}.").format(file=_short(path), reason=error.strerror),
            _("Check its rights."),
        ) from error


def _broken(path: Path, error: yaml.YAMLError) -> InvalidValue:
    mark = getattr(error, "problem_mark", None)
    return InvalidValue(
        _("{file}{line}: this is not YAML: {problem}.").format(
            file=_short(path),
            line=_line(mark.line + 1 if mark else 0),
            problem=getattr(error, "problem", None) or error,
        ),
        _("Check indents, colons and quotes there."),
    )


def located(path: Path, misfit: Misfit, text: str | None = None) -> Misplaced:
    """Return the failure for a value in a file: file, line and key, what is wrong, what to do."""
    try:
        number = line_of(_read_text(path) if text is None else text, misfit.path)
    except (InvalidValue, OutsideFailed, yaml.YAMLError):
        number = 0
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in misfit.path)
    place = _short(path) + _line(number) + (f", {key}" if key else "")
    return Misplaced(f"{place}: {misfit.problem}", misfit.remedy, misfit.path, misfit.problem)


def _line(number: int) -> str:
    return _(", line {number}").format(number=number) if number else ""


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    """Return the line, from 1, of the deepest key or item along `path`; 0 for an empty file."""
    node: yaml.Node | None = yaml.compose(text, Loader)
    line = node.start_mark.line + 1 if node else 0
    for part in path:
        key, node = _step(node, part)
        if key is None:
            break
        line = key.start_mark.line + 1
    return line


def _step(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(part)), (None, None))
    return None, None


def keep_cache(path: Path, key: Mapping[str, Any], data: Mapping[str, Any], *, young: int) -> None:
    """Write the cache where it can be written, unless a file of it changed less than `young` ns ago."""
    newest = max((stamp[1] for stamp in key["files"].values()), default=0)
    if time.time_ns() - newest < young:
        return
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        beside.write_text(json.dumps({"key": key, "data": data}, ensure_ascii=False), encoding="utf-8")
        beside.replace(path)
    except (OSError, TypeError, ValueError):  # a read-only folder, or YAML tags that JSON cannot hold
        with contextlib.suppress(OSError):
            beside.unlink()
