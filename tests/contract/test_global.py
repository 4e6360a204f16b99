"""Where the workspace is found, who acts, in which language, with which plugins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import CommandLine


def test_the_workspace_is_named_by_option_or_variable(line: CommandLine, tmp_path: Path) -> None:
    line("lead", "add", "Василий")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for words, env in (
        (["-w", str(line.root)], {}),
        (["--workspace", str(line.root)], {}),
        ([f"--workspace={line.root}"], {}),
        ([], {"CRM_HOME": str(line.root)}),
    ):
        assert line.process(*words, "lead", "list", "--ids", env=env, cwd=elsewhere).out == "1\n"


def test_the_option_wins_over_the_variable(line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line("lead", "add", "Василий")
    monkeypatch.setenv("CRM_HOME", str(tmp_path))
    assert line.ids("lead", "list") == [1]


def test_without_a_name_the_nearest_folder_upward_is_taken(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    line("lead", "add", "Василий")
    deep = line.root / "data" / "files" / "a"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert line.bare("lead", "list", "--ids").out == "1\n"


def test_no_workspace_is_exit_3_and_names_the_cure(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["lead"], ["deal", "list", "--json"], ["log"], ["check"], ["find", "x"], ["-w", "nowhere", "my"]):
        ended = line.bare(*words, code=3)
        assert "crm init" in ended.err
        assert ended.out == ""
    monkeypatch.setenv("CRM_HOME", str(tmp_path / "gone"))
    assert "crm init" in line.bare("lead", code=3).err


def test_a_read_makes_no_workspace(line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    line.bare("lead", "list", code=3)
    line.bare("doctor", code=3)
    assert list(empty.iterdir()) == []


def test_who_acts(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    line("lead", "add", "A", user="petr")
    monkeypatch.setenv("CRM_USER", "anna")
    line("lead", "add", "B")
    assert [line.show(f"lead/{n}")["owner"] for n in (1, 2)] == ["petr", "anna"]
    assert [row["actor"] for row in line("log", "--json").json] == ["anna", "petr"]


def test_the_login_of_the_system_acts_where_nobody_is_named(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_USER")
    monkeypatch.setenv("LOGNAME", "ivan")
    line("lead", "add", "A")
    assert line.show("lead/1")["owner"] == "ivan"


def test_the_language_of_messages(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {}
    for language in ("ru", "uk", "en"):
        said[language] = line.bare("--lang", language, "-w", line.root, "lead", "show", 77, code=3).err
        monkeypatch.setenv("CRM_LANG", language)
        assert line("lead", "show", 77, code=3).err == said[language]
        assert "lead/77" in said[language]
    assert len(set(said.values())) == 3
    assert said["en"].isascii()


def test_the_workspace_s_language_where_none_is_asked_for(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm.settings_file import change_setting

    russian = line.bare("--lang", "ru", "-w", line.root, "lead", "show", 77, code=3).err
    change_setting(line.root / "config" / "crm.yaml", ["language"], "ru")
    monkeypatch.delenv("CRM_LANG")
    assert line("lead", "show", 77, code=3).err == russian
    assert not russian.isascii()


def test_an_unknown_language_is_told(line: CommandLine) -> None:
    assert "fr" in line.bare("--lang", "fr", "-w", line.root, "lead", code=2).err


def test_no_plugin_at_all_leaves_the_core(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PLUGINS", "none")
    assert line("plugin", "list", "--ids").out == ""
    assert "invoice" in line("invoice", "list", code=2).err
    line("deal", "add", "D")
    assert line.ids("deal") == [1]


def test_only_built_ins(line: CommandLine) -> None:
    (line.root / "config" / "plugins").mkdir()
    (line.root / "config" / "plugins" / "mine.py").write_text('"""Mine."""\n')
    assert "mine" not in line("plugin", "list", "--ids").out
    assert "invoices" in line("plugin", "list", "--ids").out


def test_plugins_of_the_workspace(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    (line.root / "config" / "plugins").mkdir()
    (line.root / "config" / "plugins" / "mine.py").write_text('"""Mine."""\n')
    monkeypatch.delenv("CRM_PLUGINS")
    assert "mine" in line("plugin", "list", "--ids").out


def test_the_module_is_the_program(line: CommandLine) -> None:
    line("lead", "add", "Василий")
    code = "import sys; from crm.__main__ import main; sys.argv[0] = 'crm'; main()"
    import subprocess
    import sys

    from tests.command_line import environment

    console_script = subprocess.run(
        [sys.executable, "-c", code, "lead", "list"], capture_output=True, text=True, env=environment(), cwd=line.root,
        check=False,
    )  # fmt: skip
    assert console_script.stdout == line.process("lead", "list").out != ""


def test_the_version(line: CommandLine) -> None:
    from crm import __version__

    for word in ("--version", "-V"):
        assert line.process(word).out == f"crm {__version__}\n"


@pytest.mark.parametrize("words", [["-w"], ["--as"], ["--lang"], ["--nonsense"], ["--as", "olga", "--nonsense"]])
def test_wrong_global_options_are_usage_errors(line: CommandLine, words: list[str]) -> None:
    ended = line.bare(*words, code=2)
    assert ended.out == ""
    assert 1 <= len(ended.err.splitlines()) <= 2
