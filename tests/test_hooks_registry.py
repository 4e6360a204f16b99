"""The contract with plugins against the program: names, arguments, and that each hook is really called."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from crm import hookspecs, hookspecs_names
from tests.command_line import PROJECT

SOURCES = [path for path in (PROJECT / "crm").rglob("*.py") if path.name not in ("hookspecs.py", "hookspecs_names.py")]
SAID_BY_PLUGINS_OF_OTHERS = {"on_call_missed", "on_letter_received"}
"""Events of telephony and mailboxes: plugins that bring them say them, `crm plugin test` too."""


def test_the_light_list_of_names_is_the_contract() -> None:
    assert hookspecs_names.EVENTS == hookspecs.EVENTS


@pytest.mark.parametrize("hook", hookspecs.EVENTS)
def test_an_event_calls_its_record_as_the_contract_does(hook: str) -> None:
    record = hookspecs_names.RECORD_ARGUMENT.get(hook, "record")
    stages = ["old_stage", "new_stage"] if hook == "on_stage_changed" else []
    assert list(inspect.signature(getattr(hookspecs, hook)).parameters) == ["crm", record, *stages, "event"]


@pytest.mark.parametrize("hook", hookspecs.HOOKS)
def test_a_hook_says_what_it_is_for(hook: str) -> None:
    spec = getattr(hookspecs, hook)
    told = inspect.getdoc(spec) or ""
    assert told.endswith((".", "`."))
    assert all(one.annotation is not inspect.Parameter.empty for one in inspect.signature(spec).parameters.values())


@pytest.mark.parametrize("hook", hookspecs.HOOKS)
def test_a_hook_is_called_by_the_program(hook: str) -> None:
    bench = set() if hook in SAID_BY_PLUGINS_OF_OTHERS else {"plugin_bench.py", "plugin_story.py"}
    callers = [path for path in SOURCES if f'"{hook}"' in path.read_text(encoding="utf-8") and path.name not in bench]
    assert callers, hook


@pytest.mark.parametrize("hook", hookspecs.HOOKS)
def test_a_hook_has_a_test(hook: str) -> None:
    tests = [path for path in Path(__file__).parent.rglob("test_*.py") if hook in path.read_text(encoding="utf-8")]
    assert tests or hook in _tried_by_the_registry(), hook


def _tried_by_the_registry() -> set[str]:
    """Return the hooks that test_plugins_hostile walks through without naming them."""
    return {*hookspecs.CONTRIBUTIONS, *hookspecs.EVENTS}


def test_built_in_plugins_use_what_a_third_party_could() -> None:
    """A plugin of the program imports the open rooms alone: no workspace, no store."""
    closed = ("crm.workspace", "crm.delivery", "crm.registry", "crm.access", "crm.console")
    for path in (PROJECT / "crm" / "plugins").rglob("*.py"):
        running = [row for row in _running_imports(path) if row.startswith(closed)]
        assert running == [], path


def _running_imports(path: Path) -> list[str]:
    """Return the modules that a file imports when it runs, those for typing alone left out."""
    import ast

    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {id(node) for guard in ast.walk(tree) if _is_typing(guard) for node in ast.walk(guard)}
    found = []
    for node in ast.walk(tree):
        if id(node) in typing:
            continue
        if isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names]
    return found


def _is_typing(node: object) -> bool:
    import ast

    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
