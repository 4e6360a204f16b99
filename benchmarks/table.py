"""The rows of the table: what was measured, against what, how it came out, and the goal."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table; `value` and `goal` are ratios unless `unit` says so; `most` is False for a least.

    `wall` is the ratio on the wall clock where `value` is one of processor time; a goal of 0 is none.
    """

    operation: str
    against: str
    size: str
    value: float
    goal: float
    unit: str = "×"
    most: bool = True
    wall: float = 0.0

    @property
    def reached(self) -> bool:
        """Tell whether the goal holds."""
        return self.value <= self.goal if self.most else self.value >= self.goal

    @property
    def verdict(self) -> str:
        """Return in a word or two whether the goal holds, and by how much it was missed."""
        if not self.goal:
            return ""
        if self.reached:
            return "holds"
        return f"**missed** by {abs(self.value / self.goal - 1):.0%}"


MISSED = {
    "intake": "A search by digits asks the index of words after that of phones, 2 ms of its 6; the page of its one"
    " hit takes 1.8 ms to render. To come nearer: numbers of papers among the keys, so that digits need no words.",
    "import of": "An imported row is a line of the journal, a row of a table file and a row of the index with its keys"
    " and orders, checked by rights and rules on the way and undone as one; the floor writes it twice and checks none."
    " To come nearer: rows read and checked by a second process while the first one commits, and the keys of the"
    " index kept without an order of their own.",
    "index built anew": "Parsing is a tenth of it: columns and keys are made in Python, and SQLite sorts 2.9 keys and"
    " 5 orders a record. To come nearer: keys and orders built when they are first asked for, as history and search"
    " are, or a parser that makes rows outside of Python.",
    "one change, durable": "Beyond the floor: one flush of the folder, so that a rename survives a power cut, and one"
    " transaction of the index. To come nearer the flush of the folder would have to be given up, or the index"
    " brought up by whoever asks next.",
    "`crm lead add`": "Most of it is the import of some eighty modules. To come nearer: fewer, larger modules, or paths"
    " without `pathlib` (2.6 ms).",
    "`crm deal": "Most of it is the import of some eighty modules. To come nearer: fewer, larger modules, or paths"
    " without `pathlib` (2.6 ms).",
    "`crm --version`": "pip before 25.2 writes a launcher that imports `re`, 5 ms of a command that takes 12; the"
    " launcher of a newer pip, or `uv`, does not.",
    "list, DjangoCRM's": "The two figures are of different machines. Rendering the template is three quarters of ours:"
    " to come nearer, fewer cells a row or a template that is compiled to larger pieces.",
    "CommerceML, beside the writing alone": "The 79,000 elements have to be made before they are written, and lxml"
    " takes seven times as long to make them as to write them; beside lxml doing both it is the row before. To come"
    " nearer: the file put together as text, without a tree.",
    "insert, stock TinyDB": "Ours waits for the disk and stock TinyDB does not: on a disk that flushes in 0.1 ms the"
    " same insert was 540 × faster.",
}
"""Why a goal is missed and what would be needed, by how the operation begins."""
FIRST = (
    "Pages of the console: the figure that has a goal is that of a page asked for again. «First after a change» is the"
    " same page when what reads every record has to be reckoned anew: the control judges each client and each open"
    " deal, a segment asks each address whether it may be written to, the cycle of a sale follows each won deal to its"
    " payments. What is reckoned is kept until the journal has another line. A list sorted by a name reads every name;"
    " page 9,000 of a list passes by the 899,900 records before it."
)
REMARK = (
    "Rows that wait for the disk depend on it. The slower a flush, the nearer a durable change comes to its floor: on"
    " the same machine with an idle disk it took 3.0 to 3.4 ×, with a busy one 1.4 to 1.7 ×, so the goal of 2 × does"
    " not hold on a quick disk. To hold there: one flush of a folder and one transaction of the index less."
)


def markdown(rows: list[Row], about: str) -> str:
    """Return the table as a page of the documents."""
    lines = [
        "# Speed",
        "",
        "Made by `python -m benchmarks -o docs/benchmarks.md`; every figure is a ratio, the median of interleaved",
        "rounds in one run, so that another machine gives much the same. Ratios are of processor time (user and",
        "system), which other work on the machine disturbs least; durable changes and inserts are of the wall clock,",
        "as they wait for the disk. For whole commands both are given.",
        "",
        about,
        "",
        "| operation | against | records | measured | wall clock | goal | |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        sign = "≤" if row.most else "≥"
        goal = f"{sign} {row.goal:g} {row.unit}" if row.goal else ""
        wall = f"{row.wall:.2f} ×" if row.wall else ""
        value = f"{row.value:.2f}" if row.value < 100 else f"{row.value:,.0f}"
        figures = f"{value} {row.unit} | {wall} | {goal} | {row.verdict}"
        lines.append(f"| {row.operation} | {row.against} | {row.size} | {figures} |")
    return "\n".join([*lines, "", REMARK, "", FIRST, *_notes(rows)]) + "\n"


def _notes(rows: list[Row]) -> list[str]:
    missed = [row.operation for row in rows if row.goal and not row.reached]
    told = {begin: text for begin, text in MISSED.items() if any(name.startswith(begin) for name in missed)}
    if not missed:
        return []
    lines = ["", "## What is missed, and what would be needed", ""]
    for begin, text in told.items():
        names = dict.fromkeys(name for name in missed if name.startswith(begin))
        lines.append(f"- {', '.join(names)}: {text}")
    return lines
