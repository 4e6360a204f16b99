"""Damage of the journal: bytes that are no change sets, and change sets that are lost, found by reading on behind them.

What is lost stays lost; a later line of the journal may state it (key `damaged`), and then it is known damage.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm.store.journal import Line, Position, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.store.journal import Doc, Journal

STATED = "damaged"
"""The key of a journal line under which it states damage."""

_MARK = b'"damaged":['
_NUMBER = re.compile(rb'\{"n":(\d{1,15}),')


class Stretch(NamedTuple):
    """A stretch of a journal file that does not hold: its place, and the change sets `first` to `last` lost with it.

    `line` counts the file's lines from 1. None is lost when `last` is below `first`. `sum` is what the next line
    names as the checksum before it.
    """

    file: str
    line: int
    offset: int
    size: int
    first: int
    last: int
    sum: str

    @property
    def place(self) -> tuple[str, int, int]:
        """Return by what a reader knows the stretch: file, offset, first lost number."""
        return self.file, self.offset, self.first


class _Region(NamedTuple):
    """Lines of one file that do not hold, not yet known how many change sets they were."""

    file: str
    line: int
    offset: int
    size: int
    lines: int
    ended: bool
    hint: int


class Scan:
    """The journal read to its end whatever it holds.

    While `lines` runs, `position` is where it stands; afterwards `finish` tells what was found behind the last line.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.position = Position()
        self.stretches: list[Stretch] = []
        self.stated: set[Stretch] = set()
        self.end = Position()
        self.torn: _Region | None = None
        self.misplaced: list[str] = []
        self._last_line = 0
        self._open: list[_Region] = []

    def lines(self) -> Iterator[Line]:
        """Yield every line that holds by itself and comes behind those before it."""
        for name in self.journal.files():
            yield from self._file(name)

    def _file(self, name: str) -> Iterator[Line]:
        offset = start = number = begun = 0
        bad: list[bytes] = []
        with open(self.journal.folder / name, "rb") as file:
            for number, raw in enumerate(file, 1):
                line = whole(raw)
                if line is None or line.n <= self.position.n:
                    start, begun = (start, begun) if bad else (offset, number)
                    bad.append(raw[:40] + raw[-1:])
                    offset += len(raw)
                    continue
                if bad:
                    self._open.append(_region(name, begun, start, offset, bad))
                    bad = []
                self._hold(line, name, offset, number)
                if line.time[:7] > name[:7] and STATED not in line.extra and name not in self.misplaced:
                    self.misplaced.append(name)
                offset += len(raw)
                self.position = Position(line.n, name, offset, line.sum, line.time)
                yield line
        if bad:
            self._open.append(_region(name, begun, start, offset, bad))
        self.end = Position(self.position.n, name, offset, self.position.sum, self.position.time)
        self._last_line = number

    def _hold(self, line: Line, name: str, offset: int, number: int) -> None:
        for stated in line.extra.get(STATED, ()):
            self.stated.add(Stretch(*stated.values()))
        if self._open or (line.n, line.prev) != (self.position.n + 1, self.position.sum):
            self._open = self._open or [_Region(name, number, offset, 0, 0, True, 0)]
            self._settle(line.n - 1, line.prev)

    def _settle(self, last: int, prev: str) -> None:
        """Share the lost numbers up to `last` among the regions that do not hold."""
        reached = self.position.n
        for place, region in enumerate(self._open, 1):
            final = place == len(self._open)
            until = last if final else min(reached + region.lines, last)
            chain = prev if final else self.position.sum
            self.stretches.append(
                Stretch(region.file, region.line, region.offset, region.size, reached + 1, until, chain)
            )
            reached = until
        self._open = []

    def finish(self, known: int) -> None:
        """Judge what stands behind the last line that holds, when changes up to `known` are known to have been made.

        What a crash left of a write that was never acknowledged becomes `torn`; all else is a stretch.
        """
        last = max([known, self.position.n, *self._hints()])
        if not self._open and last == self.position.n:
            return
        if last == self.position.n and len(self._open) == 1 and _is_torn(self._open[0]):
            self.torn = self._open[0]
            self._open = []
            self.end = self.position
            return
        self._open = self._open or [_Region(self.end.file, self._last_line + 1, self.end.offset, 0, 0, True, 0)]
        self._settle(last, self.position.sum)
        self.end = self.end._replace(n=last)

    @property
    def is_open(self) -> bool:
        """Tell whether something that does not hold stands behind the last line that does."""
        return bool(self._open)

    def _hints(self) -> Iterator[int]:
        """Yield the numbers that unreadable lines at the end seem to have had."""
        for region in self._open:
            if region.ended and 0 < region.hint - self.position.n <= region.lines:
                yield region.hint

    @property
    def unknown(self) -> list[Stretch]:
        """Return the damage that no line of the journal states."""
        return [stretch for stretch in self.stretches if stretch not in self.stated]


def _region(name: str, line: int, start: int, end: int, bad: list[bytes]) -> _Region:
    numbers = [int(found[1]) for raw in bad if (found := _NUMBER.match(raw))]
    return _Region(name, line, start, end - start, len(bad), bad[-1].endswith(b"\n"), max(numbers, default=0))


def _is_torn(region: _Region) -> bool:
    return region.lines == 1 and not region.ended


def stated(journal: Journal) -> dict[tuple[str, int, int], Stretch]:
    """Return the known damage by its place, from every line that states some."""
    found = {}
    for name in journal.files():
        with open(journal.folder / name, "rb") as file:
            for raw in file:
                line = whole(raw) if _MARK in raw else None
                for entry in line.extra.get(STATED, ()) if line else ():
                    stretch = Stretch(*entry.values())
                    found[stretch.place] = stretch
    return found


def as_stated(stretches: list[Stretch]) -> list[Doc]:
    """Return what a journal line says of damage."""
    return [stretch._asdict() for stretch in stretches]
