from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crm.cli.main import run
from crm.workspace import Workspace


@pytest.fixture
def issued(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a shop with one invoice, where commands run."""
    monkeypatch.setenv("CRM_HOME", str(shop.root))
    monkeypatch.setenv("CRM_USER", "olga")
    monkeypatch.setenv("CRM_LANG", "en")
    client = shop.companies.add(name="Ромашка", inn="7736050003")
    invoices: Any = shop.collection("invoice")
    invoices.issue(company=client.ref, items=["Монтаж*1@1000"])
    return shop


def test_an_act_from_the_command_line(issued: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["document", "add", "act", "--invoice", "1", "--ids"]) == 0
    assert run(["document", "pdf", "1", "-o", str(tmp_path / "act.pdf")]) == 0
    assert (tmp_path / "act.pdf").read_bytes().startswith(b"%PDF")
    capsys.readouterr()
    assert run(["document", "html", "1"]) == 0
    assert "Акт №" in capsys.readouterr().out.replace("\u00a0", " ")


def test_verify_ends_with_8_when_a_document_has_changed(issued: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    for _time in range(2):
        assert run(["document", "add", "act", "--invoice", "1"]) == 0
    capsys.readouterr()
    assert run(["document", "verify"]) == 0
    assert capsys.readouterr().out.splitlines() == ["document/1 — as it was made", "document/2 — as it was made"]
    (issued.root / "config" / "papers").mkdir()
    (issued.root / "config" / "papers" / "act.html").write_text("<p>{{ paper.number }}</p>", "utf-8")
    assert run(["document", "verify", "2", "--json"]) == 8
    out, err = capsys.readouterr()
    assert json.loads(out) == [{"id": 2, "ref": "document/2", "holds": False}]
    assert "document/2" in err


@pytest.mark.parametrize(
    ("words", "code"),
    [(["add", "act"], 4), (["add", "torg12", "--invoice", "1"], 4), (["add", "act", "--invoice", "9"], 3),
     (["verify", "9"], 3), (["pdf", "9"], 3)],
)  # fmt: skip
def test_what_is_wrong_has_its_exit_code(issued: Workspace, words: list[str], code: int) -> None:
    assert run(["document", *words]) == code


def test_the_kinds_are_listed(issued: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["document", "kinds", "--ids"]) == 0
    assert capsys.readouterr().out.split() == ["act"]
