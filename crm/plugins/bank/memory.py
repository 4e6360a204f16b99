"""What earlier statements taught: which clients an account paid for, and which payments a person took back."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm.plugins.bank.waiting import client_of, id_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Doc
    from crm.sales.desk import Desk

_LOOKED_AT = 20
"""How many of the latest movements from one account are asked whom they paid for."""
_KIND = "bank_movement"
_BANK_S_OWN = "30"
"""Accounts that many people pay through: correspondent and transit accounts of banks."""


class Accounts:
    """The clients that accounts paid for, remembered while a statement is taken in."""

    def __init__(self, crm: Desk) -> None:
        self.crm = crm
        self._clients: dict[str, frozenset[str]] = {}

    def clients_of(self, account: str) -> frozenset[str]:
        """Return the clients whose invoices money from an account paid."""
        if not account or account.startswith(_BANK_S_OWN):
            return frozenset()
        if account not in self._clients:
            self._clients[account] = frozenset(self._paid_for(account))
        return self._clients[account]

    def _paid_for(self, account: str) -> Iterable[str]:
        known = list(self.crm.store.index.lookup(_KIND, "payer_account", account))
        for record_id in sorted(known)[-_LOOKED_AT:]:
            movement = self.crm.doc(_KIND, record_id) or {}
            for ref in movement.get("payments") or ():
                yield from self._client_of_payment(ref)

    def _client_of_payment(self, ref: str) -> Iterable[str]:
        payment = self.crm.doc("payment", id_of(ref)) or {}
        if payment.get("invoice") and "deleted" not in payment and not payment.get("refund"):
            invoice = self.crm.doc("invoice", id_of(payment["invoice"])) or {}
            yield client_of(invoice)

    def note(self, account: str, client: str) -> None:
        """Remember that money from an account paid for a client."""
        if account and client and not account.startswith(_BANK_S_OWN):
            self._clients[account] = self.clients_of(account) | {client}


def taken_back(crm: Desk) -> dict[str, frozenset[str]]:
    """Return the invoices that movements had paid before an undo took that away, by the key of the movement.

    The history is asked only where payments are missing that once were.
    """
    if crm.store.index.next_id("payment") - 1 == crm.collection("payment").count(trashed=None):
        return {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, invoice in _undone(crm):
        found[key].add(invoice)
    return {key: frozenset(invoices) for key, invoices in found.items()}


def _undone(crm: Desk) -> Iterable[tuple[str, str]]:
    """Yield (key of a movement, invoice) for payments that were made by a change set which is taken back now."""
    from crm.store import history

    for n in history.taken_back(crm.store, 0):
        line = history.line(crm.store, n)
        for change in line.changes if line is not None else ():
            made: Doc = change.after or {}
            if change.kind == "payment" and change.before is None and made.get("source") == "bank":
                yield str(made.get("key", "")).rpartition(":")[0], str(made.get("invoice", ""))
