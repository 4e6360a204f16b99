"""Bank statements: movements of money kept as records, invoices paid by them with the reason said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the movements of our accounts, and the statements they came with."""
    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.bank.movements import BankMovements
    from crm.plugins.bank.statements import BankStatement, BankStatements

    register(BankMovement, BankMovements)
    register(BankStatement, BankStatements)


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page where statements are taken in and movements sorted."""
    register("bank", "crm.plugins.bank.page:page", title=N_("Bank"), group="money", icon="bank")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the buttons of the page do."""
    register("bank", "crm.plugins.bank.deeds:sort_out")
    register("bank_statement", "crm.plugins.bank.deeds:take_statement")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Bring the count of what waits, and the buttons to the card of a movement."""
    register("bank", "crm.plugins.bank.panels:waiting", title=N_("Bank"), where="home")
    register("bank_sorting", "crm.plugins.bank.panels:sorting", title=N_("What it pays"), where="bank_movement")


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm bank`."""
    register("bank", "crm.plugins.bank.commands:bank", help=N_("Take in bank statements and match them with invoices"))
