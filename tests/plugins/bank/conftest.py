from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.plugins.bank.desk import ROMASHKA

if TYPE_CHECKING:
    from crm.plugins.bank.movements import BankMovements
    from crm.plugins.invoices.invoice import Invoice
    from crm.workspace import Workspace

SAMPLES = Path(__file__).parents[3] / ".." / "shared" / "samples" / "bank"


@pytest.fixture
def samples() -> Path:
    if not SAMPLES.is_dir():
        pytest.skip("the sample statements are not here")
    return SAMPLES


@pytest.fixture
def movements(shop: Workspace) -> BankMovements:
    return shop.collection("bank_movement")  # type: ignore[return-value]


@pytest.fixture
def issue(shop: Workspace) -> Any:
    """Issue an invoice of one line to a client of an INN."""

    def make(amount: str, inn: str = ROMASHKA, **more: Any) -> Invoice:
        clients = shop.companies.having("tax_ids", inn)
        client = clients[0] if clients else shop.companies.add(name=f"ООО {inn}", inn=inn)
        invoices: Any = shop.collection("invoice")
        made: Invoice = invoices.issue(company=client.ref, items=[f"Насос*1@{amount}"], **more)
        return made

    return make
