"""What the bank shows elsewhere in the console: the first page counts what waits, a movement's card sorts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.locale import _
from crm.plugins.bank.cards import Cards
from crm.plugins.bank.movement import WAITING

if TYPE_CHECKING:
    from crm.plugins.bank.movement import BankMovement
    from crm.workspace import Workspace


def waiting(crm: Workspace, _record: None = None) -> dict[str, Any] | None:
    """Return how many movements wait, None where none does or who asks does not sort them."""
    from tinydb.queries import where

    if not crm.guard.may("edit", "bank_movement", None):
        return None
    count = crm.collection("bank_movement").count(where("status").one_of(list(WAITING)))
    if not count:
        return None
    text = _("Movements to be sorted: {count}.").format(count=count)
    return {"html": Markup('<p><a href="/p/bank">{}</a></p>').format(text)}


def sorting(crm: Workspace, movement: BankMovement) -> dict[str, Any] | None:
    """Return what is suggested for a movement with its buttons, None for one that waits for nothing."""
    if movement.status not in WAITING or "deleted" in movement.doc:
        return None
    cards = Cards(crm, [movement])
    return {"html": Markup('<div class="bank-advice">{}</div>{}').format(cards.advice(movement), cards.open_invoices())}
