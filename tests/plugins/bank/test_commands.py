from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from crm.cli.main import run
from crm.workspace import Workspace
from tests.plugins.bank.files import cp1251, document, section, statement


@pytest.fixture
def paid(shop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a statement that pays the one open invoice; commands run in the shop."""
    monkeypatch.setenv("CRM_HOME", str(shop.root))
    monkeypatch.setenv("CRM_USER", "olga")
    monkeypatch.setenv("CRM_LANG", "en")
    client = shop.companies.add(name="Ромашка", inn="7800000027")
    invoices: Any = shop.collection("invoice")
    invoices.issue(company=client.ref, items=["Насос*1@1000"])
    file = tmp_path / "statement.txt"
    file.write_bytes(cp1251(document(), document(Номер="78", Сумма="5.00")))
    return file


def test_import_says_what_was_done_and_why(paid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "import", str(paid)]) == 0
    one, two, total = capsys.readouterr().out.splitlines()
    assert one.startswith('bank_movement/1 2026-03-18 1000.00 RUB ООО "Ромашка" — applied: invoice/1. Invoice 1: the')
    assert "bank_movement/2" in two
    assert "by hand" in two
    assert total == (
        "Movements: 2; applied 1 (1000.00 RUB), to be confirmed 0, to be sorted by hand 1, not for invoices 0; "
        "known before 0."
    )
    assert run(["bank", "import", str(paid)]) == 0
    assert capsys.readouterr().out.strip().endswith("known before 2.")


def test_warnings_of_the_statement_go_to_stderr(paid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paid.write_bytes(statement(section(came="7.00"), document()).encode("cp1251"))
    assert run(["bank", "import", str(paid)]) == 0
    out, err = capsys.readouterr()
    assert "the bank's total is 7.00" in err
    assert "total is" not in out


def test_movements_are_listed_by_their_status(paid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "import", str(paid)]) == 0
    capsys.readouterr()
    assert run(["bank", "list", "--status", "applied", "--ids"]) == 0
    assert run(["bank", "list", "--limit", "1", "--ids"]) == 0
    assert run(["bank", "list", "--status", "no such"]) == 4
    assert len(capsys.readouterr().out.split()) == 2


def test_suggestions_are_confirmed_rejected_and_taken_back(
    paid: Path, shop: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paid.write_bytes(cp1251(document(ПлательщикИНН="7707083893", НазначениеПлатежа="Оплата по счету № 1")))
    assert run(["bank", "import", str(paid)]) == 0
    assert run(["bank", "confirm", "1", "--dry-run"]) == 0
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("bank_movement/1\n"))
    assert run(["bank", "confirm", "-"]) == 0
    assert "applied: invoice/1. Applied by hand: olga." in capsys.readouterr().out
    assert run(["bank", "unmatch", "1"]) == 0
    assert run(["bank", "reject", "1"]) == 5
    assert run(["bank", "rematch"]) == 0
    out = capsys.readouterr().out
    assert "to be sorted by hand. Taken back by hand: olga." in out
    assert "Nothing new was found" in out
    assert run(["bank", "statements", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["file"] == "statement.txt"


def test_at_a_terminal_what_waits_is_told_in_lines(
    paid: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert run(["bank", "match"]) == 0
    assert run(["bank", "import", str(paid)]) == 0
    capsys.readouterr()
    assert run(["bank", "match"]) == 0
    movement, purpose, remedy = capsys.readouterr().out.splitlines()
    assert movement.startswith("bank_movement/2 2026-03-18 5.00 RUB")
    assert purpose == "    Оплата по счету № 1042"
    assert remedy.startswith("Yes: crm bank confirm ID")


def test_json_is_for_scripts(paid: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "import", str(paid), "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["ref"], first["status"], first["invoices"]) == ("bank_movement/1", "applied", ["invoice/1"])
    assert second["left"] == {"amount": "5.00", "currency": "RUB"}


def test_a_statement_from_stdin(
    paid: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(paid.read_bytes())))
    assert run(["bank", "import", "-", "--ids"]) == 0
    assert capsys.readouterr().out.split() == ["1", "2"]


def test_a_dry_run_shows_and_leaves_nothing(paid: Path, shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    before = shop.store.number
    assert run(["bank", "import", str(paid), "--dry-run"]) == 0
    assert "payment" in capsys.readouterr().out
    shop.store.refresh()
    assert shop.store.number == before


@pytest.mark.parametrize(("name", "code"), [("missing.txt", 3), ("picture.png", 4), (".", 9)])
def test_a_file_that_is_none_has_its_exit_code(
    paid: Path, shop: Workspace, capsys: pytest.CaptureFixture[str], name: str, code: int
) -> None:
    (paid.parent / "picture.png").write_bytes(b"\x89PNG\r\n")
    assert run(["bank", "import", str(paid), str(paid.parent / name)]) == code
    assert name in capsys.readouterr().err
    assert shop.collection("bank_movement").count() == 0


def test_what_waits_is_listed_and_matched(paid: Path, shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "import", str(paid), "--ids"]) == 0
    assert run(["bank", "match", "--ids"]) == 0
    assert capsys.readouterr().out.split()[-1] == "2"
    client = shop.companies.add(name="Другой")
    invoices: Any = shop.collection("invoice")
    invoice = invoices.issue(company=client.ref, items=["Насос*1@5"])
    assert run(["bank", "match", "2", str(invoice.id), "--amount", "4"]) == 0
    assert run(["bank", "match", "2", str(invoice.id), "--amount", "4"]) == 4
    assert run(["bank", "match", "2", invoice.ref]) == 0
    assert run(["bank", "match", "2", invoice.ref]) == 5
    assert invoices.get(invoice.id).status == "paid"
    assert run(["bank", "match", "2"]) == 2
    assert run(["bank", "ignore", "1"]) == 5
    capsys.readouterr()
    assert run(["bank", "match"]) == 0
    assert run(["bank"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert sorted(line.split("\t")[0] for line in listed) == ["1", "2", "id", "id"]
