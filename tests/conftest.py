from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.locale import use_language
from crm.settings_file import write_config
from tests.command_line import CommandLine

if TYPE_CHECKING:
    from crm.workspace import Workspace

CRASH_POINTS = pytest.StashKey[dict[str, int]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CRASH_POINTS] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    points = config.stash[CRASH_POINTS]
    if points:
        parts = ", ".join(f"{name} {count}" for name, count in points.items())
        terminalreporter.write_line(f"crash points: {sum(points.values())} ({parts})")


@pytest.fixture
def crash_points(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Note how many points of a script the test killed it at; the sum is printed after the run."""

    def note(script: str, count: int) -> None:
        request.config.stash[CRASH_POINTS][script] = count

    return note


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
    (root / "data" / "workspace-id").write_text("test\n")
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
