"""Processes: `| head`, Ctrl-C, no terminal, strange encodings, several at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.command_line import CommandLine, environment


def many_products(line: CommandLine, count: int) -> None:
    from crm import open_workspace

    with open_workspace(line.root, actor="olga") as crm, crm.transaction("many"):
        for number in range(count):
            crm.products.add(name=f"Product number {number}", comment="x" * 500)


def test_head_ends_quietly(line: CommandLine) -> None:
    many_products(line, 400)
    for form in ("", "--json", "--nl", "--csv", "--ids"):
        ended = line.shell(f"crm product list {form} | head -1; echo ${{PIPESTATUS[0]}}")
        assert ended.lines[-1] == "0", form
        assert ended.err == ""
        assert len(ended.lines) == 2


def test_a_closed_output_is_no_bug(line: CommandLine) -> None:
    many_products(line, 3)
    ended = line.shell("crm product list >&-; echo $?")
    assert "Traceback" not in ended.err
    assert not (line.root / "data" / "log" / "crm.log").exists()


@pytest.mark.parametrize("at", ["before", "after"])
def test_ctrl_c_leaves_nothing_half_done(line: CommandLine, at: str) -> None:
    """Interrupt a bulk move before or after its commit point, by a signal that the process sends itself."""
    for title in "ABC":
        line("deal", "add", title)
    interrupter = (
        "import os, signal, sys\n"
        "from crm.store.journal import Journal\n"
        "written = Journal.append\n"
        "def append(*words, **more):\n"
        f"    {'os.kill(os.getpid(), signal.SIGINT)' if at == 'before' else 'pass'}\n"
        "    result = written(*words, **more)\n"
        f"    {'os.kill(os.getpid(), signal.SIGINT)' if at == 'after' else 'pass'}\n"
        "    return result\n"
        "Journal.append = append\n"
        "from crm.cli.main import run\n"
        "sys.exit(run(['deal', 'move', '1', '2', '3', 'proposal']))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", interrupter], capture_output=True, text=True, env=environment(), cwd=line.root,
        timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 130
    assert "Traceback" not in ended.stderr
    expected = "new" if at == "before" else "proposal"
    assert [doc["stage"] for doc in line("deal", "--json").json] == [expected] * 3
    line("check")


def test_nothing_is_asked_without_a_terminal(line: CommandLine) -> None:
    line("user", "add", "Ольга", "--login", "olga")
    line("user", "add", "Пётр", "--login", "petr")
    assert line.process("user", "password", "petr", stdin="").code == 2
    assert line.process("user", "password", "petr", stdin="correct horse\n").code == 0
    (line.root / "leads.csv").write_text("name\nОлег\n", encoding="utf-8")
    assert line.process("import", "leads.csv", "--into", "lead", stdin="").code == 0
    assert line.ids("lead") == [1]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1251", "cp866"])
def test_an_output_that_cannot_show_a_letter_is_no_bug(line: CommandLine, encoding: str) -> None:
    line("deal", "add", "Щебень → «Ґанок» 🙂")
    done = subprocess.run(
        [sys.executable, "-m", "crm", "deal", "list"], capture_output=True,
        env=environment({"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}), cwd=line.root, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"id\t")


def test_sigterm_kills_like_anything_else(line: CommandLine) -> None:
    line("deal", "add", "A")
    ended = line.shell("(crm deal win 1 & kill -TERM $! ; wait $!) ; crm check")
    assert ended.code == 0, ended.err


def test_writers_at_once_all_get_through(line: CommandLine) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "crm", "deal", "add", f"D{number}", "--ids"], stdout=subprocess.PIPE, text=True,
            env=environment(), cwd=line.root,
        )
        for number in range(6)
    ]  # fmt: skip
    made = sorted(int(process.communicate(timeout=60)[0]) for process in processes)
    assert made == [1, 2, 3, 4, 5, 6]
    line("check")


def test_a_process_leaves_no_stray_file(line: CommandLine) -> None:
    line.process("deal", "add", "A")
    stray = [path for path in (line.root / "data").rglob("*") if path.suffix in (".new", ".tmp")]
    assert stray == []
