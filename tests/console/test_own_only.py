"""Who may see only his own sees nothing of others, whatever address he asks: pages, data, files, search, reports."""

from __future__ import annotations

import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.sales.secrets import set_password
from tests.console.client import PASSWORD, Client
from tests.console.serving import base_of, served

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "Sesame"
"""A word that stands in every record of somebody else, and nowhere else."""
EACH = 2
"""How many addresses of one kind are asked."""


def fill(root: Path) -> None:
    access = root / "config" / "access.yaml"
    before, mark, manager = access.read_text().partition("  manager:")
    access.write_text(before + mark + manager.replace("read: all", "read: own").replace("edit: all", "edit: own"))
    with open_workspace(root, actor="olga") as crm:
        crm.users.add(name="Ivan", login="ivan", role="manager")
        crm.users.add(name="Taras", login="taras", role="manager")
        set_password(crm, "ivan", PASSWORD)
        for owner, word in (("taras", SECRET), ("ivan", "Own")):
            company = crm.companies.add(name=f"{word} company", phones=["+7 812 309-12-34"], owner=owner)
            contact = crm.contacts.add(name=f"{word} person", emails=[f"{word}@example.ru"], owner=owner)
            deal = crm.deals.add(title=f"{word} deal", amount=700, company="company/1", contacts=["contact/1"])
            crm.deals.assign(deal.id, owner)
            crm.deals.set(deal.id, comment=f"{word} comment")
            crm.leads.add(name=f"{word} lead", phones=["8 926 111-22-33"], owner=owner)
            crm.activities.add(kind="call", subject=f"{word} call", about=deal.ref, due="today", owner=owner)
            quote_ = crm.collection("quote").add(deal=deal.ref, items=[f"{word} goods*1@10"], owner=owner)
            crm.collection("invoice").add(quote=quote_.ref, owner=owner)
            assert company.ref
            assert contact.ref
        crm.collection("view").add(name="For all", place="deals", shared=True, words="sort=-amount")
        won = crm.deals.add(title=f"{SECRET} won", amount=900, owner="taras")
        crm.deals.win(won.id)


@pytest.fixture(scope="module")
def ivan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    root = initialise(tmp_path_factory.mktemp("own") / "shop", "en", "RUB", "Shop", "olga")
    fill(root)
    with served(root) as link:
        yield Client(base_of(link)).sign_in("ivan")


def text_of(data: bytes) -> str:
    """Return what an answer says; of a spreadsheet what stands in its cells."""
    if not data.startswith(b"PK"):
        return unquote(data.decode("utf-8", "replace"))
    with zipfile.ZipFile(BytesIO(data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def around(path: str, text: str) -> Iterator[str]:
    """Yield the addresses that a page leads to, with their data and their files."""
    for found in re.findall(r'(?:href|data-[a-z]+)="(/[^"]*)"', text):
        way, _mark, words = unescape(found).partition("#")[0].partition("?")
        if way.startswith(("/static", "/signout", "/hooks", "/import")):
            continue
        for ending in ("", ".json", *((".csv", ".xlsx") if way.endswith("s") and way.count("/") == 1 else ())):
            yield way + (ending if way != "/" else "") + (f"?{words}" if words else "")


def kind_of(path: str) -> str:
    way, _mark, words = path.partition("?")
    return re.sub(r"\d+", "N", way) + "?" + ",".join(sorted(one.partition("=")[0] for one in words.split("&")))


def test_no_page_shows_what_is_not_ones_own(ivan: Client) -> None:
    waiting, seen, counts = deque(["/", "/deals", "/leads", "/settings"]), set[str](), Counter[str]()
    leaks = []
    while waiting:
        path = waiting.popleft()
        if path in seen or counts[kind_of(path)] >= EACH:
            continue
        seen.add(path)
        counts[kind_of(path)] += 1
        text = text_of(ivan.raw(quote(path, safe="%/?&=:;,~+@!$'()*")))
        if SECRET in text:
            leaks.append(path)
        waiting.extend(around(path, text))
    assert len(seen) > 200
    assert not leaks


@pytest.mark.parametrize(
    "path", ["/find?text=", "/palette?text=", "/suggest/contact?text=", "/suggest/company?text=", "/duplicates?text="]
)
def test_no_search_finds_what_is_not_ones_own(ivan: Client, path: str) -> None:
    part = SECRET[:4].lower()
    assert not re.search(rf"{SECRET} \w", ivan.get(f"{path}{part}").body)
    assert "Own" in ivan.get("/palette?text=own").body


def test_known_clients_of_others_are_not_told(ivan: Client) -> None:
    assert SECRET not in ivan.get(f"/known?text={quote('+7 812 309-12-34')}").body


@pytest.mark.parametrize("kind", ["lead", "contact", "company", "deal", "activity", "quote", "invoice"])
def test_no_address_of_a_record_of_another_answers(ivan: Client, kind: str) -> None:
    for ending in ("", ".json", "/edit", "/move", "/paper", "/paper.pdf", "/link", "/convert", "?as_of=2026-01-01"):
        reply = ivan.raw(f"/{kind}/1{ending}")
        assert SECRET not in text_of(reply), ending
    for verb, form in (("comment", {"text": "x"}), ("edit", {"owner": "ivan", "only": "owner"}), ("delete", {})):
        assert ivan.post(f"/{kind}/1/{verb}", form).status in (403, 404), verb


def test_a_view_for_everybody_is_read_and_not_changed(ivan: Client) -> None:
    assert "For all" in ivan.get("/deals").body
    assert ivan.get("/journal").status == 200
    assert ivan.post("/views/1/forget").status == 403
