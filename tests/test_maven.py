"""The public data set goes in as a user would bring it in, and the reports say what its files say."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crm.initialise import initialise
from tests.command_line import PROJECT, CommandLine, environment

DATA = PROJECT / ".." / "shared" / "samples" / "data" / "maven_crm"
SCRIPT = PROJECT / "docs" / "examples" / "maven.sh"

pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the data set is not here"),
    pytest.mark.skipif(os.name != "posix", reason="a shell script"),
]


def bring_in(root: Path) -> str:
    """Run the script in the workspace's folder, as its first lines say."""
    env = {**environment(), "CRM": f"{shlex.quote(sys.executable)} -m crm"}
    done = subprocess.run(
        ["sh", str(SCRIPT), str(DATA.resolve())], cwd=root, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = initialise(tmp_path_factory.mktemp("maven") / "shop", "ru", "RUB", "Maven", "olga")
    bring_in(folder)
    return folder


@pytest.fixture
def line(root: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    for name, value in {"CRM_PLUGINS": "", "CRM_USER": "olga", "CRM_LANG": "en"}.items():
        monkeypatch.setenv(name, value)
    return CommandLine(root)


def report(line: CommandLine, *words: str) -> Any:
    return line("report", *words, "--json").json


def test_the_funnel(line: CommandLine) -> None:
    funnel = report(line, "funnel")
    counts = {row["stage"]: row["count"] for row in funnel["rows"]}
    assert counts == {"prospecting": 500, "engaging": 1589, "won": 4238, "lost": 2473}
    assert [row["reached"] for row in funnel["rows"][:2]] == [8800, 8300]
    assert funnel["totals"]["won_sum"] == {"amount": "10005534.00", "currency": "RUB"}
    assert funnel["totals"]["win_rate"] == 63.15


def test_sales_by_owner(line: CommandLine) -> None:
    sales = report(line, "sales", "--by", "owner")
    assert sales["totals"]["won"] == 4238
    assert sales["totals"]["lost"] == 2473
    assert sales["totals"]["value"]["amount"] == "10005534.00"
    assert sales["totals"]["win_rate"] == 63.15
    assert len(sales["rows"]) == 30
    best = sales["rows"][0]
    assert (best["title"], best["won"], best["value"]["amount"]) == ("Darcel Schlecht", 349, "1153214.00")
    assert sum(row["won"] for row in sales["rows"]) == 4238


def test_the_cycle(line: CommandLine) -> None:
    cycle = report(line, "cycle")
    assert (cycle["totals"]["won"], cycle["totals"]["mean_days"]) == (4238, 51.78)


def test_products_and_clients_are_linked(line: CommandLine) -> None:
    by_product = report(line, "sales", "--by", "product")["rows"]
    assert {row["title"] for row in by_product} == {
        "GTX Basic", "GTX Plus Basic", "GTX Plus Pro", "GTXPro", "MG Advanced", "MG Special", "GTK 500",
    }  # fmt: skip
    assert len(line.ids("product", "list")) == 8
    assert len(line.ids("company", "list")) == 85
    assert len(line.ids("user", "list")) == 1 + 6 + 35
    assert len(line.ids("deal", "list", "--where", "company is empty")) == 1088 + 337


def test_a_second_run_writes_nothing(line: CommandLine, root: Path) -> None:
    journal = line.journal()
    said = bring_in(root)
    assert line.journal() == journal
    assert "8800" in said


def test_one_undo_takes_the_deals_back(line: CommandLine) -> None:
    line("undo")
    assert report(line, "funnel")["totals"]["won"] == 0
    assert len(line.ids("product", "list")) == 7
    line("redo")
    assert report(line, "funnel")["totals"]["won"] == 4238
    line("check")
