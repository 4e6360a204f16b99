"""The board's first paint in Chromium: served by the console, and the same HTML, style and scripts as static files."""

from __future__ import annotations

import contextlib
import gzip
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.company import BOSS, grown
from benchmarks.screens import MANY
from benchmarks.served import Console
from benchmarks.table import Row
from crm.console.server import THREADS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BOARD = "/board/deal/sales?show=40"
BROWSER = "/usr/bin/chromium"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]"


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Measure the first paint of the board of two hundred cards, by turns; nothing where there is no Chromium."""
    if not Path(BROWSER).exists():
        return
    from playwright.sync_api import sync_playwright

    root = grown(folder)
    with tempfile.TemporaryDirectory(dir=folder) as place, sync_playwright() as played:
        save(Console(root, BOSS), BOARD, Path(place))
        browser = played.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        with _console(root) as link, _files(Path(place)) as static:
            cookies = _cookies(browser, link)
            ours = f"{link.partition('/signin')[0]}{BOARD}"
            for _thread in range(2 * THREADS):  # each of the server's opens the workspace first
                _paint(browser, ours, cookies)
            _paint(browser, static, [])
            pairs = [(_paint(browser, ours, cookies), _paint(browser, static, [])) for _round in range(rounds)]
        browser.close()
    ratio = median(mine / its for mine, its in pairs)
    yield Row("first paint of the board in Chromium", "the same page as static files", MANY, ratio, 2)


def save(console: Console, address: str, folder: Path) -> None:
    """Write a page with its styles and scripts into a folder, as they are sent."""
    page = gzip.decompress(console.get(address))
    (folder / "index.html").write_bytes(page)
    for one in set(re.findall(rb'(?:href|src)="(/static/[^"#]+)', page)):
        data, path = console.get(one.decode()), folder / one.decode().lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)


def _cookies(browser: Browser, link: str) -> list[Any]:
    """Sign in and return the cookies."""
    with contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(link)
        if page.locator("button.primary").count() and "/signin" in page.url:
            page.click("button.primary")
        return context.cookies()


def _paint(browser: Browser, address: str, cookies: list[Any]) -> float:
    """Return the milliseconds until a browser that holds nothing yet paints the first of a page."""
    with contextlib.closing(browser.new_context()) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(address)
        page.wait_for_function(PAINT)
        return float(page.evaluate(f"{PAINT}.startTime"))


@contextlib.contextmanager
def _console(root: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "crm", "-w", str(root), "--as", BOSS, "console", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def _files(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/index.html"
    finally:
        server.shutdown()
        server.server_close()
