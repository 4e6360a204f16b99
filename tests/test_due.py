"""The clock: every plugin does what is due, a broken one is named and harms no other; actions of plugins' forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.console.clock import Clock
from crm.console.office import Office
from crm.due import tick
from crm.entrance import open_workspace
from tests.command_line import CommandLine

PLUGIN = '''
"""A plugin with a clock."""
from crm import hookimpl

@hookimpl
def do_what_is_due(crm, now):
    if crm.deals.count() == 0:
        raise RuntimeError("no deals")
    crm.deals.add(title=f"made by {crm.actor}")
    yield "made a deal"
'''


@pytest.fixture
def with_plugin(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.delenv("CRM_PLUGINS")
    folder = line.root / "config" / "plugins"
    folder.mkdir(exist_ok=True)
    (folder / "ticking.py").write_text(PLUGIN)
    return line


def test_a_plugin_does_what_is_due_and_a_failing_one_is_named(with_plugin: CommandLine) -> None:
    reply = with_plugin("tick", code=None)
    assert reply.code == 7
    assert "«ticking»" in reply.err
    assert "no deals" in reply.err
    with_plugin("deal", "add", "Щебень")
    assert "ticking: made a deal" in with_plugin("tick").out
    assert with_plugin.show("deal/2")["owner"] == "ticking"


def test_the_actor_is_who_it_was_after_a_tick(with_plugin: CommandLine) -> None:
    root: Path = with_plugin.root
    with open_workspace(root, actor="olga") as crm:
        list(tick(crm))
        assert (crm.actor, crm.via) == ("olga", "python")


def test_the_clock_of_the_console_goes_on_after_a_failure(with_plugin: CommandLine) -> None:
    office = Office(with_plugin.root)
    clock = Clock(office)
    log = with_plugin.root / "data" / "log" / "clock.log"
    for _time in range(3):
        clock.tick()
    assert log.read_text().count("no deals") == 1, "told once"
    with_plugin("deal", "add", "Щебень")
    clock.tick()
    assert with_plugin.show("deal/2")["owner"] == "ticking"
    config = with_plugin.root / "config" / "crm.yaml"
    whole = config.read_text()
    config.write_text("language: [")
    clock.tick()
    config.write_text(whole)
    clock.tick()
    assert with_plugin.show("deal/3")["owner"] == "ticking"


def test_the_first_search_finds_its_index_ready(with_plugin: CommandLine) -> None:
    with open_workspace(with_plugin.root, actor="olga") as crm:
        crm.leads.add(name="Щебень")
        assert crm.store.index.position("search").n == 0
    Clock(Office(with_plugin.root)).make_ready()
    with open_workspace(with_plugin.root, actor="olga") as crm:
        assert crm.store.index.position("search").n == crm.store.number


def test_the_clock_ticks_by_itself_until_it_is_stopped(with_plugin: CommandLine) -> None:
    with_plugin("deal", "add", "Щебень")
    clock = Clock(Office(with_plugin.root), interval=0.01)
    clock.start()
    while with_plugin("deal", "list", "--ids").lines == ["1"]:
        pass
    clock.stop()
    clock.join(30)
    assert not clock.is_alive()
