"""The verbs of bank movements: a statement taken in, a movement applied by hand or left aside."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.model.money import Money
from crm.plugins.bank.movement import APPLIED, IGNORED, IN, MANUAL, SUGGESTED, BankMovement
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm.model.fields import Doc
    from crm.plugins.bank.matching import Match
    from crm.plugins.bank.statement import Movement, Statement
    from crm.plugins.bank.waiting import Waiting
    from crm.store.draft import Draft

_CURRENCIES = {"810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "156": "CNY", "398": "KZT", "933": "BYN"}
"""Currencies by the 6th to 8th digit of an account (Положение Банка России № 809-П)."""


class Imported(NamedTuple):
    """What a statement brought: movements seen for the first time, how many were known, and what looked wrong."""

    fresh: list[BankMovement]
    known: int
    warnings: tuple[str, ...]


class BankMovements(Collection[BankMovement]):
    """All movements."""

    def add(self, **values: object) -> BankMovement:
        """Refuse: movements come from statements alone."""
        raise Refused(
            _("Bank movements are not added by hand."),
            _("Import a statement: crm bank import FILE. A payment by hand: crm invoice pay."),
        )

    def fixed_remedy(self, name: str) -> str:
        """Return how a movement is applied."""
        return _("The bank wrote it; apply it with: crm bank match ID INVOICE.")

    # --- a statement -------------------------------------------------------------------------------------------------

    def take_in(self, files: Mapping[str, bytes]) -> Imported:
        """Keep the movements of statements (1CClientBankExchange) and pay the invoices beyond doubt, all or nothing.

        `files` have names, for messages. What was kept before stays as it is. Raises InvalidValue, naming the file,
        when one is not of this format.
        """
        from crm.plugins.bank.waiting import Waiting

        statements = [self._read(name, data) for name, data in files.items()]
        movements = [movement for statement in statements for movement in statement.movements]
        with self.crm.writing("bank import") as draft:
            self.crm.guard.check("create", self.noun.name, None)
            fresh = {one.key: one for one in movements if not self._is_kept(one.key)}
            waiting = Waiting(self.crm)
            records = [self._take(draft, movement, waiting) for movement in fresh.values()]
        warnings = tuple(sentence for statement in statements for sentence in statement.warnings)
        return Imported(records, len(movements) - len(records), warnings)

    def _read(self, name: str, data: bytes) -> Statement:
        from crm.plugins.bank.statement import read_statement

        try:
            return read_statement(data, list(filter(None, [self.crm.settings.company.bank.account])))
        except InvalidValue as error:
            raise InvalidValue(f"{name}: {error.message}", error.remedy) from error

    def _is_kept(self, key: str) -> bool:
        """Tell whether a movement is among the records, whoever may read it, the deleted ones too."""
        return bool(list(self.crm.store.index.lookup(self.noun.name, "key", key)))

    def _take(self, draft: Draft, movement: Movement, waiting: Waiting) -> BankMovement:
        from crm.plugins.bank.matching import find_invoices

        currency = self.currency_of(movement.account)
        match = find_invoices(movement, waiting.of(currency), waiting.others)
        payments = [
            self._pay(movement.key, place, ref, Money(amount, currency), _facts(movement))
            for place, (ref, amount) in enumerate(match.applied, start=1)
        ]
        for ref, _amount in match.applied:
            waiting.note(ref)
        return self._create(draft, self._doc(movement, match, payments, currency))

    def currency_of(self, account: str) -> str:
        """Return the currency of an account, that of the workspace where the number does not tell."""
        home = self.crm.settings.currency
        return _CURRENCIES.get(account[5:8], home) if len(account) == 20 else home

    def _doc(self, movement: Movement, match: Match, payments: list[str], currency: str) -> Doc:
        refs = [ref for ref, _amount in match.applied] or list(match.suggested)
        applied = sum((amount for _ref, amount in match.applied), Decimal(0))
        left = movement.amount - applied if movement.direction == IN else Decimal(0)
        doc = {
            "date": movement.date.isoformat(),
            "direction": movement.direction,
            "amount": Money(movement.amount, currency).to_json(),
            "payer": movement.payer.name,
            "payer_inn": movement.payer.inn,
            "payee": movement.payee.name,
            "account": movement.account,
            "number": movement.number,
            "purpose": movement.purpose,
            "status": _status(movement, match),
            "invoices": refs,
            "payments": payments,
            "left": Money(left, currency).to_json() if left else None,
            "why": match.why,
            "key": movement.key,
        }
        return {name: value for name, value in doc.items() if value not in ("", [], None)}

    def _pay(self, key: str, place: int, invoice: str, amount: Money, facts: Doc) -> str:
        """Pay an invoice and return the payment's reference; `place` tells the payments of one movement apart."""
        payments = self.crm.collection("invoice").pay(  # type: ignore[attr-defined]
            invoice, amount, source="bank", key=f"{key}:{place}", **facts
        )
        return str(payments.ref)

    # --- by hand -----------------------------------------------------------------------------------------------------

    def unmatched(self) -> Iterable[BankMovement]:
        """Yield the movements that wait for a person, oldest first."""
        from tinydb.queries import where

        return self.find(where("status").one_of([SUGGESTED, MANUAL]), sort="date")

    def match(self, key: int | str, invoice: int | str, amount: object = None) -> BankMovement:
        """Pay an invoice with what is left of a movement, or with `amount` of it; raise Refused when none is left."""
        record_id = self.id_of(key)
        with self.crm.writing("bank match") as draft:
            movement = self.record(self.editable(record_id))
            paid = self.crm.collection("invoice").get(invoice)
            part = self._part(movement, paid.balance, amount)
            place = len(movement.payments) + 1
            facts = {"date": movement.date, "reference": movement.number, "purpose": movement.purpose}
            payment = self._pay(movement.key, place, paid.ref, part, facts)
            before = movement.invoices if movement.status == APPLIED else ()
            left = self._left(movement) - part
            fields = {
                "status": APPLIED,
                "invoices": list(dict.fromkeys([*before, paid.ref])),
                "payments": [*movement.payments, payment],
                "left": left.to_json() if left.amount else None,
                "why": _("Applied by hand: {actor}.").format(actor=self.crm.actor),
            }
            draft.update(self.noun.name, record_id, fields)
            return self.record(self.doc(record_id))

    def _left(self, movement: BankMovement) -> Money:
        """Return what no living payment took of a movement."""
        left: Money = movement.amount  # type: ignore[assignment]
        for ref in movement.payments:
            payment = self.crm.doc("payment", int(ref.partition("/")[2])) or {"deleted": ""}
            if "deleted" not in payment:
                left -= Money.from_json(payment["amount"])
        return left

    def _part(self, movement: BankMovement, balance: Money | None, amount: object) -> Money:
        """Return how much of a movement goes to an invoice with this balance."""
        left = self._left(movement)
        if movement.direction != IN or not left.amount:
            raise Refused(
                _("Nothing is left of {ref} to pay with.").format(ref=movement.ref),
                _("See what waits: crm bank match."),
            )
        if balance is None or balance.currency != left.currency:
            raise InvalidValue(
                _("The invoice is not in {currency}, as the account is.").format(currency=left.currency),
                _("Enter the payment by hand: crm invoice pay."),
            )
        if amount not in (None, ""):
            part = Money.from_json(self.noun.fields["amount"].parse(amount, self.crm.customs))
        else:
            part = min(left, balance, key=lambda money: money.amount)
        if part.currency != left.currency or not 0 < part.amount <= left.amount:
            raise InvalidValue(
                _("{amount} cannot be taken of {ref}: {left} is left.").format(
                    amount=part, ref=movement.ref, left=left
                ),
                _("Name the amount with --amount."),
            )
        return part

    def ignore(self, key: int | str) -> BankMovement:
        """Leave a movement aside: it pays no invoice (a refund, a loan, our own money)."""
        record_id = self.id_of(key)
        with self.crm.writing("bank ignore") as draft:
            movement = self.record(self.editable(record_id))
            if self._left(movement) != movement.amount:
                raise Refused(
                    _("{ref} has paid an invoice.").format(ref=movement.ref),
                    _("Delete the payment first: crm payment delete ID."),
                )
            draft.update(self.noun.name, record_id, {"status": IGNORED, "invoices": None, "left": None})
            return self.record(self.doc(record_id))


def _facts(movement: Movement) -> Doc:
    return {"date": movement.date, "reference": movement.number, "purpose": movement.purpose}


def _status(movement: Movement, match: Match) -> str:
    if movement.direction != IN:
        return IGNORED
    return APPLIED if match.applied else SUGGESTED if match.suggested else MANUAL
