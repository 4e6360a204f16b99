"""The help of every command, and completion in shells."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from crm.locale import use_language
from tests.command_line import CommandLine, every_command

VERBS = """
Add Answer Approve Cancel Change Check Close Compare Confirm Count Decide Do Draw Erase Export Fetch Fill Find Give
Issue Judge Leave Let Link List Look Make Mark Merge Move Note Open Pay Plan Print Put Read Reject Remove Revoke Run
Search Send Set Show Start Stop Switch Take Tell Test Tick Try Turn Unlink Write
"""
COMMANDS = every_command()


@pytest.mark.parametrize("language", ["ru", "uk", "en"])
def test_every_command_has_a_help(language: str) -> None:
    use_language(language)
    for one in COMMANDS:
        text = one.command.get_help(one.context)
        assert one.words[-1] in text, one.name
        assert len(text.splitlines()) > 3, one.name


def test_a_help_begins_with_a_verb() -> None:
    for one in COMMANDS:
        purpose = (one.command.help or "").strip()
        assert purpose, one.name
        assert purpose[0].isupper(), one.name
        assert purpose.split()[0] in VERBS.split(), f"{one.name}: {purpose}"


def test_a_help_ends_in_an_example_that_the_command_takes() -> None:
    for one in COMMANDS:
        example = one.command.epilog or ""
        assert example.startswith(("crm ", "echo ")), f"{one.name} has no example"
        assert one.command.get_help(one.context).rstrip().endswith(example)
        words = shlex.split(example.rpartition("| ")[2].partition(" >> ")[0])
        assert words[: len(one.words) + 1] == ["crm", *one.words], example
        with click.Context(one.command, parent=one.context.parent, obj=one.context.obj) as context:
            one.command.parse_args(context, words[len(one.words) + 1 :])


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_a_help_is_translated(language: str) -> None:
    use_language(language)
    untold = [one.name for one in COMMANDS if not re.search("[а-яіїєґ]", one.command.get_short_help_str())]
    assert untold == []


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["deal", "--help"], ["deal", "-h"], ["deal", "move", "-h"]])
def test_help_is_asked_for_anywhere(
    line: CommandLine, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line(*words).out
    monkeypatch.chdir(tmp_path)
    assert line.bare(*words).out, "without a workspace too"


def complete(line: CommandLine, *words: str) -> list[str]:
    """Return what bash would offer for the last of the words."""
    env = {"_CRM_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(["crm", *words]), "COMP_CWORD": str(len(words))}
    ended = line.process(env=env)
    assert ended.code == 0
    assert ended.err == ""
    return [text.partition(",")[2] for text in ended.lines]


def test_completion_offers_commands_verbs_ids_and_stages(line: CommandLine) -> None:
    for title in ("Щебень", "Песок"):
        line("deal", "add", title)
    assert "deal" in complete(line, "de")
    assert "move" in complete(line, "deal", "mo")
    assert complete(line, "deal", "show", "") == ["2", "1"]
    assert "proposal" in complete(line, "deal", "move", "1", "pro")
    assert "site" in complete(line, "lead", "add", "--source", "si")
    assert "--stage" in complete(line, "deal", "list", "--sta")


def test_completion_knows_the_global_options(line: CommandLine, tmp_path: Path) -> None:
    line("deal", "add", "Щебень")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    line_words = ["-w", str(line.root), "--as", "olga", "deal", "show", ""]
    env = {
        "_CRM_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["crm", *line_words]),
        "COMP_CWORD": str(len(line_words)),
    }
    assert line.process(env=env, cwd=elsewhere).out == "plain,1\n"


def test_completion_without_a_workspace_offers_nothing_and_says_nothing(line: CommandLine, tmp_path: Path) -> None:
    env = {"_CRM_COMPLETE": "bash_complete", "COMP_WORDS": "crm deal show ", "COMP_CWORD": "3"}
    ended = line.process(env=env, cwd=tmp_path)
    assert (ended.out, ended.err) == ("", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(line: CommandLine, shell: str) -> None:
    script = line.bare("completion", shell).out
    assert f"_CRM_COMPLETE={shell}_complete" in script


def test_the_bash_script_is_bash(line: CommandLine) -> None:
    script = line.bare("completion", "bash").out
    assert line.shell(f"bash -n <<'END'\n{script}\nEND").code == 0
