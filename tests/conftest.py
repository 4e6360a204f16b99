from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from crm.locale import use_language
from crm.settings_file import write_config
from tests.command_line import CommandLine

if TYPE_CHECKING:
    from crm.workspace import Workspace

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

COUNTED = ("crash points", "concurrent writes", "faults")
"""What tests count; the sums are printed after every run, one in many processes too."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what in COUNTED:
        points: dict[str, int] = {}
        for report in terminalreporter.getreports("passed"):
            for _name, (script, count) in (pair for pair in report.user_properties if pair[0] == what):
                points[script] = points.get(script, 0) + count
        if points:
            parts = ", ".join(f"{name} {count}" for name, count in points.items())
            terminalreporter.write_line(f"{what}: {sum(points.values())} ({parts})")


def _counter(request: pytest.FixtureRequest, what: str) -> Callable[[str, int], None]:
    def note(script: str, count: int) -> None:
        request.node.user_properties.append((what, (script, count)))

    return note


@pytest.fixture
def crash_points(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Note how many points of a script the test killed it at."""
    return _counter(request, "crash points")


@pytest.fixture
def concurrent_writes(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Note how many writes of several processes the test held against each other."""
    return _counter(request, "concurrent writes")


@pytest.fixture
def fault_points(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Note how many faults of a kind the test put in the way."""
    return _counter(request, "faults")


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def make_workspace(root: Path) -> Path:
    """Lay out a workspace as `crm init` does."""
    from crm.delivery import Delivery
    from crm.entrance import open_workspace

    write_config(root, "en", "RUB", "Ромашка", "")
    for folder in ("journal", "tables", "cache", "files"):
        (root / "data" / folder).mkdir(parents=True)
    (root / "data" / "workspace-id").write_text("0a1b2c3d4e5f6a7b" * 2 + "\n")
    with open_workspace(root, actor="olga") as crm:
        Delivery(crm).start()
    return root


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a workspace without plugins."""
    monkeypatch.setenv("CRM_PLUGINS", "none")
    return make_workspace(tmp_path / "shop")


@pytest.fixture
def sales(shop: Path) -> Iterator[Workspace]:
    """Return an open workspace without plugins in roubles; olga acts, messages are English."""
    from crm.settings_file import change_setting
    from crm.workspace import Workspace

    change_setting(shop / "config" / "crm.yaml", ["country"], "RU")
    crm = Workspace(shop, "olga")
    yield crm
    crm.close()


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Return the command line on an empty workspace with the built-in plugins; olga acts, messages are English."""
    for name, value in {"CRM_PLUGINS": "", "CRM_USER": "olga", "CRM_LANG": "en"}.items():
        monkeypatch.setenv(name, value)
    for name in ("CRM_HOME", "_CRM_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    return CommandLine(make_workspace(tmp_path / "shop"))
