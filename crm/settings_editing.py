"""Editing YAML as people wrote it: a value is put in its place, comments and the way lists are written stay.

Which value may stand where is not judged here; files are written by `crm/settings_file.py`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from crm.errors import InvalidValue
from crm.locale import _

Keys = Sequence[str | int]


class Blank:
    """A declared key without a value: it is left out, or stands empty where a comment behind it explains it."""


def edited(text: str, change: Callable[[Any], None], path: Path) -> str:
    """Return the YAML of `text` after `change` of its document; raise InvalidValue for what is no YAML."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        document = yaml.load(text) or CommentedMap()
    except YAMLError as error:
        raise InvalidValue(
            _("{file} is not YAML.").format(file=path.name), _("Correct it by hand: `crm doctor` names the line.")
        ) from error
    change(document)
    written = io.StringIO()
    yaml.dump(document, written)
    return _with_comments(text, written.getvalue())


def _with_comments(old: str, new: str) -> str:
    """Put the lines of comments back that went with what was taken out, where they stood."""
    from collections import Counter
    from difflib import SequenceMatcher

    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    lost = Counter(filter(_is_comment, before)) - Counter(filter(_is_comment, after))
    if not lost:
        return new
    lines: list[str] = []
    for _tag, start, end, begin, finish in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        lines += after[begin:finish]
        for line in before[start:end]:
            if lost[line] > 0 and line not in after[begin:finish]:
                lost[line] -= 1
                lines.append(line)
    return "".join(lines)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def put(document: Any, keys: Keys, value: object) -> None:
    """Set the value at `keys`, see `crm.settings_file.change_setting`."""
    _set(_parent(document, keys), keys[-1], value)


def _parent(node: Any, keys: Keys) -> Any:
    """Return what holds the last key; a mapping or list on the way that is not there is made."""
    for key, following in pairwise(keys):
        if isinstance(node, dict) and node.get(key) is None:
            node[key] = [] if isinstance(following, int) else {}
        node = walk(node, [key])
    return node


def walk(node: Any, keys: Keys) -> Any:
    """Return what stands at `keys`; raise InvalidValue where nothing does."""
    for key in keys:
        place = _place(node, key)
        if place is None:
            if not isinstance(node, dict):
                raise _no_such(key)
            node[key] = {}
            place = key
        node = node[place]
    return node


def _set(node: Any, key: str | int, value: object) -> None:
    place, value = _place(node, key), _written(value)
    if isinstance(value, Blank):
        value = None
        if place is not None and _explained(node, place):
            node[place] = None
            return
    if value is None:
        if place is None:
            raise _no_such(key)
        del node[place]
    elif place is not None or isinstance(node, dict):
        node[key if place is None else place] = value if place is None else _refilled(node[place], value)
    elif isinstance(node, list):
        _begin(node)
        node.append(value)
    else:
        raise _no_such(key)


def _explained(node: Any, key: str | int) -> bool:
    """Tell whether a comment stands behind the value of a key, on its line."""
    token = (node.ca.items.get(key) or [None] * 3)[2] if hasattr(node, "ca") and isinstance(key, str) else None
    return token is not None and token.value.startswith("#")


def _written(value: Any) -> Any:
    """Return a value as people would write it: a text of several lines stands as such."""
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_written(one) for one in value]
    if isinstance(value, str) and "\n" in value:
        from ruamel.yaml.scalarstring import LiteralScalarString

        return LiteralScalarString(value)
    return value


def _begin(node: Any) -> None:
    """Let an empty mapping or list with a comment behind it be filled on its own line, before the comment."""
    if not node and getattr(getattr(node, "ca", None), "comment", None):
        node.fa.set_flow_style()


def _refilled(node: Any, value: object) -> object:
    """Return `value` put into the mapping or list that is there, so that comments and the way it is written stay."""
    if isinstance(node, dict | list) and value:
        _begin(node)
    if isinstance(node, dict) and isinstance(value, dict):
        for key in [key for key in node if key not in value]:
            del node[key]
        for key, one in value.items():
            node[key] = _refilled(node.get(key), one)
        return node
    if isinstance(node, list) and isinstance(value, list):
        _relist(node, value)
        return node
    return value


def _relist(node: Any, wished: list[Any]) -> None:
    """Make a list hold `wished` by taking out and adding single items: those that stay keep quotes and comments."""
    from difflib import SequenceMatcher

    held = list(node)
    known = [held.index(one) if one in held else ~place for place, one in enumerate(wished)]
    steps = SequenceMatcher(None, range(len(held)), known, autojunk=False).get_opcodes()
    for tag, start, end, begin, finish in reversed(steps):
        if tag == "equal":
            continue
        for place in reversed(range(start, end)):
            del node[place]
        for place, one in enumerate(known[begin:finish]):
            _insert(node, start + place, held[one] if one >= 0 else wished[~one])


def _insert(node: Any, place: int, value: Any) -> None:
    """Put an item into a list; lines of comments after its last item stay after it."""
    comments = getattr(getattr(node, "ca", None), "items", {})
    last = comments.get(place - 1) if place == len(node) else None
    token = last[0] if last else None
    node.insert(place, value)
    if token is not None:
        own, _newline, following = token.value.partition("\n")
        if following:
            comments[place] = [_beside(token, f"\n{following}"), None]
            token.value = f"{own}\n"
            if not own:
                del comments[place - 1]


def _beside(token: Any, text: str) -> Any:
    from ruamel.yaml.tokens import CommentToken

    return CommentToken(text, token.start_mark, None)


def _place(node: Any, key: str | int) -> Any:
    """Return the key of a mapping, or the position in a list, that `key` names; None where there is none."""
    if isinstance(node, dict):
        return key if key in node else None
    if not isinstance(node, list):
        raise _no_such(key)
    if isinstance(key, int):
        return key if 0 <= key < len(node) else None
    names = ("id", "name")
    return next(
        (place for place, item in enumerate(node) if isinstance(item, dict) and key in map(item.get, names)), None
    )


def _no_such(key: str | int) -> InvalidValue:
    return InvalidValue(_("There is no {key} in the settings.").format(key=key))
