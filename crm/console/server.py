"""The server: a port on this computer, the link that signs in, and requests until it is told to stop."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

from waitress import create_server

from crm.console import (
    accounts,
    acquaintance,
    bell,
    board,
    bulk,
    calendar,
    cards,
    care,
    checking,
    deeds,
    duplicate_pages,
    first_run,
    forgetting,
    forms,
    goods_lines,
    home,
    imports,
    journal,
    lists,
    palette,
    paper_deeds,
    parked,
    plugin_deeds,
    plugin_pages,
    report_pages,
    requests,
    settings_forms,
    settings_goals,
    settings_items,
    settings_pages,
    settings_tables,
    sharing,
    shelf,
    signing,
    views,
)
from crm.console.clock import Clock
from crm.console.front import Front
from crm.console.gate import Gate
from crm.console.machines import LARGEST_OF_ALL
from crm.console.office import Office
from crm.errors import OutsideFailed
from crm.locale import _

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"
FIRST_PORT, TRIES = 8765, 50
THREADS = 4
PAGES = (
    accounts,
    acquaintance,
    bell,
    board,
    bulk,
    calendar,
    cards,
    care,
    checking,
    deeds,
    duplicate_pages,
    first_run,
    forgetting,
    forms,
    goods_lines,
    home,
    imports,
    journal,
    lists,
    palette,
    paper_deeds,
    parked,
    plugin_deeds,
    plugin_pages,
    report_pages,
    requests,
    settings_forms,
    settings_goals,
    settings_items,
    settings_pages,
    settings_tables,
    sharing,
    shelf,
    signing,
    views,
)
"""The modules whose pages are in the register once they are imported."""


def take_port(port: int | None) -> socket.socket:
    """Return a socket that listens on `port`, or on the next free one when None; 0 is any that is free."""
    for number in [port] if port is not None else range(FIRST_PORT, FIRST_PORT + TRIES):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, number))
        except (OSError, OverflowError) as error:
            listener.close()
            if port is not None or getattr(error, "errno", 0) != errno.EADDRINUSE:
                raise _taken(number, error) from error
            continue
        listener.listen(128)
        return listener
    raise _taken(FIRST_PORT, OSError(errno.EADDRINUSE, ""))


def _taken(port: int, error: Exception) -> OutsideFailed:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return OutsideFailed(
        _("Port {port} cannot be used: {reason}.").format(port=port, reason=reason or error),
        _("Choose another one with --port, or leave it out."),
    )


class Console:
    """One running console over the workspace at `root`; `starter` is whoever runs it."""

    def __init__(self, root: Path, starter: str, *, port: int | None = None, language: str = "") -> None:
        self.socket = take_port(port)
        self.port: int = self.socket.getsockname()[1]
        self.front = Front(Office(root, language), starter, f"crm-{self.port}")
        self.app = Gate(self.front.app, self.front.refuse, self.port)
        self.starter = starter

    def link(self) -> str:
        """Return an address that signs the starter in, once."""
        return f"http://{HOST}:{self.port}/signin?token={self.front.sessions.make_link(self.starter)}"

    def serve(self) -> None:
        """Answer requests until the process is interrupted or asked to end."""
        server: Any = create_server(
            self.app,
            sockets=[self.socket],
            threads=THREADS,
            ident=None,
            max_request_body_size=LARGEST_OF_ALL,
            clear_untrusted_proxy_headers=True,
        )
        Clock(self.front.office).start()
        signal.signal(signal.SIGTERM, lambda *_given: sys.exit(0))
        server.run()


def run(root: Path, starter: str, *, port: int | None, browser: bool, language: str = "") -> None:
    """Run the console: print the link on one line, open the browser when there is one, and serve."""
    with Office(root, language).workspace(starter) as crm:  # what is wrong with the workspace is said here
        crm.deliver_pending()
        crm.close()
    console = Console(root, starter, port=port, language=language)
    link = console.link()
    print(link, flush=True)
    if browser and _has_screen():
        import webbrowser

        webbrowser.open(link)
    console.serve()


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
