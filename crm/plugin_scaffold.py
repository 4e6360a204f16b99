"""A new plugin to start from: one file in `config/plugins/`, or a small package with its entry point and a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.plugin_loading import BUILT_IN

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[a-z][a-z0-9_]*")

_PLUGIN = '''"""Plans a call back for every new lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm import hookimpl

if TYPE_CHECKING:
    from crm.hookspecs import Event
    from crm.model.lead import Lead
    from crm.workspace import Workspace


@hookimpl
def on_lead_created(crm: Workspace, lead: Lead, event: Event) -> None:
    """Add an activity for whoever owns the lead.

    It is committed together with the note that this event was heard: it happens once, whatever fails.
    """
    crm.activities.add(kind="call", subject="{subject}", about=lead.ref, due="today", owner=lead.owner)
'''

_TEST = """from __future__ import annotations

from crm import Workspace


def test_a_new_lead_gets_a_call(crm_workspace: Workspace) -> None:
    lead = crm_workspace.leads.add(name="Vasily", source="site")
    assert [activity.about for activity in crm_workspace.activities.find()] == [lead.ref]
    assert crm_workspace.warnings == []
"""

_PROJECT = """[build-system]
requires = ["setuptools>=69"]
build-backend = "setuptools.build_meta"

[project]
name = "crm-{dashed}"
version = "0.1.0"
description = "Plans a call back for every new lead"
requires-python = ">=3.11"
dependencies = ["crm"]

[project.optional-dependencies]
test = ["pytest>=8"]

[project.entry-points."crm.plugins"]
{name} = "crm_{name}"

[tool.setuptools]
py-modules = ["crm_{name}"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
crm_plugins = "crm_{name}"
"""

_README = """# crm-{dashed}

Plans a call back for every new lead of a `crm` workspace.

```
pip install -e ".[test]"
pytest
crm plugin list
```
"""


def write_file(root: Path, name: str) -> Path:
    """Write a plugin of one file into a workspace, where it takes part at once; return its place."""
    _refuse_name(name)
    path = root / "config" / "plugins" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    return _write(path, _plugin())


def write_package(folder: Path, name: str) -> list[Path]:
    """Write a package to be installed with pip into `folder`; return the files."""
    _refuse_name(name)
    dashed = name.replace("_", "-")
    files = {
        f"crm_{name}.py": _plugin(),
        f"tests/test_{name}.py": _TEST,
        "pyproject.toml": _PROJECT.format(name=name, dashed=dashed),
        "README.md": _README.format(dashed=dashed),
    }
    for file in files:
        _refuse_present(folder / file)
    (folder / "tests").mkdir(parents=True, exist_ok=True)
    return [_write(folder / file, text) for file, text in files.items()]


def _plugin() -> str:
    return _PLUGIN.format(subject=_("Call back"))


def _refuse_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidValue(
            _("«{name}» cannot be the name of a plugin.").format(name=name),
            _("Small Latin letters, digits and _, such as call_back."),
        )
    if name in BUILT_IN:
        raise Refused(_("The name «{name}» is taken by a built-in plugin.").format(name=name), _("Choose another."))


def _refuse_present(path: Path) -> None:
    if path.exists():
        raise Refused(_("{path} is there already.").format(path=path), _("Choose another name or folder."))


def _write(path: Path, text: str) -> Path:
    _refuse_present(path)
    path.write_text(text, encoding="utf-8")
    return path
