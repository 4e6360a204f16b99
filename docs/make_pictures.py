"""Make the pictures of the documents: `python docs/make_pictures.py` runs the demo in a browser and takes them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

TODAY = date.today()
FOLDER = Path(__file__).parent / "pictures"
PAGES = {
    "board": "/board/deal/sales",
    "card": "/deal/30",
    "goods": "/deal/30/edit",
    "day": "/my",
    "report": f"/reports/sales?by=month&since={TODAY - timedelta(days=60)}&until={TODAY}&compare=yes",
    "invoices": "/invoices",
    "leads": "/board/lead",
}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    """Take every picture: wide and light, and the board once more on a phone in the dark."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for address in _console(Path(place) / "demo"):
            _take(browser, address)
        browser.close()


def _console(root: Path) -> Iterator[str]:
    """Yield the address of a console on the demo, and stop the console afterwards."""
    crm = [sys.executable, "-m", "crm"]
    subprocess.run([*crm, "--as", "olga", "init", str(root), "--demo", "--lang", "ru"], check=True)
    command = [*crm, "-w", str(root), "--as", "olga", "console", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield next(word for word in server.stdout.readline().split() if word.startswith("http"))
        server.terminate()


def _take(browser: Browser, address: str) -> None:
    wide = browser.new_context(viewport={"width": 1280, "height": 800}, locale="ru-RU")
    page = wide.new_page()
    page.goto(address)
    page.click("main button")
    page.wait_for_url(lambda url: "signin" not in url)
    base = address.partition("/signin")[0]
    _shoot(wide, base, PAGES, "")
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", storage_state=wide.storage_state(), locale="ru-RU"
    )
    _shoot(phone, base, {"board": PAGES["board"], "day": PAGES["day"]}, "-phone")


def _shoot(context: BrowserContext, base: str, pages: dict[str, str], suffix: str) -> None:
    page = context.new_page()
    for name, path in pages.items():
        page.goto(base + path)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / f"{name}{suffix}.png")


if __name__ == "__main__":
    main()
