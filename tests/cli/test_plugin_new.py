from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import CommandLine, environment

HOOKED = '''
"""Reacts to {hook}."""
from crm import hookimpl


@hookimpl
def {hook}(crm, {record}, event):
    {body}
'''
EVENTS = {
    "on_lead_created": "lead", "on_lead_converted": "lead", "on_lead_rejected": "lead", "on_deal_created": "deal",
    "on_deal_won": "deal", "on_deal_lost": "deal", "on_deal_reopened": "deal", "on_activity_added": "activity",
    "on_activity_done": "activity", "on_quote_sent": "quote", "on_quote_accepted": "quote",
    "on_invoice_issued": "invoice", "on_payment_received": "payment", "on_invoice_paid": "invoice",
    "on_call_missed": "activity", "on_letter_received": "letter", "on_record_changed": "record",
}  # fmt: skip
ALL = "\n".join(HOOKED.format(hook=hook, record=record, body="pass") for hook, record in EVENTS.items())


@pytest.fixture
def own(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Return the command line on a workspace whose own plugins take part, and no installed ones."""
    monkeypatch.setenv("CRM_PLUGINS", "os")
    return line


def place(line: CommandLine, name: str, text: str) -> None:
    folder = line.root / "config" / "plugins"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text)


def test_a_new_plugin_works_at_once(own: CommandLine) -> None:
    said = own("plugin", "new", "call_back")
    assert said.lines == [str(own.root / "config" / "plugins" / "call_back.py")]
    assert "crm plugin test call_back" in said.err
    own("lead", "add", "Москва, Василий, щебень")
    [planned] = own("activity", "list", "--json").json
    assert (planned["subject"], planned["about"], planned["kind"]) == ("Call back", "lead/1", "call")
    shown = own("plugin", "show", "call_back", "--json").json
    assert (shown["hooks"], shown["state"]) == (["on_lead_created"], "on")


def test_a_new_plugin_speaks_the_language_of_its_workspace(own: CommandLine) -> None:
    own.bare("--lang", "ru", "-w", own.root, "plugin", "new", "call_back")
    assert "Перезвонить" in (own.root / "config" / "plugins" / "call_back.py").read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["Call back"], 4),
        (["../call_back"], 4),
        (["invoices"], 5),
        (["call_back", "--file", "--package", "there"], 2),
    ],
)
def test_what_cannot_be_written_is_refused(own: CommandLine, words: list[str], code: int) -> None:
    own("plugin", "new", *words, code=code)
    assert not (own.root / "config" / "plugins" / "call_back.py").exists()


def test_a_plugin_that_is_there_stays_as_it_is(own: CommandLine) -> None:
    place(own, "call_back", ALL)
    own("plugin", "new", "call_back", "--file", code=5)
    assert (own.root / "config" / "plugins" / "call_back.py").read_text() == ALL


def test_only_who_may_change_settings_adds_a_plugin(own: CommandLine) -> None:
    own("user", "add", "Ольга", "--login", "olga", "--role", "admin")
    own("user", "add", "Иван", "--login", "ivan", "--role", "manager")
    own("plugin", "new", "call_back", user="ivan", code=5)


def test_a_package_passes_its_own_test(own: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "crm-call-back"
    written = own("plugin", "new", "call_back", "--package", folder).lines
    assert {str(Path(path).relative_to(folder)) for path in written} == {
        "crm_call_back.py", "tests/test_call_back.py", "pyproject.toml", "README.md",
    }  # fmt: skip
    done = _pytest(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    (folder / "crm_call_back.py").write_text('"""Does nothing."""\n')
    assert "1 failed" in _pytest(folder).stdout
    own("plugin", "new", "call_back", "--package", folder, code=5)


def _pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run pytest as an author does where crm is installed: its entry point brings the fixture, no option names it."""
    words = [sys.executable, "-m", "pytest", "-W", "error", "-p", "no:cacheprovider"]
    env = {name: value for name, value in environment().items() if not name.startswith("PYTEST_")}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False)


def test_the_entry_point_of_a_package_is_its_module(own: CommandLine, tmp_path: Path) -> None:
    import tomllib

    own("plugin", "new", "call_back", "--package", tmp_path / "there")
    project = tomllib.loads((tmp_path / "there" / "pyproject.toml").read_text())
    assert project["project"]["entry-points"]["crm.plugins"] == {"call_back": "crm_call_back"}
    assert (tmp_path / "there" / "crm_call_back.py").is_file()


def test_the_bench_tells_what_a_plugin_did(own: CommandLine) -> None:
    own("plugin", "new", "call_back")
    [row] = own("plugin", "test", "call_back", "--json").json
    assert (row["hook"], row["state"], row["error"]) == ("on_lead_created", "ok", "")
    assert row["times"] == 2
    assert row["did"].startswith("activity/1 +: ")
    assert "subject" in row["did"]


def test_the_bench_leaves_the_workspace_alone(own: CommandLine) -> None:
    own("plugin", "new", "call_back")
    truth = own.journal()
    own("plugin", "test")
    assert own.journal() == truth
    assert own("lead", "list", "--json").json == []


def test_the_bench_calls_every_event(own: CommandLine) -> None:
    place(own, "hearing", ALL)
    rows = own("plugin", "test", "hearing", "--json").json
    assert {row["hook"] for row in rows} == set(EVENTS)
    assert [row["hook"] for row in rows if not row["times"]] == []
    assert [row["error"] for row in rows if row["error"]] == []


@pytest.mark.parametrize("body", ["raise ZeroDivisionError('oops')", "import os; os._exit(3)", "crm.leads.get(77)"])
def test_the_bench_names_what_fails(own: CommandLine, body: str) -> None:
    bad = HOOKED.format(hook="on_deal_won", record="deal", body=body)
    place(own, "bad", bad + HOOKED.format(hook="on_deal_lost", record="deal", body="crm.leads.add(name='Снова')"))
    rows = {row["hook"]: row for row in own("plugin", "test", "bad", "--json", code=7).json}
    assert "bad" in rows["on_deal_won"]["error"]
    assert rows["on_deal_lost"]["error"] == ""
    assert rows["on_deal_lost"]["did"].startswith("lead/3 +: ")


def test_the_bench_shows_a_veto_and_looks_into_contributions(own: CommandLine) -> None:
    text = '''
"""Forbids and shows."""
from crm import Refused, hookimpl

@hookimpl
def check_change(crm, change):
    if change.command == "deal win":
        raise Refused("Not on a Friday.")

@hookimpl
def register_pages(register):
    register("good", lambda crm, query: {"title": "Good", "rows": []}, title="Good")
    register("bad", lambda crm, query: 1 / 0, title="Bad")
'''
    place(own, "mixed", text)
    rows = {row["hook"]: row for row in own("plugin", "test", "mixed", "--json", code=7).json}
    assert rows["check_change"]["did"] == "Not on a Friday."
    assert rows["check_change"]["times"] > 10
    assert "ZeroDivisionError" in rows["register_pages"]["error"]
    assert rows["register_pages"]["did"] == "good; bad"


def test_a_plugin_that_cannot_be_loaded_is_told(own: CommandLine) -> None:
    place(own, "broken", "import nothing_of_that_name\n")
    [row] = own("plugin", "test", "broken", "--json", code=7).json
    assert row["hook"] == "load"
    assert "nothing_of_that_name" in row["error"]


def test_without_plugins_of_ones_own_there_is_nothing_to_try(line: CommandLine) -> None:
    assert line("plugin", "test", "--json").json == []
    line("plugin", "test", "nobody", code=3)
