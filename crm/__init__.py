"""A customer relationship manager that is a folder. This is its face for Python.

with open_workspace("shop", actor="olga") as crm:
    lead = crm.leads.add(name="Москва, Василий, щебень", phones=["8 916 123-45-67"], source="site")
"""

from __future__ import annotations

from crm.version import __version__

TYPE_CHECKING = False  # as in typing, which takes longer to import than `crm --version` may
if TYPE_CHECKING:
    from typing import Any

    from tinydb.queries import where

    from crm.entrance import open_workspace
    from crm.errors import Conflict, CrmError, InvalidValue, NotFound, PluginFailed, Refused
    from crm.hookspecs import hookimpl
    from crm.workspace import Workspace

_HOMES = {
    "open_workspace": "crm.entrance",
    "Workspace": "crm.workspace",
    "hookimpl": "crm.hookspecs",
    "where": "tinydb.queries",
    "CrmError": "crm.errors",
    "Conflict": "crm.errors",
    "InvalidValue": "crm.errors",
    "NotFound": "crm.errors",
    "PluginFailed": "crm.errors",
    "Refused": "crm.errors",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `crm --version` imports nothing."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


__all__ = [
    "Conflict",
    "CrmError",
    "InvalidValue",
    "NotFound",
    "PluginFailed",
    "Refused",
    "Workspace",
    "__version__",
    "hookimpl",
    "open_workspace",
    "where",
]
