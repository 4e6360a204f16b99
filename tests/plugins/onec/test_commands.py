from __future__ import annotations

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
    invoices.issue(company=client.ref, items=["Насос*1@1000"])
    return shop


def test_export_writes_the_file_and_says_where_the_copy_is(
    issued: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "orders.xml"
    assert run(["onec", "export", "-o", str(out)]) == 0
    assert capsys.readouterr().out.strip() == f"Exchange 1: 1 invoices → {out} (data/exchange/onec/1.xml)."
    assert out.read_bytes() == (issued.root / "data" / "exchange" / "onec" / "1.xml").read_bytes()
    assert run(["onec", "export"]) == 0
    assert "knows everything" in capsys.readouterr().out
    assert run(["onec", "export", "--since", "0", "--ids"]) == 0
    assert capsys.readouterr().out.split() == ["1"]


def test_export_to_the_output_is_the_xml_alone(issued: Workspace, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["onec", "export", "--output", "-"]) == 0
    out = capfdbinary.readouterr().out
    assert out.startswith(b"<?xml")
    assert out.rstrip().endswith("</КоммерческаяИнформация>".encode())


def test_a_dry_run_of_the_export(issued: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "orders.xml"
    assert run(["onec", "export", "-o", str(out), "--dry-run"]) == 0
    assert "onec_order/1" in capsys.readouterr().out
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_exit_9(
    issued: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["onec", "export", "-o", str(tmp_path / "none" / "orders.xml")]) == 9
    assert "orders.xml" in capsys.readouterr().err


def test_the_list_says_what_went_out(issued: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["onec", "export"]) == 0
    capsys.readouterr()
    assert run(["onec"]) == 0
    head, row = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert dict(zip(head, row, strict=True)) | {"exported": ""} == {
        "id": "1", "number": "1", "invoice": "invoice/1", "status": "exported", "exchange": "1", "exported": "",
        "onec_number": "", "onec_status": "",
    }  # fmt: skip
