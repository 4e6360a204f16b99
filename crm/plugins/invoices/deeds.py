"""What one does with an invoice on its card, beside its usual way: by e-mail, back, from an advance, its deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.html import money
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.invoices.invoices import Invoices
    from crm.plugins.invoices.payment import Payment
    from crm.workspace import Workspace


def _invoices(crm: Workspace) -> Invoices:
    return crm.collection("invoice")  # type: ignore[return-value]


def _text(form: Mapping[str, Any], name: str) -> str:
    return str(form.get(name) or "").strip()


def mail(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send an invoice by e-mail, to the accountant of the client by default."""
    from crm.plugins.parcels.deeds import hand_over

    parcel = _invoices(crm).mail(_text(form, "record"), _text(form, "to"), _text(form, "text"))
    return hand_over(crm, parcel)


def refund(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Note money that was given back."""
    values = {name: _text(form, name) for name in ("date", "reference", "purpose")}
    return _paid(crm, _invoices(crm).refund(_text(form, "record"), _text(form, "amount") or None, **values))


def use_advance(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Pay an invoice from what was paid above the total of another."""
    source, amount = _text(form, "source"), _text(form, "amount") or None
    ref = crm.customs.find_ref("invoice", source)
    return _paid(crm, _invoices(crm).use_advance(_text(form, "record"), ref, amount))


def _paid(crm: Workspace, payment: Payment) -> str:
    left = _invoices(crm).get(str(payment.invoice)).doc.get("balance")
    said = _("Noted: {amount}. Left to pay: {left}.")
    return said.format(amount=money(payment.doc["amount"]), left=money(left) or "0")


def make_deal(crm: Workspace, form: Mapping[str, Any]) -> tuple[str, str]:
    """Make the deal that an invoice belongs to."""
    made = _invoices(crm).make_deal(_text(form, "record"), title=_text(form, "title"), pipeline=_text(form, "pipeline"))
    return _("The deal is made: {title}").format(title=made.label), f"/{made.ref}"


def asked(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Note that a client asks for an invoice: an urgent activity with a clock."""
    from crm.plugins.invoices.asking import asked as plan

    minutes = _text(form, "minutes")
    made = plan(
        crm, _text(form, "record"), minutes=int(minutes) if minutes.isdecimal() else 0, comment=_text(form, "comment")
    )
    return _("Planned: {title}").format(title=made.subject)
