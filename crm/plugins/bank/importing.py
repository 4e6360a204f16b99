"""Statements taken in as one change set: what is new is kept and matched, what was kept before stays as it is."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue
from crm.model.money import Money
from crm.plugins.bank.movement import IN, SUGGESTED
from crm.plugins.bank.own_companies import OwnCompanies
from crm.plugins.bank.parties import Party
from crm.plugins.bank.statement import Movement, Statement, read_statement
from crm.plugins.bank.taking import Taking, currency_of
from crm.plugins.bank.totals import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.fields import Doc
    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.bank.movements import BankMovements
    from crm.store.draft import Draft


class Imported(NamedTuple):
    """What statements brought: movements seen for the first time, how many were known, and what looked wrong."""

    fresh: list[BankMovement]
    known: int
    warnings: tuple[str, ...]


def take_in(movements: BankMovements, files: Mapping[str, bytes]) -> Imported:
    """Take statements in, all or nothing; raises InvalidValue, naming the file, when one is not of the format."""
    crm = movements.crm
    accounts = OwnCompanies(crm.settings).accounts
    statements = {name: _read(name, data, accounts) for name, data in files.items()}
    with crm.writing("bank import") as draft:
        crm.guard.check("create", movements.noun.name, None)
        fresh = _fresh(movements, statements)
        kept = _Keeping(movements, draft).keep(statements, fresh) if any(fresh.values()) else []
    known = sum(len(one.movements) for one in statements.values()) - len(kept)
    many = len(statements) > 1
    warnings = tuple(f"{name}: {text}" if many else text for name, one in statements.items() for text in one.warnings)
    return Imported(kept, known, warnings)


def _read(name: str, data: bytes, accounts: Mapping[str, str]) -> Statement:
    try:
        return read_statement(data, accounts)
    except InvalidValue as error:
        raise InvalidValue(f"{name}: {error.message}", error.remedy) from error


def _fresh(movements: BankMovements, statements: Mapping[str, Statement]) -> dict[str, list[Movement]]:
    """Return the movements of each file that are neither kept nor in a file before it."""
    seen: set[str] = set()
    fresh: dict[str, list[Movement]] = {}
    for name, statement in statements.items():
        new = [one for one in statement.movements if one.key not in seen and not movements.is_kept(one.key)]
        seen.update(one.key for one in new)
        fresh[name] = new
    return fresh


class _Keeping:
    """Writes what is new of several files."""

    def __init__(self, movements: BankMovements, draft: Draft) -> None:
        self.movements = movements
        self.draft = draft
        self.taking = Taking(movements.crm)
        self.home = movements.crm.settings.currency

    def keep(self, statements: Mapping[str, Statement], fresh: Mapping[str, list[Movement]]) -> list[BankMovement]:
        """Keep the movements, each with the statement it came with, and pay what is beyond doubt."""
        told = self._told([one for new in fresh.values() for one in new])
        kept = []
        for name, statement in statements.items():
            sheets = self._sheets(name, statement, fresh[name])
            for one in fresh[name]:
                came_with = sheets.get(one.account) or next(iter(sheets.values()))
                doc = {**self._doc(one), **told[one.key], "statement": came_with}
                kept.append(self.movements.keep(self.draft, doc))
        return kept

    def _told(self, movements: list[Movement]) -> dict[str, Doc]:
        """Match all; what was suggested for an invoice that a later movement paid is looked at again."""
        told = {one.key: self.taking.take(one) for one in movements}
        for one in movements:
            suggested = one.direction == IN and told[one.key]["status"] == SUGGESTED
            if suggested and not self.taking.are_open(one, told[one.key]["invoices"]):
                told[one.key] = self.taking.take(one)
        return told

    def _sheets(self, name: str, statement: Statement, fresh: list[Movement]) -> dict[str, str]:
        """Keep the statement of each account that brought something new; return their references by the account."""
        count = Counter(one.account for one in fresh)
        own = {one.account: self.taking.own.of(one) for one in fresh}
        sheets = [one for one in statement.sheets if one.account in count]
        if fresh and not sheets:
            sheets = [Sheet(fresh[0].account)]
        records: Any = self.movements.crm.collection("bank_statement")
        told = {"file": name.replace("\\", "/").rpartition("/")[2], "warnings": "\n".join(statement.warnings)}
        return {
            one.account: records.note(self.draft, one, {**told, "own": own[one.account], "fresh": count[one.account]})
            for one in sheets
        }

    def _doc(self, movement: Movement) -> Doc:
        return {
            "date": movement.date.isoformat(),
            "direction": movement.direction,
            "amount": Money(movement.amount, currency_of(movement.account, self.home)).to_json(),
            "payer": movement.payer.name,
            "payer_inn": movement.payer.inn,
            "payer_account": movement.payer.account,
            "payee": movement.payee.name,
            "payee_inn": movement.payee.inn,
            "own": self.taking.own.of(movement),
            "account": movement.account,
            "number": movement.number,
            "purpose": movement.purpose,
            "doubtful": None if movement.certain else True,
            "key": movement.key,
        }


def as_read(record: BankMovement) -> Movement:
    """Return a movement that is kept as the reader of statements gave it, as far as matching looks at it."""
    facts: Any = record
    return Movement(
        direction=facts.direction,
        date=facts.date,
        amount=Decimal(record.doc["amount"]["amount"]),
        number=record.number,
        payer=Party(record.payer, record.payer_inn, account=record.payer_account),
        payee=Party(record.payee, record.payee_inn),
        purpose=record.purpose,
        kind="",
        key=record.key,
        certain=not record.doubtful,
        line=0,
        account=record.account,
    )
