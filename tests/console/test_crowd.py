"""Twenty people poll and move cards at once: every answer is good, every move is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.crowd import MOVES, PEOPLE, crowd

if TYPE_CHECKING:
    from pathlib import Path


def test_twenty_people_at_once_lose_no_move(tmp_path: Path) -> None:
    _polls, moves, failed = crowd(tmp_path / "shop")
    assert not failed
    assert len(moves) == PEOPLE * MOVES
