"""What a page weighs with everything it needs, as a browser gets it: packed."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.console.client import Client

MOST = 150_000


def weight(client: Client, path: str) -> int:
    page = client.raw(path, Accept_Encoding="gzip")
    html = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    linked = set(re.findall(rb'(?:href|src)="(/static/[^"#]+)', html))
    return len(page) + sum(len(client.raw(one.decode(), Accept_Encoding="gzip")) for one in linked)


@pytest.mark.parametrize(
    "path", ["/my", "/board/deal/sales?show=1000", "/deals", "/deal/1", "/deal/1/edit", "/reports/sales"]
)
def test_a_page_weighs_little(olga: Client, path: str) -> None:
    assert 5_000 < weight(olga, path) < MOST


def test_a_board_of_two_hundred_cards_weighs_little(olga: Client) -> None:
    rows = "title,amount\n" + "".join(f"Deal number {number} of a long list,{number}\n" for number in range(200))
    address = olga.post("/import", {"noun": "deal", "pasted": rows}).location
    olga.post(address, {"noun": "deal", "column.0": "title", "column.1": "amount", "do": "take"})
    path = "/board/deal/sales?show=250&text=of+a+long"
    assert olga.raw(path).count(b'class="card"') == 200
    assert weight(olga, path) < MOST
