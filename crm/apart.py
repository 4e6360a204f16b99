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
SECONDS = 60
"""How long a reaction may take before it is ended: nobody waits for a plugin for ever."""
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
    said = _heard_in_time(reader, child, plugin)
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


def _heard_in_time(reader: int, child: int, plugin: Plugin) -> str:
    """Return what the child says, all at once, before it ends; one that takes too long is ended."""
    import select
    import signal

    with os.fdopen(reader, "rb", buffering=0) as pipe:
        ready, _w, _x = select.select([pipe], [], [], SECONDS)
        if ready:
            return pipe.read(_LONGEST).decode(errors="replace")
    os.kill(child, signal.SIGKILL)
    return _("The plugin «{name}» took longer than {n} seconds and was ended.").format(name=plugin.name, n=SECONDS)


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
