from __future__ import annotations

import base64
from decimal import Decimal
from pathlib import Path

import pytest

from crm.entrance import open_workspace
from crm.errors import NotFound, Refused
from crm.plugins.invoices.printing import paper_of
from crm.plugins.paper.qr import payment_text
from crm.settings_file import change_setting
from crm.workspace import Workspace
from tests.plugins.sales import ITEMS, client, invoices


def issued(crm: Workspace) -> str:
    return invoices(crm).issue(company=client(crm), items=ITEMS, date="2026-03-16", comment="Самовывоз").ref


def test_the_paper_has_all_that_an_accountant_looks_for(shop: Workspace) -> None:
    page = invoices(shop).html(issued(shop)).replace("\u00a0", " ")
    for text in (
        "Счет на оплату № 1 от 16 марта 2026 г.",
        "7700000016",
        "044525225",
        "ООО Ромашка",
        "7800000027",
        "В том числе НДС (22%):",
        "4 851,72",
        "Двадцать шесть тысяч девятьсот пять рублей 00 копеек",
        "Оплатить не позднее 21.03.2026",
        "Самовывоз",
        "Иванов И. И.",
    ):
        assert text in page


def test_a_banking_app_can_pay_by_its_code(shop: Workspace) -> None:
    paper = paper_of(shop, invoices(shop).get(issued(shop)))
    text = payment_text(paper) or ""
    assert "|Sum=2690500|Purpose=Оплата по счету № 1 от 16.03.2026. В том числе НДС (22%) 4851-72" in text
    assert paper.qr is not None
    assert paper.qr.startswith("<svg")
    assert paper.vat_by_rate == (("22", Decimal("4851.72")),)


def test_vat_of_each_rate_and_vat_on_top(shop: Workspace) -> None:
    client(shop)
    invoices(shop).issue(company=1, items=["A*1@100%22", "Б*1@100%10"], vat_included=False)
    page = invoices(shop).html(1).replace("\u00a0", " ")
    assert all(text in page for text in ("НДС (22%):", "НДС (10%):", "232,00"))


def test_a_printed_invoice_never_changes(shop: Workspace) -> None:
    ref = issued(shop)
    before = invoices(shop).pdf(ref)
    shop.companies.set(1, name="ООО Лютик")
    invoices(shop).pay(ref, 100)
    change_setting(shop.root / "config" / "crm.yaml", ("company", "bank", "account"), "40702810400000000011")
    with open_workspace(shop.root, actor="olga") as later:
        assert invoices(later).pdf(ref) == before


def test_a_draft_is_not_printed(shop: Workspace) -> None:
    invoices(shop).add(company=client(shop), items=ITEMS)
    with pytest.raises(Refused, match="no number"):
        invoices(shop).pdf(1)


def test_a_facsimile_is_printed(shop_folder: Path) -> None:
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    (shop_folder / "config" / "stamp.png").write_bytes(picture)
    change_setting(shop_folder / "config" / "invoices.yaml", ("stamp",), "stamp.png")
    with open_workspace(shop_folder, actor="olga") as crm:
        assert "data:image/png;base64,iVBORw0KGgo" in invoices(crm).html(issued(crm))


@pytest.mark.parametrize("file", ["none.png", "../secret.png", "crm.yaml"])
def test_a_facsimile_comes_from_pictures_of_config_alone(shop_folder: Path, file: str) -> None:
    (shop_folder / "secret.png").write_bytes(b"secret")
    change_setting(shop_folder / "config" / "invoices.yaml", ("stamp",), file)
    with open_workspace(shop_folder, actor="olga") as crm, pytest.raises(NotFound):
        invoices(crm).html(issued(crm))
