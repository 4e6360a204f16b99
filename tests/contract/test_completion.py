"""Completion: what a shell offers at every place of a command, and the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.contract.test_help import complete


@pytest.fixture
def shop(line: CommandLine) -> CommandLine:
    for words in (
        ["user", "add", "Пётр", "--login", "petr"],
        ["company", "add", "ООО Ромашка"],
        ["contact", "add", "Иван"],
        ["lead", "add", "Заявка"],
        ["deal", "add", "Щебень"],
        ["deal", "add", "Песок"],
        ["activity", "add", "call", "Набрать"],
        ["quote", "add", "--deal", "1", "--item", "Щебень*1@5"],
    ):
        line(*words)
    return line


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("--lang u", ["uk"]),
        ("--as pe", ["petr"]),
        ("--lang uk --as pe", ["petr"]),
        ("--lang uk deal move 1 pro", ["proposal"]),
        ("deal move 1 pro", ["proposal"]),
        ("deal show ", ["2", "1"]),
        ("deal set ", ["2", "1"]),
        ("deal set 1 expected", ["expected_close="]),
        ("deal merge 2 ", ["2", "1"]),
        ("deal link ", ["2", "1"]),
        ("deal link 1 cont", ["contact/1"]),
        ("deal assign 1 pe", ["petr"]),
        ("deal list --owner pe", ["petr"]),
        ("deal list --stage inv", ["invoice"]),
        ("deal list --pipeline ", ["sales", "service"]),
        ("deal list --sort am", ["amount"]),
        ("deal add A --company ", ["company/1"]),
        ("deal add A --contact ", ["contact/1"]),
        ("deal add A --type up", ["upsale"]),
        ("deal add A --owner pe", ["petr"]),
        ("deal lose 1 --reason pri", ["price"]),
        ("deal reopen 1 --stage inv", ["invoice"]),
        ("lead reject 1 --reason wrong_n", ["wrong_number"]),
        ("lead convert ", ["1"]),
        ("lead convert 1 --company ", ["company/1"]),
        ("lead move 1 in", ["in_work"]),
        ("lead list --source si", ["site"]),
        ("activity add me", ["meeting"]),
        ("activity add call A --about dea", ["deal/2", "deal/1"]),
        ("activity done ", ["1"]),
        ("quote accept ", ["1"]),
        ("quote list --status acc", ["accepted"]),
        ("invoice issue --quote ", ["quote/1"]),
        ("user password pe", ["petr"]),
        ("my --user pe", ["petr"]),
        ("report fun", ["funnel"]),
        ("report --pipeline se", ["service"]),
        ("pipeline show sa", ["sales"]),
        ("pipeline rename pro", ["proposal"]),
        ("export dea", ["deal"]),
        ("undo --ref deal/", ["deal/2", "deal/1"]),
        ("trash restore lead/", ["lead/1"]),
        ("completion z", ["zsh"]),
        ("init x --lang u", ["uk"]),
        ("plugin disable motiv", ["motivator"]),
    ],
)
def test_what_is_offered(shop: CommandLine, words: str, offered: list[str]) -> None:
    assert complete(shop, *words.split(" ")) == offered


def _shell(words: list[str], home: Path, root: Path) -> str:
    env = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home), "CRM_HOME": str(root),
        "CRM_LANG": "en", "LANG": "C.UTF-8", "TERM": "dumb",
    }  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, env=env, timeout=60, check=False)
    return done.stdout


def test_bash_itself_completes(shop: CommandLine, tmp_path: Path) -> None:
    asked = """eval "$(crm completion bash)"
COMP_WORDS=(crm deal move 1 pro) COMP_CWORD=4; _crm_completion crm; printf '%s\\n' "${COMPREPLY[@]}" """
    assert _shell(["bash", "-c", asked], tmp_path, shop.root).split() == ["proposal"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_itself_completes(shop: CommandLine, tmp_path: Path) -> None:
    asked = "crm completion fish | source; complete -C 'crm deal move 1 pro'"
    assert _shell(["fish", "-c", asked], tmp_path, shop.root).split("\t")[0] == "proposal"


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_itself_completes(shop: CommandLine, tmp_path: Path) -> None:
    asked = """autoload -U compinit; compinit -u; eval "$(crm completion zsh)"
_describe() { print -l "${(@P)2:-}" "${completions_with_descriptions[@]}" }
compadd() { print -l "$@" }
words=(crm deal move 1 pro); CURRENT=5; _crm_completion"""
    assert "proposal" in _shell(["zsh", "-f", "-c", asked], tmp_path, shop.root)
