from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.sales.secrets import set_password
from tests.console.client import PASSWORD, Client
from tests.console.serving import base_of, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

PLUGIN = '''
"""Pages of a plugin, good and bad."""
from crm import hookimpl

def hello(crm, query):
    return {"title": "Hello <b>", "rows": [{"name": "<script>alert(1)</script>", "asked": query.get("who", "")}]}

def broken(crm, query):
    raise RuntimeError("<i>no</i>")

@hookimpl
def register_pages(register):
    register("hello", hello, title="Hello")
    register("broken", broken, title="Broken", menu=False)
    register("nonsense", lambda crm, query: 12, title="Nonsense", menu=False)

def report(crm, asked):
    from crm.model.report import Figure, Table
    columns = (Figure("title", "<b>Title</b>"), Figure("won", "Won", "count"), Figure("value", "Value", "money"))
    row = {"owner": "olga", "title": "<i>x</i>", "won": 2, "value": {"amount": "7.50", "currency": "RUB"}}
    return Table(columns, [row], {"won": 2}, ("a <note>",))

@hookimpl
def register_reports(register):
    register("hello", report, title="Hello <report>")

def panel(crm, record):
    if record is None:
        return {"text": "Good day <olga>"}
    return {"title": "Weather", "rows": [{"deal": record.ref, "is": "<u>wet</u>"}]}

def broken_panel(crm, record):
    raise RuntimeError("no panel")

@hookimpl
def register_panels(register):
    register("weather", panel, title="Weather", where="deal")
    register("greeting", panel, title="Greeting", where="home")
    register("broken", broken_panel, title="Broken", where="deal")
    register("ring", lambda crm, record: {"text": "Rings <for> " + crm.actor, "count": 3}, where="top")

def marked(crm, records):
    return [(one.ref, "Marked <by> a plugin", "good") for one in records if one.id == 2]

@hookimpl
def register_marks(register):
    register("marked", marked)
    register("broken", lambda crm, records: 12, noun="lead")

@hookimpl
def check_change(crm, change):
    from crm import Refused
    for one in change.changes:
        signed = (one.after or {}).get("stage") == "signing"
        if signed and "unsigned" in str(crm.doc("deal", int(one.ref.split("/")[1]))):
            raise Refused("No signature without a contract.", "Add one.")
'''
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "'-alert(3)-'",
    "javascript:alert(4)",
    "</textarea><svg onload=alert(5)>",
    "{{ 7*7 }}{% raise %}",
    "</title></style><script>alert(6)</script>",
    '" onmouseover="alert(7)" autofocus onfocus="alert(8)',
    "<a href=javascript:alert(9)>x</a>",
    "<!--<script>alert(10)//-->",
    "<iframe srcdoc='<script>alert(11)</script>'>",
    "&lt;script&gt;alert(12)&lt;/script&gt;",
)


class Running(NamedTuple):
    """A console that serves a workspace, and the link that it printed."""

    root: Path
    link: str
    base: str

    def crm(self, *words: str) -> str:
        """Run a command of the command line in the same workspace."""
        command = [sys.executable, "-m", "crm", "-w", str(self.root), "--as", "olga", *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


def fill(root: Path) -> None:
    (root / "config" / "plugins").mkdir()
    (root / "config" / "plugins" / "pages.py").write_text(PLUGIN)
    with open_workspace(root, actor="olga") as crm:
        crm.users.add(name="Иван Петров", login="ivan", role="manager")
        crm.users.add(name="Тарас", login="taras", role="manager")
        for login in ("olga", "ivan", "taras"):
            set_password(crm, login, PASSWORD)
        company = crm.companies.add(name="ООО «Ромашка»", inn="7800000027", phones=["+7 812 309-12-34"])
        contact = crm.contacts.add(name="Василий Громов", phones=["8 916 123-45-67"], companies=[company.ref])
        for number in range(8):
            crm.deals.add(
                title=f"Щебень {number}", amount=1000 * (number + 1), company=company.ref, contacts=[contact.ref]
            )
        crm.deals.add(title="Песок unsigned", amount=500)
        crm.activities.add(kind="call", subject="Перезвонить", about="deal/1", due="yesterday")
        crm.products.add(name="Доставка", sku="DLV", price=9405)
        crm.leads.add(name="Москва, Василий, щебень", phones=["8 926 111-22-33"], source="site")
        crm.collection("quote").add(deal="deal/1", items=["Доставка*1@10"])
        for payload in HOSTILE:
            fill_hostile(crm, payload)


def fill_hostile(crm: object, payload: str) -> None:
    from crm.workspace import Workspace

    assert isinstance(crm, Workspace)
    company = crm.companies.add(
        name=payload,
        legal_name=payload,
        comment=payload,
        addresses=[payload],
        phones=[payload],
        tax_ids={"inn": payload},
    )
    contact = crm.contacts.add(
        name=payload, position=payload, comment=payload, phones=[payload], companies=[company.ref]
    )
    deal = crm.deals.add(
        title=payload, pipeline="service", company=company.ref, contacts=[contact.ref], comment=payload, source=payload,
        amount=1,
    )  # fmt: skip
    crm.deals.set(deal.id, items=[{"name": payload, "qty": "1", "price": "10"}])
    crm.activities.add(kind="task", subject=payload, result=payload, about=deal.ref, due="tomorrow")
    logged = crm.activities.add(kind="call", subject=payload, about=deal.ref)
    crm.activities.done(logged.id, payload)
    crm.leads.add(
        name=payload, company_name=payload, contact_name=payload, comment=payload, phones=[payload], source=payload
    )
    crm.products.add(name=payload, sku=payload)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = initialise(tmp_path_factory.mktemp("console") / "shop", "en", "RUB", "Ромашка", "olga")
    fill(root)
    with served(root) as link:
        yield Running(root, link, base_of(link))


@pytest.fixture
def stranger(running: Running) -> Client:
    return Client(running.base)


@pytest.fixture(scope="session")
def cookies(running: Running) -> dict[str, str]:
    """Sign everybody in once: a password takes its time."""
    return {login: Client(running.base).sign_in(login).cookie for login in ("olga", "ivan")}


@pytest.fixture
def olga(running: Running, cookies: dict[str, str]) -> Client:
    client = Client(running.base)
    client.cookie = cookies["olga"]
    return client


@pytest.fixture
def ivan(running: Running, cookies: dict[str, str]) -> Client:
    client = Client(running.base)
    client.cookie = cookies["ivan"]
    return client


# --- a real browser -------------------------------------------------------------------------------------------------

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, running: Running, cookies: dict[str, str]) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser where Olga is signed in; whatever a page says on its console or asks is an error."""
    said: list[str] = []
    contexts = []

    def refuse(dialog: Dialog) -> None:
        said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def opened(path: str, **options: object) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", **options)  # type: ignore[arg-type]
        contexts.append(context)
        name, _equals, value = cookies["olga"].partition("=")
        context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
        page = context.new_page()
        page.on("dialog", refuse)
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("console", lambda line: said.append(line.text) if is_news(line.text) else None)
        page.goto(running.base + path)
        return page

    yield opened
    for context in contexts:
        keep_pictures(context.pages)
        context.close()
    assert not said


def is_news(text: str) -> bool:
    """Tell a complaint of the page from the browser's own note on an answer such as 403."""
    return "the server responded with a status of 4" not in text


def keep_pictures(pages: list[Page]) -> None:
    folder = os.environ.get("CRM_SCREENSHOTS")
    test = os.environ.get("PYTEST_CURRENT_TEST", "page").rpartition("::")[2].partition(" ")[0]
    for number, page in enumerate(pages if folder else []):
        page.screenshot(path=Path(str(folder)) / f"{test}-{number}.png")
