from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm.cli.main import run


class Shell:
    """The command line in one workspace: returns what was printed, keeps the exit code and the errors."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capfd = capfd
        self.code = 0
        self.errors = ""

    def __call__(self, *words: str) -> str:
        self.code = run(["-w", str(self.folder), "--as", "olga", "--lang", "en", *words])
        printed, self.errors = self.capfd.readouterr()
        return printed.strip()


@pytest.fixture
def crm(shop_folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(shop_folder)
    shell = Shell(shop_folder, capfd)
    shell("company", "add", "ООО Ромашка", "--inn", "7800000027", "--kpp", "780001001")
    shell("product", "add", "Щебень 5-20", "--sku", "SCH520", "--unit", "т", "--price", "1750", "--vat", "22")
    shell("deal", "add", "Щебень", "--company", "1")
    shell("deal", "move", "1", "proposal")
    return shell


def test_from_the_quote_to_the_money(crm: Shell) -> None:
    assert crm("quote", "add", "--deal", "1", "--item", "SCH520*10", "--item", "Доставка*1@9405", "--ids") == "1"
    assert crm("quote", "send", "1").startswith("quote/1")
    assert json.loads(crm("quote", "accept", "1", "--json"))["status"] == "accepted"
    assert crm("invoice", "issue", "--quote", "1", "--ids") == "1"
    assert crm.errors == ""
    assert "partly paid — payment/1 5000.00 RUB" in crm("invoice", "pay", "1", "--amount", "5000", "--reference", "7")
    assert crm("payment", "add", "--invoice", "1", "--ids") == "2"
    shown = json.loads(crm("invoice", "show", "1", "--json"))
    assert (shown["status"], shown["balance"]["amount"], shown["exchange_number"]) == ("paid", "0.00", 1)
    assert json.loads(crm("deal", "show", "1", "--json"))["stage"] == "signing"


def test_papers_go_to_files_and_to_the_output(crm: Shell, shop_folder: Path) -> None:
    crm("quote", "add", "--deal", "1", "--item", "SCH520*10", "--ids")
    crm("invoice", "issue", "--quote", "1")
    assert "not accepted a quote" in crm.errors
    assert crm("invoice", "pdf", "1", "-o", "счёт.pdf") == "счёт.pdf"
    assert (shop_folder / "счёт.pdf").read_bytes().startswith(b"%PDF")
    assert crm("invoice", "pdf", "1") == "1.pdf"
    assert crm("quote", "pdf", "1").endswith("-0001.pdf")
    assert "Счет на оплату № 1" in crm("invoice", "html", "1")
    crm("invoice", "pdf", "1", "-o", "there/is/none.pdf")
    assert crm.code == 9


def test_drafts_are_issued_many_at_once(crm: Shell) -> None:
    for _time in range(2):
        crm("invoice", "add", "--company", "1", "--item", "A*1@10")
    assert crm("invoice", "issue", "1", "2", "--ids") == "1\n2"
    crm("undo")
    assert crm("invoice", "list", "--status", "draft", "--ids") == "1\n2"


def test_a_dry_run_pays_nothing(crm: Shell) -> None:
    crm("invoice", "issue", "--company", "1", "--item", "A*1@10")
    assert "balance" in crm("invoice", "pay", "1", "--dry-run")
    assert crm("payment", "list", "--ids") == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("invoice issue", 2),
        ("invoice pdf 9", 3),
        ("invoice issue --item nonsense --company 1", 4),
        ("invoice issue --item A*1@10", 4),
        ("invoice pay 9", 3),
        ("quote accept 9", 3),
    ],
)
def test_failures_have_their_codes(crm: Shell, words: str, code: int) -> None:
    crm(*words.split())
    assert crm.code == code
    assert len(crm.errors.strip().splitlines()) == 1


def test_a_deal_of_an_invoice(crm: Shell) -> None:
    crm("invoice", "issue", "--company", "1", "--item", "A*1@10")
    assert crm("invoice", "deal", "1", "--title", "Из счёта", "--ids") == "2"
