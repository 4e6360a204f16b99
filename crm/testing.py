"""A pytest plugin for authors of plugins: the fixture `crm_workspace`, a throw-away workspace with their plugin in it.

The setting `crm_plugins` of pytest names the modules of the plugins under test; a test then takes the fixture, acts as
a salesman would, and looks at what the plugin did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm.workspace import Workspace


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the setting that names the modules of the plugins under test, separated by commas."""
    parser.addini("crm_plugins", "Modules of the crm plugins under test, separated by commas.", default="")


@pytest.fixture
def crm_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> Iterator[Workspace]:
    """Return a new workspace, opened for its admin; events are delivered as in a real one.

    The built-in plugins take part, and those that the setting `crm_plugins` names; no other installed one does. What a
    plugin failed in is in `crm_workspace.warnings`.
    """
    from crm.plugin_bench import workspace_for

    monkeypatch.setenv("CRM_PLUGINS", str(pytestconfig.getini("crm_plugins")))
    with workspace_for(tmp_path / "crm") as crm:
        yield crm
