"""The page of the lights: counted by colour, named for people, each light explained."""

from __future__ import annotations

import pytest

from crm.errors import InvalidValue
from crm.plugins.control.page import page
from crm.plugins.control.variants import VARIANTS
from crm.workspace import Workspace


@pytest.fixture
def shop(shop: Workspace) -> Workspace:
    """Two clients of Ivan's: Ромашка has a deal that nobody works on, Лютик has none."""
    shop.users.add(name="Иван Серов", login="ivan", role="manager")
    for name in ("Ромашка", "Лютик <b>"):
        shop.companies.add(name=name, owner="ivan")
    shop.deals.add(title="Щебень", company="company/1", owner="ivan")
    return shop


def test_lights_are_counted_and_named_for_people(shop: Workspace) -> None:
    made = page(shop, {})
    assert made["counts"] == {"red": 1, "yellow": 1, "green": 0}
    html = str(made["html"])
    assert 'class="tag bad">red' in html
    assert "Иван Серов" in html
    assert "Лютик &lt;b&gt;" in html
    assert "/p/control?explain=company%2F2" in html


def test_a_colour_narrows_the_rows(shop: Workspace) -> None:
    made = page(shop, {"color": "yellow"})
    assert [row["ref"] for row in made["lights"]] == ["company/1"]
    assert made["counts"]["red"] == 1, "the others stay counted"


def test_rows_come_in_pages_of_a_hundred(shop: Workspace) -> None:
    with shop.transaction("more"):
        for number in range(200):
            shop.companies.add(name=f"Клиент {number}", owner="ivan")
    first, last = (str(page(shop, {"page": number, "variant": "light"})["html"]) for number in ("1", "3"))
    assert first.count("explain=") == 100
    assert "1-100 of 202" in first
    assert 'rel="next" href="/p/control?page=2&amp;variant=light"' in first
    assert 'rel="prev"' not in first
    assert last.count("explain=") == 2
    assert 'rel="next"' not in last
    assert str(page(shop, {"page": "9999999"})["html"]).count("explain=") == 2


def test_a_light_is_explained_with_its_records(shop: Workspace) -> None:
    made = page(shop, {"explain": "deal/1"})
    assert made["light"] == "red"
    assert {one["rule"]: one["color"] for one in made["findings"]}["next_activity"] == "red"
    assert "Щебень" in made["html"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_is_drawn(shop: Workspace, variant: str) -> None:
    shop.activities.add(kind="call", subject="Поговорили", about="deal/1", owner="ivan", done=True, outcome="success")
    assert "<table" in page(shop, {"variant": variant})["html"]
    with pytest.raises(InvalidValue):
        page(shop, {"variant": variant + "x"})
