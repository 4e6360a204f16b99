"""Plugins that fail in every way, at every hook: the command ends as without them, the data is whole."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm import open_workspace
from crm.delivery import ATTEMPTS, DEEPEST
from crm.hookspecs import CONTRIBUTIONS, EVENTS, HOOKS
from crm.workspace import Workspace
from tests.command_line import CommandLine, environment

WAYS = {
    "raises": "raise ZeroDivisionError('oops')",
    "exits": "import sys; sys.exit(3)",
    "dies": "import os; os._exit(0)",
    "is nonsense": "return {'nonsense': object()}",
    "prints": "print('NOISE'); import os; os.write(1, b'NOISE')",
    "raises the program's own": "from crm import InvalidValue; raise InvalidValue('oops')",
}
TOLD = {"raises", "exits", "dies", "raises the program's own"}


def plugin(line: CommandLine, name: str, text: str) -> Path:
    folder = line.root / "config" / "plugins"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text(f'"""A plugin called {name}."""\nfrom crm import hookimpl\n{text}', encoding="utf-8")
    return path


def bad(hook: str, way: str) -> str:
    arguments = "crm, event" if hook in EVENTS else "crm, change" if hook == "check_change" else "register"
    return f"@hookimpl\ndef {hook}({arguments}):\n    {WAYS[way]}\n"


@pytest.fixture
def open_line(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Return the command line with the plugins of the workspace."""
    monkeypatch.delenv("CRM_PLUGINS")
    return line


def make(crm: Workspace) -> None:
    crm.leads.add(name="Василий")
    crm.companies.add(name="ООО Ромашка")
    crm.deals.add(title="Щебень", amount=100, company="company/1")
    crm.activities.add(kind="call", subject="Звонок")
    crm.products.add(name="Щебень", sku="S", price=100)
    crm.collection("quote").add(deal="deal/1", items=["S*1"])
    invoices: Any = crm.collection("invoice")
    invoices.issue(deal="deal/1", items=["S*1"])


def emitting(name: str, noun: str) -> Callable[[CommandLine], None]:
    """Return what a plugin of telephony or mail would do: it says an event about a record."""

    def emit(line: CommandLine) -> None:
        with open_workspace(line.root, actor="olga", language="en") as crm:
            with crm.writing(name) as draft:
                draft.emit(name, crm.collection(noun).get(1).ref)
            for warning in dict.fromkeys(crm.warnings):
                print(f"crm: {warning}", file=sys.stderr)

    return emit


TRIGGERS: dict[str, list[str] | Callable[[CommandLine], None]] = {
    "on_lead_created": ["lead", "add", "Олег"],
    "on_lead_converted": ["lead", "convert", "1"],
    "on_lead_rejected": ["lead", "reject", "1", "--reason", "spam"],
    "on_stage_changed": ["deal", "move", "1", "proposal"],
    "on_deal_created": ["deal", "add", "Песок"],
    "on_deal_won": ["deal", "win", "1"],
    "on_deal_lost": ["deal", "lose", "1", "--reason", "price"],
    "on_deal_reopened": ["deal", "reopen", "1"],
    "on_activity_added": ["activity", "add", "call", "Ещё"],
    "on_activity_done": ["activity", "done", "1"],
    "on_quote_sent": ["quote", "send", "1"],
    "on_quote_accepted": ["quote", "accept", "1"],
    "on_invoice_issued": ["invoice", "issue", "--company", "1", "--item", "S*1"],
    "on_payment_received": ["invoice", "pay", "1", "--amount", "10"],
    "on_invoice_paid": ["invoice", "pay", "1"],
    "on_record_changed": ["deal", "set", "1", "comment=да"],
    "on_call_missed": emitting("on_call_missed", "activity"),
    "on_letter_received": emitting("on_letter_received", "activity"),
}


def test_every_event_has_a_trigger() -> None:
    assert TRIGGERS.keys() == set(EVENTS)


def ready(line: CommandLine, hook: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_PLUGINS", "")
        with open_workspace(line.root, actor="olga", language="en") as crm:
            make(crm)
            if hook == "on_deal_reopened":
                crm.deals.win(1)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hook", EVENTS)
def test_an_event_that_fails_changes_no_outcome(
    open_line: CommandLine, hook: str, way: str, capfd: pytest.CaptureFixture[str]
) -> None:
    line = open_line
    ready(line, hook)
    plugin(line, "bad", bad(hook, way))
    trigger, before = TRIGGERS[hook], line.number()
    if callable(trigger):
        capfd.readouterr()
        trigger(line)
        said = capfd.readouterr()
        out, err = said.out, said.err
    else:
        ended = line(*trigger)
        out, err = ended.out, ended.err
        assert len(ended.lines) == 1
    assert "NOISE" not in out
    assert line.number() > before
    assert ("bad" in err and "config/plugins/bad.py" in err) == (way in TOLD), err
    assert "Traceback" not in err
    line("check")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hook", CONTRIBUTIONS)
def test_a_contribution_that_fails_is_left_out(open_line: CommandLine, hook: str, way: str) -> None:
    expected = open_line("deal", "add", "Щебень").out.replace("deal/1", "deal/2")
    plugin(open_line, "bad", bad(hook, way))
    ended = open_line("deal", "add", "Щебень")
    assert ended.out == expected
    assert ("bad" in ended.err and "config/plugins/bad.py" in ended.err) == (way in TOLD), ended.err
    state = {row["name"]: row["state"] for row in open_line("plugin", "list", "--json").json}
    assert state["bad"] == ("broken" if way in TOLD else "on")
    assert open_line("--help").out
    open_line("check")


@pytest.mark.parametrize("nonsense", ["register(7)", "register(None, None)", "register('x', 1, 2, 3)", "register()"])
@pytest.mark.parametrize("hook", CONTRIBUTIONS)
def test_a_contribution_that_is_nonsense_is_told(open_line: CommandLine, hook: str, nonsense: str) -> None:
    plugin(open_line, "bad", f"@hookimpl\ndef {hook}(register):\n    {nonsense}\n")
    assert "bad" in open_line("deal", "add", "Щебень").err
    open_line("deal")


@pytest.mark.parametrize("way", WAYS)
def test_a_check_that_fails_stops_the_change_and_is_named(open_line: CommandLine, way: str) -> None:
    open_line("deal", "add", "Щебень")
    plugin(open_line, "bad", bad("check_change", way))
    truth = open_line.journal()
    with_plugin = {name: value for name, value in environment().items() if name != "CRM_PLUGINS"}
    done = subprocess.run(
        [sys.executable, "-m", "crm", "deal", "win", "1"], capture_output=True, text=True, env=with_plugin,
        cwd=open_line.root, check=False,
    )  # fmt: skip
    if way in ("is nonsense", "prints"):
        assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
        return
    assert done.stdout == ""
    assert open_line.journal() == truth
    if way != "dies":
        assert done.returncode == (4 if "own" in way else 7)
        assert "oops" in done.stderr or "bad" in done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_PLUGINS", "")
        open_line("check")


def test_a_check_may_not_write(open_line: CommandLine) -> None:
    open_line("deal", "add", "Щебень")
    plugin(open_line, "bad", "@hookimpl\ndef check_change(crm, change):\n    crm.deals.set(1, comment='своё')\n")
    assert open_line("deal", "win", 1, code=5).out == ""


@pytest.mark.parametrize(
    "text", ["import nothing_of_that_name", "def (", "raise SystemExit(4)", "import os; os._exit(4)", "1/0"]
)
def test_a_plugin_that_cannot_be_imported_is_named_with_the_cure(open_line: CommandLine, text: str) -> None:
    plugin(open_line, "bad", text + "\n")
    for words in (["deal", "add", "Щебень"], ["deal"], ["lead"], ["plugin", "list"]):
        ended = open_line(*words)
        assert "bad" in ended.err
        assert "config/plugins/bad.py" in ended.err
        assert "plugin disable bad" in ended.err
    open_line("plugin", "disable", "bad")
    assert open_line("deal").err == ""


def test_a_plugin_that_hangs_while_it_is_looked_at_is_left_out(
    open_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm import plugin_finding

    monkeypatch.setattr(plugin_finding, "SECONDS", 1)
    plugin(open_line, "bad", "import threading\nthreading.Event().wait()\n")
    assert "bad" in open_line("deal", "add", "Щебень").err


def test_reactions_to_reactions_come_to_an_end(open_line: CommandLine) -> None:
    plugin(
        open_line,
        "echo",
        "@hookimpl\ndef on_record_changed(crm, record, event):\n    crm.deals.set(record.id, comment=f'{event.n}')\n",
    )
    ended = open_line("deal", "add", "Щебень")
    assert ended.out.startswith("deal/1 ")
    assert "echo" in ended.err
    assert open_line.show("deal/1")["rev"] <= DEEPEST + 1
    parked = open_line("events", "list", "--json").json
    assert [(row["plugin"], row["state"]) for row in parked] == [("echo", "parked")]
    open_line("check")


def test_two_plugins_that_feed_each_other_come_to_an_end(open_line: CommandLine) -> None:
    for name, other in (("ping", "pong"), ("pong", "ping")):
        plugin(
            open_line,
            name,
            f"@hookimpl\ndef on_deal_created(crm, deal, event):\n"
            f"    if deal.title != {name!r}:\n        crm.deals.add(title={name!r})\n",
        )
        assert other
    open_line("deal", "add", "Щебень")
    assert len(open_line.ids("deal")) <= 2 * 2**DEEPEST
    open_line("check")


class TestFailures:
    """After a failure a plugin is asked again, after five the event is parked, and `crm events` tells."""

    def test_what_failed_is_asked_again_by_the_next_command(self, open_line: CommandLine) -> None:
        path = plugin(open_line, "moody", "@hookimpl\ndef on_deal_created(crm, deal, event):\n    1/0\n")
        open_line("deal", "add", "Щебень")
        rows = open_line("events", "list", "--json").json
        assert [(row["plugin"], row["state"]) for row in rows] == [("moody", "waiting")]
        assert "ZeroDivisionError" in rows[0]["why"]
        path.write_text(path.read_text().replace("1/0", "crm.deals.set(deal.id, comment='слышал')"))
        open_line("lead", "add", "Василий")
        assert open_line.show("deal/1")["comment"] == "слышал"
        assert open_line("events", "list", "--json").json == []

    def test_five_failures_park_the_event_and_the_plugin_goes_on(self, open_line: CommandLine) -> None:
        plugin(
            open_line,
            "picky",
            "@hookimpl\ndef on_deal_created(crm, deal, event):\n"
            "    if deal.title == 'Плохая':\n        raise ValueError('нет')\n"
            "    crm.deals.set(deal.id, comment='слышал')\n",
        )
        open_line("deal", "add", "Плохая")
        for number in range(ATTEMPTS):
            open_line("deal", "add", f"Хорошая {number}")
        assert [row["state"] for row in open_line("events", "list", "--json").json] == ["parked"]
        comments = [doc["comment"] for doc in open_line("deal", "list", "--json").json]
        assert comments == [None, *["слышал"] * ATTEMPTS], "each once, in order, none lost"

    def test_retry(self, open_line: CommandLine) -> None:
        path = plugin(open_line, "picky", "@hookimpl\ndef on_deal_created(crm, deal, event):\n    1/0\n")
        open_line("deal", "add", "Щебень")
        for number in range(ATTEMPTS):
            open_line("lead", "add", f"L{number}")
        assert [row["state"] for row in open_line("events", "list", "--json").json] == ["parked"]
        assert "1" in open_line("events", "retry", code=7).out
        path.write_text(path.read_text().replace("1/0", "crm.deals.set(deal.id, comment='слышал')"))
        open_line("events", "retry")
        assert open_line.show("deal/1")["comment"] == "слышал"
        assert open_line("events", "list", "--json").json == []

    def test_a_kill_in_the_midst_of_a_retry_doubles_nothing(self, open_line: CommandLine) -> None:
        path = plugin(open_line, "picky", "@hookimpl\ndef on_deal_created(crm, deal, event):\n    1/0\n")
        for number in range(ATTEMPTS):
            open_line("deal", "add", f"D{number}")
        notes = open_line.root / "data" / "delivery.json"
        before = notes.read_bytes()
        path.write_text(path.read_text().replace("1/0", "crm.leads.add(name='Ещё')"))
        open_line("events", "retry")
        notes.write_bytes(before)  # as where the process ended before the note was kept
        open_line("events", "retry")
        assert len({doc["id"] for doc in open_line("lead", "list", "--json").json}) == ATTEMPTS
        assert open_line("events", "list", "--json").json == []

    def test_switching_on_what_is_on_loses_no_event(self, open_line: CommandLine) -> None:
        path = plugin(open_line, "moody", "@hookimpl\ndef on_deal_created(crm, deal, event):\n    1/0\n")
        open_line("deal", "add", "Щебень")
        path.write_text(path.read_text().replace("1/0", "crm.deals.set(deal.id, comment='слышал')"))
        open_line("plugin", "enable", "moody")
        open_line("lead", "add", "Василий")
        assert open_line.show("deal/1")["comment"] == "слышал"

    def test_a_reaction_that_never_ends_is_ended(self, open_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("crm.apart.SECONDS", 1)
        plugin(open_line, "slow", "@hookimpl\ndef on_deal_created(crm, deal, event):\n    while True: pass\n")
        with open_workspace(open_line.root, actor="olga") as crm:
            crm.deals.add(title="Щебень")
            assert any("slow" in warning for warning in crm.warnings)
        open_line("check")

    def test_the_traceback_is_in_the_log(self, open_line: CommandLine) -> None:
        plugin(open_line, "moody", "@hookimpl\ndef on_deal_created(crm, deal, event):\n    1/0\n")
        open_line("deal", "add", "Щебень")
        log = (open_line.root / "data" / "log" / "plugins.log").read_text(encoding="utf-8")
        assert "moody.py" in log
        assert "ZeroDivisionError" in log

    def test_a_reaction_that_fails_half_way_leaves_nothing(self, open_line: CommandLine) -> None:
        plugin(
            open_line,
            "half",
            "@hookimpl\ndef on_deal_created(crm, deal, event):\n    crm.deals.set(deal.id, comment='да')\n    1/0\n",
        )
        open_line("deal", "add", "Щебень")
        assert open_line.show("deal/1")["comment"] is None


def test_what_happened_while_a_plugin_was_off_is_not_told_to_it(open_line: CommandLine) -> None:
    plugin(
        open_line,
        "eager",
        "@hookimpl\ndef on_deal_created(crm, deal, event):\n    crm.deals.set(deal.id, comment='x')\n",
    )
    open_line("plugin", "disable", "eager")
    open_line("deal", "add", "A")
    open_line("plugin", "enable", "eager")
    open_line("deal", "add", "B")
    assert [doc["comment"] for doc in open_line("deal", "list", "--json").json] == [None, "x"]


def test_a_reaction_is_undone_with_its_cause(open_line: CommandLine) -> None:
    plugin(open_line, "eager", "@hookimpl\ndef on_deal_created(crm, deal, event):\n    crm.leads.add(name='Ещё')\n")
    open_line("deal", "add", "A")
    assert open_line.ids("lead") == [1]
    open_line("undo")
    assert open_line.ids("lead") == []
    open_line("redo")
    assert open_line.ids("lead") == [1]


# --- entry points ----------------------------------------------------------------------------------------------------


def distribution(folder: Path, name: str, points: dict[str, str], **modules: str) -> Path:
    """Lay out an installed distribution with entry points."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    rows = "".join(f"{point} = {target}\n" for point, target in points.items())
    (info / "entry_points.txt").write_text(f"[crm.plugins]\n{rows}")
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(f'"""{module}."""\nfrom crm import hookimpl\n{text}')
    return folder


def run_with(line: CommandLine, folder: Path, *words: str) -> tuple[int, str, str]:
    env = {name: value for name, value in environment().items() if name != "CRM_PLUGINS"}
    env["PYTHONPATH"] = os.pathsep.join([str(folder), env["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "crm", *words], capture_output=True, text=True, env=env, cwd=line.root, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_an_entry_point_is_found_and_its_distribution_named(line: CommandLine, tmp_path: Path) -> None:
    hear = "@hookimpl\ndef on_deal_created(crm, deal, event):\n    crm.deals.set(deal.id, comment='слышал')\n"
    folder = distribution(tmp_path / "site", "crm-sample", {"sample": "crm_sample"}, crm_sample=hear)
    assert run_with(line, folder, "deal", "add", "A")[0] == 0
    assert line.show("deal/1")["comment"] == "слышал"
    shown = json.loads(run_with(line, folder, "plugin", "show", "sample", "--json")[1])
    assert (shown["origin"], shown["hooks"]) == ("crm-sample 1.0", ["on_deal_created"])


@pytest.mark.parametrize("target", ["gone_module", "json:nothing_there", "not a target"])
def test_a_broken_entry_point_is_named_and_the_program_goes_on(line: CommandLine, tmp_path: Path, target: str) -> None:
    folder = distribution(tmp_path / "site", "crm-broken", {"broken": target})
    for words in (["deal", "add", "A"], ["--help"], ["deal", "--help"], ["plugin", "list"]):
        code, out, err = run_with(line, folder, *words)
        assert code == 0
        assert out
        if "--help" not in words:
            assert "crm-broken 1.0" in err
            assert "plugin disable broken" in err


def test_two_distributions_with_a_plugin_of_one_name(line: CommandLine, tmp_path: Path) -> None:
    folder = distribution(tmp_path / "site", "crm-one", {"twin": "twin_one"}, twin_one="")
    distribution(folder, "crm-two", {"twin": "twin_two"}, twin_two="")
    code, _out, err = run_with(line, folder, "deal", "add", "A")
    assert code == 0
    assert "crm-one 1.0" in err
    assert "crm-two 1.0" in err


def test_only_what_is_named_by_the_variable_is_loaded(line: CommandLine, tmp_path: Path) -> None:
    folder = distribution(tmp_path / "site", "crm-broken", {"broken": "gone_module"})
    assert run_with(line, folder, "lead")[2] != ""
    env = {"PYTHONPATH": str(folder) + os.pathsep + environment()["PYTHONPATH"]}
    assert line.process("lead", env=env).err == ""


# --- clashes ---------------------------------------------------------------------------------------------------------

NOUN = """
from crm.model.fields import Text
from crm.model.record import Record

class Visit(Record):
    noun, plural = "{noun}", "{noun}s"
    name = Text("Name", required=True)

@hookimpl
def register_entities(register):
    register(Visit)
"""
COMMAND = """
import click

@click.command("{name}")
def command():
    "Do it."
    print("{text}")

@hookimpl
def register_commands(register):
    register("{name}", command, help="Do it.")
"""


def test_two_plugins_with_one_noun_are_told_by_name(open_line: CommandLine) -> None:
    plugin(open_line, "first", NOUN.format(noun="visit"))
    plugin(open_line, "second", NOUN.format(noun="visit"))
    ended = open_line("visit", "add", "Приём")
    assert ended.out.startswith("visit/1 ")
    assert re.search("second.*first", ended.err)
    open_line("plugin", "disable", "first")
    assert open_line("visit").err == ""


@pytest.mark.parametrize("noun", ["deal", "invoice"])
def test_a_noun_of_the_program_cannot_be_taken(open_line: CommandLine, noun: str) -> None:
    plugin(open_line, "thief", NOUN.format(noun=noun))
    ended = open_line("deal", "add", "Щебень")
    assert ended.out.startswith("deal/1 ")
    assert "thief" in ended.err


def test_two_plugins_with_one_command_are_told_by_name(open_line: CommandLine) -> None:
    plugin(open_line, "first", COMMAND.format(name="weather", text="one"))
    plugin(open_line, "second", COMMAND.format(name="weather", text="two"))
    ended = open_line("weather")
    assert ended.out == "one\n"
    assert re.search("second.*first", ended.err)


def test_a_command_of_the_program_cannot_be_taken(open_line: CommandLine) -> None:
    open_line("deal", "add", "Щебень")
    plugin(open_line, "thief", COMMAND.format(name="undo", text="gotcha"))
    assert "gotcha" not in open_line("undo").out
    assert "thief" in open_line("--help").err


VERB = """
import click

@click.command("{verb}")
@click.argument("ids", nargs=-1)
def command(ids):
    "Do it."
    print("gotcha")

@hookimpl
def register_commands(register):
    register("deal", click.Group("deal", commands=dict([("{verb}", command)])))
"""


@pytest.mark.parametrize("verb", ["move", "list", "tick", "show"])
def test_a_verb_of_another_cannot_be_taken(open_line: CommandLine, verb: str) -> None:
    open_line("deal", "add", "Щебень")
    plugin(open_line, "thief", VERB.format(verb=verb))
    assert "gotcha" not in open_line("deal", verb, 1, "proposal", code=None).out
    told = open_line("deal", "--help").err
    assert "thief" in told
    assert f"deal {verb}" in told


def test_a_verb_of_one_s_own_is_added(open_line: CommandLine) -> None:
    plugin(open_line, "friend", VERB.format(verb="praise"))
    assert open_line("deal", "praise").out == "gotcha\n"


# --- commands --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["1/0", "import sys; sys.exit(5)", "import gone_module"])
def test_a_command_that_fails_is_the_plugin_s_failure(open_line: CommandLine, words: str) -> None:
    plugin(open_line, "bad", COMMAND.format(name="weather", text="x").replace('print("x")', words))
    ended = open_line("weather", code=7)
    assert "bad" in ended.err
    assert "config/plugins/bad.py" in ended.err


def test_a_command_that_is_no_command_harms_no_other(open_line: CommandLine) -> None:
    open_line("deal", "add", "Щебень")
    plugin(open_line, "bad", "@hookimpl\ndef register_commands(register):\n    register('deal', 'gone_module:VERBS')\n")
    ended = open_line("deal", "move", 1, "proposal")
    assert ended.out.startswith("deal/1 ")
    assert "bad" in ended.err


# --- exactly once ----------------------------------------------------------------------------------------------------

COUNTER = (
    "@hookimpl\ndef on_deal_created(crm, deal, event):\n    crm.deals.set(deal.id, probability=deal.probability + 1)\n"
)


@pytest.mark.parametrize("place", ["run", "react", "_write"])
def test_a_kill_between_commit_and_reaction_loses_and_doubles_nothing(open_line: CommandLine, place: str) -> None:
    plugin(open_line, "counter", COUNTER)
    killer = (
        "import os, signal, sys\n"
        "from crm.delivery import Delivery\n"
        f"def die(*words, **more):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"Delivery.{place} = die\n"
        "from crm.cli.main import run\n"
        "sys.exit(run(['deal', 'add', 'Щебень']))\n"
    )
    env = {name: value for name, value in environment().items() if name != "CRM_PLUGINS"}
    done = subprocess.run([sys.executable, "-c", killer], capture_output=True, env=env, cwd=open_line.root, check=False)
    if place != "react":
        assert done.returncode == -signal.SIGKILL
    assert open_line.journal(), "the deal is committed"
    for _again in range(3):
        open_line("lead", "add", "Василий")
    assert open_line.show("deal/1")["probability"] == 11, "heard, and once"
    open_line("check")


def test_an_emptied_cache_doubles_no_reaction(open_line: CommandLine) -> None:
    import shutil

    plugin(open_line, "counter", COUNTER)
    open_line("deal", "add", "Щебень")
    shutil.rmtree(open_line.root / "data" / "cache")
    open_line("deal", "add", "Песок")
    assert [doc["probability"] for doc in open_line("deal", "list", "--json").json] == [11, 11]


def test_two_plugins_mark_the_same_board(open_line: CommandLine) -> None:
    for name in ("one", "two"):
        mark = f'register("{name}", lambda crm, records: [], noun="deal")'
        plugin(open_line, name, f"@hookimpl\ndef register_marks(register):\n    {mark}\n")
    states = {row["name"]: row["state"] for row in open_line("plugin", "list", "--json").json}
    assert (states["one"], states["two"]) == ("on", "on")


def test_every_hook_was_tried() -> None:
    assert set(HOOKS) == {*EVENTS, *CONTRIBUTIONS, "check_change", "do_what_is_due"}
