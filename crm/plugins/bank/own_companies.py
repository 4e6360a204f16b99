"""Our companies as statements show them: by their accounts, else by their tax ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.plugins.bank.statement import Movement
    from crm.settings import Settings


class OwnCompanies:
    """The companies of `config/crm.yaml`; `accounts` are those of the settings, a company may have more."""

    def __init__(self, settings: Settings) -> None:
        companies = [("", settings.company), *((one.id, one) for one in settings.account.companies)]
        self.accounts = {"".join(one.bank.account.split()): own for own, one in companies if one.bank.account}
        self._by_inn = {one.inn: own for own, one in companies if one.inn}
        self._unknown = None if settings.account.companies else ""

    def of(self, movement: Movement) -> str | None:
        """Return the id of the company whose account a movement is on, empty for the main one, None if not known."""
        if movement.account in self.accounts:
            return self.accounts[movement.account]
        side = movement.payee if movement.incoming else movement.payer
        return self._by_inn.get(side.inn, self._unknown)
