"""A third-party plugin's reaction in a child process, so that even one that kills its process harms nothing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from crm.errors import CrmError, PluginFailed
from crm.locale import _

if TYPE_CHECKING:
    from crm.delivery import Delivery, Heard
    from crm.plugin_loading import Plugin
    from crm.store.journal import Line

_LONGEST = 4000
_DONE = "\0"
"""What a child says that came to its end: a plugin may end the process with any code."""


def react_apart(delivery: Delivery, plugin: Plugin, line: Line, heard: list[Heard]) -> None:
    """Let a plugin react in a child process; raise PluginFailed with its words, or because it ended the process."""
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _react_and_exit(delivery, plugin, line, heard, writer)
    os.close(writer)
    said = _read_all(reader)
    os.waitpid(child, 0)
    delivery.crm.store.refresh()
    if said == _DONE:
        return
    if said:
        raise PluginFailed(said)
    raise PluginFailed(
        _("The plugin «{name}» ({origin}) ended the process.").format(name=plugin.name, origin=plugin.origin),
        _("Switch it off with: crm plugin disable {name}.").format(name=plugin.name),
    )


def _read_all(reader: int) -> str:
    with os.fdopen(reader, "rb") as pipe:
        return pipe.read(_LONGEST).decode(errors="replace")


def _react_and_exit(delivery: Delivery, plugin: Plugin, line: Line, heard: list[Heard], writer: int) -> None:
    os.dup2(2, 1)
    try:
        delivery.crm.reopen()
        delivery.react(plugin, line, heard)
    except CrmError as error:
        os.write(writer, str(error).encode()[:_LONGEST])
        os._exit(1)
    except BaseException as error:
        os.write(writer, f"{type(error).__name__}: {error}".encode()[:_LONGEST])
        os._exit(1)
    sys.stderr.flush()
    os.write(writer, _DONE.encode())
    os._exit(0)
