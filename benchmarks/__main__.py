"""`python -m benchmarks [--sizes 1000,100000,1000000] [--rounds 7] [--folder DIR] [-o FILE]`: print the table."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import tempfile
from pathlib import Path

from benchmarks import crowd, day, inside, paint, papers, processes, screens, statements
from benchmarks.table import Row, markdown
from benchmarks.workspaces import make


def main() -> None:
    """Make the workspaces, measure, and print the table."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as fallback:
        folder = Path(asked.folder or fallback)
        folder.mkdir(parents=True, exist_ok=True)
        roots = {size: make(folder, size) for size in asked.sizes}
        rows: list[Row] = [
            *processes.rows(roots, asked.rounds),
            *inside.rows(folder, roots, asked.rounds),
            *statements.rows(folder),
            *papers.rows(folder, asked.rounds),
            *day.rows(folder, asked.rounds),
            *crowd.rows(folder),
            *screens.rows(folder, asked.rounds),
            *paint.rows(folder, asked.rounds),
        ]
    page = markdown(rows, _about())
    print(page)
    if asked.output:
        Path(asked.output).write_text(page, encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=lambda text: [int(one) for one in text.split(",")], default=[1000, 100_000, 10**6]
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", default="", help="keep the workspaces here for the next run")
    parser.add_argument("-o", "--output", default="", help="write the page here")
    return parser.parse_args()


def _about() -> str:
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()},"
        f" {os.cpu_count()} cores, byte-compiled, built-in plugins on."
    )


if __name__ == "__main__":
    main()
