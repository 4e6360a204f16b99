"""What a query opens: a subprocess counts it, so that nothing this process has read before helps it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.conftest import make_workspace

_COUNTING = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from crm.cli.main import run
code = run(sys.argv[1:])
files = [one for one in opened if "/data/journal/" in one or "/data/tables/" in one and "kinds.json" not in one]
print("OPENED", *files, sep="\\n", file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with deals in several files of their table."""
    root = make_workspace(tmp_path_factory.mktemp("filled") / "shop")
    rows = [json.dumps({"title": f"Сделка {n}", "amount": f"{n}.50", "comment": "x" * 50}) for n in range(2500)]
    CommandLine(root)("import", "-", "--into", "deal", stdin="\n".join(rows) + "\n")
    assert len(list((root / "data" / "tables" / "deals").iterdir())) > 1
    return root


def opened(root: Path, *words: str) -> tuple[list[str], str]:
    """Return which tables and journal files a command opened, and what it printed."""
    command = [sys.executable, "-c", _COUNTING, "-w", str(root), "--as", "olga", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stderr.partition("OPENED\n")[2].split(), done.stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--where", "amount>=2490", "--ids"], 10),  # an indexed column
        (["--where", "title~'Сделка 249'", "--ids"], 11),
        (["--where", "comment='y'", "--ids"], 0),  # a plain field
        (["--stage", "new", "--limit", "7", "--ids"], 7),
    ],
)
def test_a_query_opens_neither_tables_nor_journal(filled: Path, words: list[str], found: int) -> None:
    files, out = opened(filled, "deal", "list", *words)
    assert len(out.split()) == found
    assert files == []


def test_a_record_is_shown_without_its_table(filled: Path) -> None:
    files, out = opened(filled, "deal", "show", "7")
    assert "Сделка 6" in out
    assert files == []


def test_counting_sees_the_tables_when_they_are_read(filled: Path) -> None:
    files, _out = opened(filled, "check")
    assert any("/tables/deals/" in one for one in files)
