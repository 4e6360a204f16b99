"""Sixty hostile texts in every field of every noun; every page is then shown, and no script of theirs runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from crm.entrance import open_workspace
from crm.errors import CrmError
from crm.initialise import initialise
from crm.model.field_lists import ManyOf
from crm.model.field_parts import Items, Parts
from crm.model.fields import Choice, LongText, Text
from crm.sales.secrets import set_password
from tests.console.client import PASSWORD, Client
from tests.console.conftest import is_news
from tests.console.payloads import PAYLOADS
from tests.console.serving import base_of, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

    from crm.sales.noun import Noun
    from crm.workspace import Workspace

pytestmark = pytest.mark.browser
NOUNS = ("company", "contact", "lead", "deal", "activity", "product", "segment", "view", "quote", "invoice")
NEEDED: dict[str, dict[str, object]] = {
    "activity": {"kind": "task", "about": "deal/1"},
    "segment": {"query": "id > 0"},
    "view": {"place": "deals", "words": "sort=amount"},
    "quote": {"deal": "deal/1", "items": ["x*1@10"]},
    "invoice": {"deal": "deal/1", "items": ["x*1@10"]},
}


class Served(NamedTuple):
    """A console over the hostile workspace: its address, a session's cookie, the ids of each noun."""

    base: str
    cookie: str
    ids: dict[str, list[int]]


def texts(noun: Noun, payload: str) -> dict[str, Any]:
    """Return the payload for every field that takes text."""
    values: dict[str, Any] = {}
    for name, field in noun.fields.items():
        if field.fixed or name == "owner":
            continue
        if isinstance(field, Items):
            values[name] = [{"name": payload, "qty": "1", "price": "10", "unit": payload}]
        elif isinstance(field, Parts):
            values[name] = dict.fromkeys(field.parts, payload)
        elif isinstance(field, ManyOf):
            values[name] = [payload]
        elif isinstance(field, Text | LongText | Choice):
            values[name] = payload
    return values


def put(crm: Workspace, kind: str, payload: str) -> int:
    """Add a record with the payload wherever the noun takes it; return its id."""
    noun, records = crm.nouns[kind], crm.collection(kind)
    given = texts(noun, payload)
    naming = noun.entity.naming
    needed: dict[str, Any] = NEEDED.get(kind, {})
    first = {naming: payload} if naming in noun.fields and not noun.fields[naming].fixed else {}
    made: int = records.add(**{**first, **needed}).id
    for name, value in given.items():
        if name in needed:
            continue
        try:
            records.set(made, **{name: value})
        except (CrmError, TypeError, ValueError, AttributeError, KeyError):
            continue  # a field that reads its words refuses these
    return made


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a workspace whose every field holds hostile texts."""
    root = initialise(tmp_path_factory.mktemp("hostile") / "shop", "en", "RUB", PAYLOADS[0], "olga")
    ids: dict[str, list[int]] = {}
    with open_workspace(root, actor="olga") as crm:
        crm.deals.add(title="first")
        set_password(crm, "olga", PASSWORD)
        for payload in PAYLOADS:
            for kind in NOUNS:
                ids.setdefault(kind, []).append(put(crm, kind, payload))
    with served(root) as link:
        yield Served(base_of(link), Client(base_of(link)).sign_in("olga").cookie, ids)


@pytest.fixture
def shown(browser: Browser, hostile: Served) -> Iterator[tuple[Page, list[str]]]:
    """Yield a page of who is signed in, and what pages said: a dialog, an error, a refusal of the policy."""
    said: list[str] = []

    def refuse(dialog: Dialog) -> None:
        said.append(f"dialog on {page.url}")
        dialog.dismiss()

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("dialog", refuse)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("console", lambda line: said.append(f"{page.url}: {line.text}") if is_news(line.text) else None)
    name, _equals, value = hostile.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
    yield page, said
    context.close()


def test_no_hostile_text_runs_anywhere(shown: tuple[Page, list[str]], hostile: Served) -> None:
    page, said = shown
    base, _cookie, ids = hostile
    assert len(PAYLOADS) == 60
    paths = [
        "/my",
        "/board/deal/sales?show=200",
        "/board/lead?show=200",
        "/reports/sales?by=source",
        "/settings/account",
    ]
    paths += [f"/{kind}/{one}" for kind in NOUNS for one in ids[kind]]
    paths += [f"/deal/{one}/edit" for one in ids["deal"][::5]] + [f"/lead/{one}/convert" for one in ids["lead"][::5]]
    paths += ["/deals", "/companies", "/contacts", "/leads", "/activities", "/products", "/invoices", "/quotes"]
    paths += ["/segments", "/views", "/find?text=alert", "/deal/1/move", "/deals?sort=title&columns=source,comment"]
    for path in paths:
        page.goto(base + path)
        assert (
            page.evaluate("document.querySelectorAll('main script, main iframe, main object, main embed').length") == 0
        )
        assert not said, said[:3]
    for path in ("/settings/signins", f"/{_imported(hostile)}", "/board/deal/sales?where=title+~+%22%3Cscript%22"):
        page.goto(base + path)
        assert not page.locator("main script, main iframe").count()
        assert not said, said[:3]
    page.goto(f"{base}/deals")
    for box in ("#search", "#accept"):
        page.fill(box, "alert")
        page.wait_for_selector(f"{box}-choices [role=option]")
    assert not said, said[:3]


def _imported(hostile: Served) -> str:
    """Bring a file of hostile headers and cells, and a stranger with a hostile name; return the page of its columns."""
    client = Client(hostile.base)
    for payload in PAYLOADS[:5]:
        client.post("/signin", {"login": payload, "password": "x"}, User_Agent="<script>alert(1)</script>")
    client.cookie = hostile.cookie
    rows = "\n".join(
        ["\t".join(PAYLOADS[:9]), *("\t".join([one.replace("\t", " ")] * 9) for one in PAYLOADS if "\n" not in one)]
    )
    return client.post("/import", {"noun": "deal", "pasted": rows}).location.lstrip("/")


def test_data_of_hostile_texts_is_data(hostile: Served) -> None:
    client = Client(hostile.base)
    client.cookie = hostile.cookie
    reply = client.get(f"/deal/{hostile.ids['deal'][0]}.json")
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.data["record"]["title"] == PAYLOADS[0]
