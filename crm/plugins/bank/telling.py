"""Movements and imports in a sentence, as the command line and the console say it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from crm.locale import N_, _
from crm.plugins.bank.movement import APPLIED, IGNORED, MANUAL, OUT, PARTLY, SUGGESTED

if TYPE_CHECKING:
    from crm.plugins.bank.importing import Imported
    from crm.plugins.bank.movement import BankMovement

_TITLES = {
    APPLIED: N_("applied"),
    PARTLY: N_("applied in part"),
    SUGGESTED: N_("to be confirmed"),
    MANUAL: N_("to be sorted by hand"),
    IGNORED: N_("not for invoices"),
}


def told(movement: BankMovement) -> str:
    """Return what became of a movement: whom it is from, what it pays or may pay, and why."""
    title = _(_TITLES[movement.status])
    other = f"→ {movement.payee}" if movement.direction == OUT else movement.payer
    head = f"{movement.ref} {movement.date} {movement.amount} {other}".rstrip()
    refs = ", ".join(movement.invoices)
    return f"{head} — {title}{': ' + refs if refs else ''}. {movement.why}{_rest(movement)}"


def _rest(movement: BankMovement) -> str:
    if movement.status not in (APPLIED, PARTLY) or movement.left is None:
        return ""
    return " " + _("Not applied: {left}.").format(left=movement.left)


def summary(imported: Imported) -> str:
    """Return what statements brought, in one line."""
    count = {status: sum(one.status == status for one in imported.fresh) for status in _TITLES if status != PARTLY}
    paid: dict[str, Decimal] = {}
    for one in imported.fresh:
        if one.status == APPLIED and one.amount:
            part = one.amount.amount - (one.left.amount if one.left else 0)
            paid[one.amount.currency] = paid.get(one.amount.currency, Decimal(0)) + part
    sums = ", ".join(f"{amount} {currency}" for currency, amount in paid.items())
    parts = [f"{_(_TITLES[status])} {number}" for status, number in count.items()]
    parts[0] += f" ({sums})" if sums else ""
    return _("Movements: {n}; {parts}; known before {known}.").format(
        n=len(imported.fresh) + imported.known, parts=", ".join(parts), known=imported.known
    )
