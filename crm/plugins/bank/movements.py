"""The verbs of bank movements: a statement taken in, a movement matched, confirmed, rejected, left aside by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.model.money import Money
from crm.plugins.bank.movement import APPLIED, IGNORED, IN, INTERNAL, MANUAL, PARTLY, SUGGESTED, WAITING, BankMovement
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crm.model.fields import Doc
    from crm.plugins.bank.importing import Imported
    from crm.plugins.invoices.invoice import Invoice
    from crm.store.draft import Draft


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
        from crm.plugins.bank.importing import take_in

        return take_in(self, files)

    def is_kept(self, key: str) -> bool:
        """Tell whether a movement is among the records, whoever may read it, the deleted ones too."""
        return bool(list(self.crm.store.index.lookup(self.noun.name, "key", key)))

    def keep(self, draft: Draft, doc: Doc) -> BankMovement:
        """Keep a movement that a statement brought."""
        return self._create(draft, {name: value for name, value in doc.items() if value not in ("", [], None)})

    # --- what waits --------------------------------------------------------------------------------------------------

    def unmatched(self) -> Iterator[BankMovement]:
        """Yield the movements that wait for a person, oldest first; then those whose payment was deleted since."""
        from tinydb.queries import where

        yield from self.find(where("status").one_of(list(WAITING)), sort="date")
        payments: Any = self.crm.collection("payment")
        refs = [payment.ref for payment in payments.find(where("source") == "bank", trashed=True)]
        left = {one.id: one for ref in refs for one in self.having("payments", ref) if one.status == APPLIED}
        yield from (one for one in left.values() if not self._living(one))

    def rematch(self) -> list[BankMovement]:
        """Match what waits untouched with the invoices as they are now; return the movements that changed."""
        from crm.plugins.bank.importing import as_read
        from crm.plugins.bank.taking import Taking

        with self.crm.writing("bank rematch") as draft:
            waiting = [one for one in self.unmatched() if one.status != APPLIED and self._left(one) == one.amount]
            taking = Taking(self.crm)
            changed = []
            for one in waiting:
                told = taking.take(as_read(one), one.refused, self._place(one))
                if one.doc.get("status") == told["status"] and one.doc.get("invoices") == told["invoices"]:
                    continue
                self.editable(one.id)
                draft.update(self.noun.name, one.id, {**told, "payments": [*one.payments, *(told["payments"] or ())]})
                changed.append(self.record(self.doc(one.id)))
            return changed

    # --- by hand -----------------------------------------------------------------------------------------------------

    def match(self, key: int | str, invoice: int | str, amount: object = None) -> BankMovement:
        """Apply what is left of a movement, or `amount` of it, to an invoice; raise Refused when none is left.

        Money that came in pays the invoice, money that went out was given back for it.
        """
        with self.crm.writing("bank match") as draft:
            movement = self._waiting(key)
            found: Invoice = self.crm.collection("invoice").get(invoice)
            return self._apply(draft, movement, [(found.ref, self._part(movement, found, amount))])

    def confirm(self, key: int | str) -> BankMovement:
        """Apply a movement to the invoices that were suggested for it; of several the oldest is served first."""
        from crm.plugins.bank.matching import share

        with self.crm.writing("bank confirm") as draft:
            movement = self._waiting(key)
            if movement.status != SUGGESTED:
                raise Refused(
                    _("Nothing is suggested for {ref}.").format(ref=movement.ref),
                    _("Name the invoice: crm bank match {id} INVOICE").format(id=movement.id),
                )
            left = self._left(movement)
            parts = share(left.amount, [(ref, self._owed(movement, ref).amount) for ref in movement.invoices])
            if not parts:
                raise Refused(
                    _("The invoices suggested for {ref} are paid by now.").format(ref=movement.ref),
                    _("Look again what it may be for: crm bank rematch"),
                )
            return self._apply(draft, movement, [(ref, Money(part, left.currency)) for ref, part in parts])

    def _waiting(self, key: int | str) -> BankMovement:
        """Return a movement of which something is left to apply; raise Refused for another."""
        movement = self.record(self.editable(self.id_of(key)))
        if movement.direction == INTERNAL or not self._left(movement).amount:
            raise Refused(
                _("Nothing is left of {ref} to pay with.").format(ref=movement.ref),
                _("See what waits: crm bank match."),
            )
        return movement

    def _owed(self, movement: BankMovement, ref: str) -> Money:
        """Return how much an invoice lacks, or how much of it can be given back; raise InvalidValue."""
        invoice: Invoice = self.crm.collection("invoice").get(ref)
        owed = invoice.balance if movement.direction == IN else invoice.paid
        if owed is None or owed.currency != movement.doc["amount"]["currency"]:
            raise InvalidValue(
                _("The invoice is not in {currency}, as the account is.").format(
                    currency=movement.doc["amount"]["currency"]
                ),
                _("Enter the payment by hand: crm invoice pay."),
            )
        return owed

    def _part(self, movement: BankMovement, invoice: Invoice, amount: object) -> Money:
        """Return how much of a movement goes to an invoice."""
        left, owed = self._left(movement), self._owed(movement, invoice.ref)
        if not owed.amount and (amount in (None, "") or movement.direction != IN):
            raise _nothing(movement, invoice)
        if amount not in (None, ""):
            part = Money.from_json(self.noun.fields["amount"].parse(amount, self.crm.customs))
        else:
            part = min(left, owed, key=lambda money: money.amount)
        if part.currency != left.currency or not 0 < part.amount <= left.amount:
            raise InvalidValue(
                _("{amount} cannot be taken of {ref}: {left} is left.").format(
                    amount=part, ref=movement.ref, left=left
                ),
                _("Name the amount with --amount."),
            )
        return part

    def _apply(self, draft: Draft, movement: BankMovement, parts: Iterable[tuple[str, Money]]) -> BankMovement:
        from crm.plugins.bank.taking import pay

        facts = {"date": movement.date, "reference": movement.number, "purpose": movement.purpose,
                 "refund": movement.direction != IN or None}  # fmt: skip
        invoices = list(movement.invoices if movement.status in (APPLIED, PARTLY) else ())
        payments, left = list(movement.payments), self._left(movement)
        for place, (ref, part) in enumerate(parts, start=self._place(movement)):
            payments.append(pay(self.crm, f"{movement.key}:{place}", ref, part, facts))
            invoices.append(ref)
            left -= part
        fields = {
            "status": PARTLY if left.amount else APPLIED,
            "invoices": list(dict.fromkeys(invoices)),
            "payments": payments,
            "left": left.to_json() if left.amount else None,
            "why": _("Applied by hand: {actor}.").format(actor=self.crm.actor),
        }
        return self._say(draft, movement, fields)

    def _place(self, movement: BankMovement) -> int:
        """Return which payment of a movement comes next; those in the trash keep their place."""
        place = len(movement.payments) + 1
        while any(self.crm.store.index.lookup("payment", "key", f"{movement.key}:{place}")):
            place += 1
        return place

    def _left(self, movement: BankMovement) -> Money:
        """Return what no living payment took of a movement."""
        left = Money.from_json(movement.doc["amount"])
        for payment in self._living(movement):
            left -= Money.from_json(payment["amount"])
        return left

    def _living(self, movement: BankMovement) -> list[Doc]:
        found = (self.crm.doc("payment", int(ref.partition("/")[2])) for ref in movement.payments)
        return [payment for payment in found if payment is not None and "deleted" not in payment]

    def _say(self, draft: Draft, movement: BankMovement, fields: Doc) -> BankMovement:
        draft.update(self.noun.name, movement.id, fields)
        return self.record(self.doc(movement.id))

    def reject(self, key: int | str) -> BankMovement:
        """Note that a movement is not for the invoices that were suggested; they are not suggested again."""
        with self.crm.writing("bank reject") as draft:
            movement = self.record(self.editable(self.id_of(key)))
            if movement.status != SUGGESTED:
                raise Refused(
                    _("Nothing is suggested for {ref}.").format(ref=movement.ref),
                    _("Take a wrong payment back: crm bank unmatch {id}").format(id=movement.id),
                )
            why = _("Not for {invoices}, says {actor}.").format(
                invoices=", ".join(movement.invoices), actor=self.crm.actor
            )
            status = MANUAL if movement.direction == IN else IGNORED
            return self._say(draft, movement, {**_refused(movement, movement.invoices, why), "status": status})

    def unmatch(self, key: int | str) -> BankMovement:
        """Take back what a movement paid, or take it back to work; the same is never paid again by itself."""
        with self.crm.writing("bank unmatch") as draft:
            movement = self.record(self.editable(self.id_of(key)))
            if movement.status in (SUGGESTED, MANUAL) or movement.direction == INTERNAL:
                raise Refused(
                    _("{ref} has paid nothing.").format(ref=movement.ref), _("See what waits: crm bank match.")
                )
            paid = self._living(movement)
            own = [one for one in paid if str(one.get("key", "")).startswith(f"{movement.key}:")]
            for payment in own:
                self.crm.collection("payment").delete(payment["id"])
            why = _("Taken back by hand: {actor}.").format(actor=self.crm.actor)
            fields = _refused(movement, [one["invoice"] for one in paid], why)
            strange = [f"payment/{one['id']}" for one in paid if one not in own]
            kept = [ref for ref in movement.payments if ref not in strange]
            return self._say(draft, movement, {**fields, "payments": kept or None})

    def ignore(self, key: int | str) -> BankMovement:
        """Leave a movement aside, or what is left of it: it pays no invoice (a refund, a loan, our own money)."""
        with self.crm.writing("bank ignore") as draft:
            movement = self.record(self.editable(self.id_of(key)))
            why = _("Left aside by hand: {actor}.").format(actor=self.crm.actor)
            if movement.status == PARTLY:
                return self._say(draft, movement, {"status": APPLIED, "why": why})
            if self._left(movement) != movement.amount:
                raise Refused(
                    _("{ref} has paid an invoice.").format(ref=movement.ref),
                    _("Take the payment back first: crm bank unmatch {id}").format(id=movement.id),
                )
            return self._say(draft, movement, {"status": IGNORED, "invoices": None, "left": None, "why": why})


def _nothing(movement: BankMovement, invoice: Invoice) -> Refused:
    if movement.direction != IN:
        return Refused(_("Nothing was paid for {ref}.").format(ref=invoice.ref), _("There is nothing to give back."))
    return Refused(
        _("Nothing is left to pay of {ref}.").format(ref=invoice.ref),
        _("Name with --amount how much is kept as an advance."),
    )


def _refused(movement: BankMovement, invoices: Iterable[str], why: str) -> Doc:
    """Return the fields of a movement that is back to be sorted and not for some invoices."""
    return {
        "status": MANUAL,
        "invoices": None,
        "refused": list(dict.fromkeys([*movement.refused, *invoices])) or None,
        "left": movement.doc["amount"],
        "points": None,
        "why": why,
    }
