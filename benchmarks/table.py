"""The rows of the table: what was measured, against what, how it came out, and the goal."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table; `value` and `goal` are ratios unless `unit` says so; `most` is False for a least."""

    operation: str
    against: str
    size: str
    value: float
    goal: float
    unit: str = "×"
    most: bool = True

    @property
    def reached(self) -> bool:
        """Tell whether the goal holds."""
        return self.value <= self.goal if self.most else self.value >= self.goal


def markdown(rows: list[Row], about: str) -> str:
    """Return the table as a page of the documents."""
    lines = [
        "# Speed",
        "",
        "Made by `python -m benchmarks -o docs/benchmarks.md`; every figure is a ratio, the median of interleaved",
        "rounds in one run, so that another machine gives much the same.",
        "",
        about,
        "",
        "| operation | against | records | measured | goal | |",
        "|---|---|---:|---:|---:|---|",
    ]
    for row in rows:
        sign = "≤" if row.most else "≥"
        mark = "holds" if row.reached else "**missed**"
        figures = f"{row.value:.2f} {row.unit} | {sign} {row.goal:g} {row.unit}"
        lines.append(f"| {row.operation} | {row.against} | {row.size} | {figures} | {mark} |")
    return "\n".join(lines) + "\n"
