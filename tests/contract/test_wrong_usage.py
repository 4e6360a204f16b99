"""Wrong usage is told in one or two lines, in the language of the person, with exit code 2."""

from __future__ import annotations

import re

import pytest

from tests.command_line import CommandLine

WRONG = [
    "report funnel --from 2026-12-01 --to 2026-11-01",
    "onec nope",
    "pipeline nope",
    "deal nope",
    "nope",
    "deal list --limit -1",
    "deal list --limit x",
    "deal list extra",
    "deal add a b c",
    "deal show",
    "deal move 1",
    "deal add A --amount",
    "deal list --json=1",
    "deal --nope",
    "deal lose 1",
    "calendar --days 999",
    "import",
    "completion",
    "completion csh",
    "--lang",
    "--lang xx deal",
    "deal set 1",
    "deal add A --set x",
    "deal set 1 title=x --rev abc",
]
ENGLISH = re.compile(
    r"\b(no|such|invalid|value|got|unexpected|requires|needs|does|given|there|is|not|see)\b", re.IGNORECASE
)


@pytest.mark.parametrize("language", ["ru", "uk"])
@pytest.mark.parametrize("words", WRONG)
def test_wrong_usage_speaks_the_language(
    line: CommandLine, words: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_LANG", language)
    line("deal", "add", "A")
    ended = line.bare("-w", str(line.root), *words.split(), code=2)
    assert ended.out == ""
    assert len(ended.err.splitlines()) <= 2
    assert not ENGLISH.search(re.sub(r"[«'\"].*?[»'\"]|--[a-z-]+", "", ended.err)), ended.err


def test_a_file_that_is_not_there(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_LANG", "ru")
    assert not ENGLISH.search(line("import", "none.csv", code=3).err)


def test_a_group_of_verbs_tells_them(line: CommandLine) -> None:
    assert "list, rename, reorder, show" in line("pipeline", "nope", code=2).err
    assert "export" in line("onec", "nope", code=2).err


def test_what_comes_through_a_pipe_by_name_is_imported(line: CommandLine) -> None:
    ended = line.shell("printf 'name\\nОлег\\n' | crm import /dev/stdin --into lead")
    assert (ended.code, line.ids("lead")) == (0, [1])
