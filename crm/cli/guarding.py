"""A guard around commands of third-party plugins: what they raise is the plugin's failure, not a bug of the program."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from crm.errors import CrmError
from crm.plugin_loading import failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.plugin_loading import Plugin

_PASSING = (CrmError, click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError)


def guarded(plugin: Plugin, found: Any) -> Any:
    """Return a command, a group or a mapping of verbs whose failures name the plugin; raise TypeError for else."""
    if isinstance(found, dict):
        return {name: guarded(plugin, command) for name, command in found.items()}
    if not isinstance(found, click.Command):
        raise TypeError(f"register_commands: a click command is needed, not {found!r}")
    if isinstance(found, click.Group):
        found.commands = {name: guarded(plugin, command) for name, command in found.commands.items()}
    if found.callback is not None:
        found.callback = _guard(plugin, found.name or "", found.callback)
    return found


def _guard(plugin: Plugin, name: str, callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*words: Any, **values: Any) -> Any:
        try:
            return callback(*words, **values)
        except _PASSING:
            raise
        except (Exception, SystemExit) as error:
            raise failed(plugin, name, error) from error

    return run
