"""The journal: append-only, one line is one committed change set, each chained to the one before by a checksum."""

from __future__ import annotations

import json
import json.encoder as _json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import Damaged
from crm.locale import _
from crm.store import disk

try:
    from _blake2 import blake2b  # hashlib's own, without the OpenSSL that it loads: 5 ms of each command
except ImportError:  # pragma: no cover - another Python than CPython
    from hashlib import blake2b

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
Doc = dict[str, Any]
Texts = dict[tuple[str, int], str]
"""Documents as JSON, by kind and id."""

FIRST = "0" * 24
_CHANGES = b',"changes":['
_LONG = 16_000
"""Bytes of a line from which on it pays to read one change alone."""
_TAIL = len(',"sum":""}\n') + 24


class Change(NamedTuple):
    """What happened to one record: a creation has no `before`, a removal no `after`; else the changed fields."""

    kind: str
    id: int
    rev: int
    before: Doc | None
    after: Doc | None

    @property
    def ref(self) -> str:
        """Name the record as references do: `deal/12`."""
        return f"{self.kind}/{self.id}"


class Line:
    """One committed change set; `extra` holds cause, plugin, group, undoes, redoes, note where they apply."""

    __slots__ = ("actor", "changes", "command", "events", "extra", "n", "prev", "sum", "time", "via")

    def __init__(
        self,
        n: int,
        time: str,
        actor: str,
        via: str,
        command: str,
        changes: list[Change],
        events: list[Doc] | None = None,
        extra: Doc | None = None,
        prev: str = FIRST,
        sum: str = "",
    ) -> None:
        self.n = n
        self.time = time
        self.actor = actor
        self.via = via
        self.command = command
        self.changes = changes
        self.events = events or []
        self.extra = extra or {}
        self.prev = prev
        self.sum = sum


class Position(NamedTuple):
    """Where a journal line ends: its number, file, offset behind it, checksum and time."""

    n: int = 0
    file: str = ""
    offset: int = 0
    sum: str = FIRST
    time: str = ""


def _json_encoder() -> Callable[[object, int], Iterable[str]]:
    """Return what `json.dumps` makes anew for each value: an encoder, made once."""
    make = getattr(_json, "c_make_encoder", None)
    if make is None:  # pragma: no cover - another Python than CPython
        encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return lambda value, _level: encoder.encode(value)
    default = json.JSONEncoder().default
    made: Callable[[object, int], Iterable[str]] = make(
        None, default, _json.encode_basestring, None, ":", ",", False, False, False
    )
    return made


_encode_json = _json_encoder()


def dump(value: object) -> str:
    """Write JSON as the store does: compact and readable by eye in any language; raise ValueError for NaN."""
    return "".join(_encode_json(value, 0))


def checksum(prev: str, body: bytes) -> str:
    """Return the checksum of a line's bytes after the previous line's, 24 hex digits."""
    return blake2b(body, digest_size=12, key=prev.encode()).hexdigest()


def encode(line: Line, texts: Texts | None = None) -> bytes:
    """Write a line and set its checksum; `texts` are the documents that are written already."""
    head = {"n": line.n, "time": line.time, "actor": line.actor, "via": line.via, "command": line.command}
    changes = ",".join(_encode_change(change, texts or {}) for change in line.changes)
    parts = [dump(head)[:-1], f'"changes":[{changes}]', f'"events":{dump(line.events)}']
    parts += [f"{dump(key)}:{dump(value)}" for key, value in line.extra.items()]
    body = (",".join(parts) + f',"prev":"{line.prev}"').encode()
    line.sum = checksum(line.prev, body)
    return body + f',"sum":"{line.sum}"}}\n'.encode()


def _encode_change(change: Change, texts: Texts) -> str:
    known = texts.get((change.kind, change.id)) if change.before is None else None
    after = known or dump(change.after)
    return f'{{"ref":"{change.ref}","rev":{change.rev},"before":{dump(change.before)},"after":{after}}}'


def decode(raw: bytes) -> Line:
    """Read a line and check it against its own checksum; raise ValueError when it does not hold."""
    return _line(json.loads(raw), raw)


def _line(record: Doc, raw: bytes) -> Line:
    line = Line(
        n=record.pop("n"),
        time=record.pop("time"),
        actor=record.pop("actor"),
        via=record.pop("via"),
        command=record.pop("command"),
        changes=[_decode_change(change) for change in record.pop("changes")],
        events=record.pop("events"),
        prev=record.pop("prev"),
        sum=record.pop("sum"),
        extra=record,
    )
    if checksum(line.prev, raw[:-_TAIL]) != line.sum:
        raise ValueError("checksum")
    return line


def _decode_alone(raw: bytes, kind: str, record_id: int) -> Line:
    """Read a line with the change of one record, without reading those of the others."""
    begin, end = raw.index(_CHANGES) + len(_CHANGES), raw.rindex(b'],"events":')
    at = raw.index(f'{{"ref":"{kind}/{record_id}","rev":'.encode(), begin, end)
    following = raw.find(b',{"ref":"', at, end)
    while following > 0 and not _is_json(raw[at:following]):
        following = raw.find(b',{"ref":"', following + 1, end)
    change = raw[at : following if following > 0 else end]
    return _line(json.loads(b"".join((raw[:begin], change, raw[end:]))), raw)


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except ValueError:
        return False
    return True


def _decode_change(record: Doc) -> Change:
    kind, _slash, number = record["ref"].partition("/")
    return Change(kind, int(number), record["rev"], record["before"], record["after"])


def whole(raw: bytes) -> Line | None:
    """Read a line, None when it does not hold by itself."""
    if not raw.endswith(b"\n"):
        return None
    try:
        return decode(raw)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _following(raw: bytes, position: Position) -> Line | None:
    """Read the line behind a position, None when it does not hold there."""
    line = whole(raw)
    return line if line is not None and line.n == position.n + 1 and line.prev == position.sum else None


def is_month(name: str) -> bool:
    """Tell whether a file of the journal is called so: what a sync or a person puts beside it is none of it."""
    return len(name) == 13 and name[4] == "-" and name.endswith(".jsonl") and (name[:4] + name[5:7]).isdigit()


class Journal:
    """The journal's files, one a month, read forward from a position."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[str]:
        """List the file names, oldest first."""
        try:
            return sorted(name for name in os.listdir(self.folder) if is_month(name))
        except FileNotFoundError:
            return []

    def ends_at(self, position: Position) -> bool:
        """Tell whether nothing was appended behind `position`: one listing and one `stat`."""
        files = self.files()
        if not files:
            return position.n == 0
        return files[-1] == position.file and os.stat(self.folder / files[-1]).st_size == position.offset

    def read(self, after: Position) -> Iterator[tuple[Line, Position]]:
        """Yield the lines behind `after`, each with its own position.

        A last line without its end is what a crash left of a write that was never acknowledged: it is not a line.
        Damage that a later line states as known is stepped over; raise Damaged for anything else that does not hold.
        """
        position = after
        for name in self.files():
            if name < after.file:
                continue
            position = position if name == after.file else position._replace(file=name, offset=0)
            for line, position in self._read_file(name, position):
                if line is not None:
                    yield line, position

    def _read_file(self, name: str, position: Position) -> Iterator[tuple[Line | None, Position]]:
        with open(self.folder / name, "rb") as file:
            file.seek(position.offset)
            for raw in file:
                line = _following(raw, position)
                if line is not None:
                    position = Position(line.n, name, position.offset + len(raw), line.sum, line.time)
                elif not raw.endswith(b"\n") and name == self.files()[-1]:
                    return
                else:
                    position = self._behind_damage(position)
                    file.seek(position.offset)
                yield line, position

    def _behind_damage(self, position: Position) -> Position:
        from crm.store.damage import stated

        known = stated(self).get((position.file, position.offset, position.n + 1))
        if known is None or known[3:] == (0, position.n + 1, position.n, position.sum):
            raise self.damage(position.file, position.n + 1)
        return Position(known.last, known.file, known.offset + known.size, known.sum, position.time)

    def find(self, n: int) -> Position | None:
        """Find where line `n` ends, by the numbers that lines begin with; newest file first."""
        for name in reversed(self.files()):
            offset = 0
            with open(self.folder / name, "rb") as file:
                for raw in file:
                    offset += len(raw)
                    if raw.startswith(b'{"n":%d,' % n) and (line := whole(raw)) is not None:
                        return Position(n, name, offset, line.sum, line.time)
        return self._find_lost(n)

    def _find_lost(self, n: int) -> Position | None:
        """Return where known damage ends that line `n` was lost with."""
        from crm.store.damage import stated

        for known in stated(self).values():
            if known.first <= n <= known.last:
                return Position(known.last, known.file, known.offset + known.size, known.sum)
        return None

    def damage(self, name: str, n: int) -> Damaged:
        """Name the line that does not hold."""
        return Damaged(
            _("The journal is damaged: data/journal/{file}, change {n}.").format(file=name, n=n),
            _("Run `crm check` to see what is affected, `crm check --repair` to mend it."),
        )

    def at(self, name: str, offset: int, size: int, alone: tuple[str, int] | None = None) -> Line:
        """Read the one line that stands at a known place; of a long one perhaps the change of `alone` only."""
        try:
            with open(self.folder / name, "rb") as file:
                file.seek(offset)
                raw = file.read(size)
            raw = raw[raw.rfind(b"\n", 0, -1) + 1 :]  # known damage may stand before the line
            return decode(raw) if alone is None or len(raw) < _LONG else _decode_alone(raw, *alone)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise Damaged(
                _("The journal is damaged: data/journal/{file}, at byte {offset}.").format(file=name, offset=offset),
                _("Run `crm check` to see what is affected, `crm check --repair` to mend it."),
            ) from error

    def append(self, line: Line, last: Position, name: str = "", texts: Texts | None = None) -> Position:
        """Append a line behind `last`, in the file of its month or in `name`, and flush: the commit point.

        Return where it ends.
        """
        data = encode(line, texts)
        name = name or max(line.time[:7] + ".jsonl", last.file)
        start = last.offset if name == last.file else 0
        disk.append(self.folder / name, data, start)
        return Position(line.n, name, start + len(data), line.sum, line.time)
