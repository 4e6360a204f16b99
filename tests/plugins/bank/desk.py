"""What the tests of movements ask of a workspace: statements taken in, how invoices stand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm.plugins.bank.importing import Imported
    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.bank.movements import BankMovements
    from crm.plugins.invoices.invoice import Invoice
    from crm.workspace import Workspace

ROMASHKA = "7800000027"


def status(shop: Workspace, invoice: Invoice) -> tuple[str, Decimal]:
    found: Any = shop.collection("invoice").get(invoice.id)
    return found.status, found.balance.amount


def by_number(imported: Imported) -> dict[str, BankMovement]:
    return {movement.number: movement for movement in imported.fresh}


def take(movements: BankMovements, *files: bytes) -> Imported:
    return movements.take_in({f"{number}.txt": data for number, data in enumerate(files, 1)})
