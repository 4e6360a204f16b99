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
    (issued.root / "config" / "papers" / "act.html").write_text("<p>{{ number }}</p>", "utf-8")
    assert run(["document", "verify", "2"]) == 0
    assert capsys.readouterr().out == "document/2 — as it was made; its form has changed since\n"
    for page in (issued.root / "data" / "files").glob("*.html"):
        page.write_bytes(b"<p>1</p>")
    assert run(["document", "verify", "2", "--json"]) == 8
    out, err = capsys.readouterr()
    assert json.loads(out) == [{"id": 2, "ref": "document/2", "holds": False, "form_changed": True, "copies": False}]
    assert "document/2" in err
    assert run(["check"]) == 8


@pytest.mark.parametrize(
    ("words", "code"),
    [(["add", "act"], 4), (["add", "torg13", "--invoice", "1"], 4), (["add", "act", "--invoice", "9"], 3),
     (["verify", "9"], 3), (["pdf", "9"], 3)],
)  # fmt: skip
def test_what_is_wrong_has_its_exit_code(issued: Workspace, words: list[str], code: int) -> None:
    assert run(["document", *words]) == code


def test_the_kinds_of_the_country_are_listed(issued: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["document", "kinds", "--ids"]) == 0
    assert capsys.readouterr().out.split() == [
        "act", "waybill", "vat_invoice", "advance_vat_invoice", "upd", "contract", "power_of_attorney"
    ]  # fmt: skip


def test_a_set_from_the_command_line(issued: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["document", "prepare"]) == 2
    assert run(["document", "prepare", "--invoice", "1", "--dry-run"]) == 0
    assert issued.collection("document").count() == 0
    assert not list((issued.root / "data" / "files").glob("*.html"))
    capsys.readouterr()
    assert run(["document", "prepare", "--invoice", "1", "--ids"]) == 0
    out, err = capsys.readouterr()
    assert out.split() == ["1", "2"]
    assert "act: left out" in err
    assert run(["document", "prepare", "--invoice", "1", "--ids"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "document/1 is there already" in err
    assert run(["document", "prepare", "--deal", "9"]) == 3


def test_a_signed_copy_comes_and_goes(issued: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["document", "add", "act", "--invoice", "1", "--date", "2026-03-16"]) == 0
    capsys.readouterr()
    assert run(["document", "unsigned", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["ref"], row["kind"], row["company"]) == ("document/1", "act", "Ромашка")
    scan = tmp_path / "акт подписан.pdf"
    assert run(["document", "sign", "1", str(scan)]) == 3
    scan.write_bytes(b"")
    assert run(["document", "sign", "1", str(scan)]) == 4
    scan.write_bytes(b"%PDF signed")
    assert run(["document", "sign", "1", str(scan), "--date", "2026-03-20"]) == 0
    capsys.readouterr()
    assert run(["document", "unsigned", "--ids"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["document", "copy", "1", "-o", str(tmp_path / "back.pdf")]) == 0
    assert (tmp_path / "back.pdf").read_bytes() == b"%PDF signed"
    assert run(["document", "copy", "1", "--name", "nothing"]) == 3
    assert run(["document", "verify"]) == 0
    next((issued.root / "data" / "files").glob("[0-9a-f]*[!l]")).unlink()
    assert run(["document", "verify"]) == 8


def test_a_contract_from_the_command_line(
    issued: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["document", "template", "-o", str(tmp_path / "contract.txt")]) == 0
    assert "{seller_name}" in (tmp_path / "contract.txt").read_text("utf-8")
    assert run(["document", "add", "contract", "--invoice", "1", "--set", "details.city=г. Тверь"]) == 0
    assert run(["document", "set", "1", "text=# Условия"]) == 0
    assert run(["document", "refill", "1"]) == 0
    capsys.readouterr()
    assert run(["document", "html", "1"]) == 0
    assert "г. Тверь" in capsys.readouterr().out
    assert run(["document", "add", "act", "--invoice", "1"]) == 0
    assert run(["document", "refill", "2"]) == 5
