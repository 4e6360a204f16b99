from __future__ import annotations

import pytest

from crm.entrance import open_workspace
from crm.errors import CrmError, InvalidValue
from crm.plugins.quotes.template import FIELDS, QuoteTemplate, ours
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, client, deal, quotes

TEXT = """[letterhead]

# КП для {client}

{name}, посмотрите **наше** предложение <b>.

- раз
- два {number}

{custom_delivery}

[goods]
"""


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_our_templates_hold_together(lang: str) -> None:
    assert QuoteTemplate.from_plain(ours(lang).text) == ours(lang)
    assert "goods" in [block.kind for block in ours(lang).blocks(dict.fromkeys(FIELDS, "x"))]


def test_pieces_become_blocks_and_empty_ones_go() -> None:
    blocks = QuoteTemplate.from_plain(TEXT).blocks({"client": "ООО А", "number": "7"})
    assert [(block.kind, block.text) for block in blocks] == [
        ("letterhead", ""), ("heading", "КП для ООО А"), ("list", "раз\nдва 7"), ("goods", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["{nobody}", "[nothing]", "{% if x %}", "[picture]", "[goods now]", "{client.name}"])
def test_what_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        QuoteTemplate.from_plain(text)


def test_what_a_field_holds_is_not_read_again() -> None:
    blocks = QuoteTemplate.from_plain("{client}").blocks({"client": "{total} [goods] <script>"})
    assert blocks == (("text", "{total} [goods] <script>"),)


def test_a_workspace_writes_its_own_and_names_others(shop: Workspace) -> None:
    deal(shop)
    file = shop.root / "config" / "quotes.yaml"
    change_setting(file, ("template",), TEXT)
    change_setting(file, ("templates",), {"short": "# Кратко {number}\n\n[goods]"})
    change_setting(file, ("color",), "#a02040")
    with open_workspace(shop.root, actor="olga") as crm:
        quotes(crm).add(deal=1, items=ITEMS)
        quotes(crm).add(deal=1, items=ITEMS, template="short")
        page, short = quotes(crm).html(1), quotes(crm).html(2)
        assert "<b>наше</b> предложение &lt;b&gt;" in page
        assert "--accent: #a02040" in page
        assert "Кратко" in short
        assert "letterhead" not in short.partition("</style>")[2]
        with pytest.raises(InvalidValue, match="short"):
            quotes(crm).add(deal=1, items=ITEMS, template="long")


def test_a_wrong_template_of_the_settings_names_its_place(shop: Workspace) -> None:
    client(shop)
    change_setting(shop.root / "config" / "quotes.yaml", ("template",), "Здравствуйте, {nmae}!")
    with open_workspace(shop.root, actor="olga") as crm, pytest.raises(CrmError, match="nmae"):
        quotes(crm).html(quotes(crm).add(company=1, items=ITEMS).id)
