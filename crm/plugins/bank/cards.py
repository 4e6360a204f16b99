"""The cards of movements that wait: what the bank said, what is suggested and why, and what one may do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from crm.html import money
from crm.locale import _
from crm.plugins.bank.movement import IN, OUT, SUGGESTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.plugins.bank.movement import BankMovement
    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.invoices.invoices import Invoices
    from crm.workspace import Workspace

_OFFERED = 300
"""How many open invoices are offered to choose from."""

_CARD = Markup(
    '<li class="bank-card" id="movement-{id}"><div class="bank-facts">'
    '<p class="bank-sum"><b>{amount}</b> <span class="muted">{day}</span>{tag}</p>'
    '<p><a href="/bank_movement/{id}">{who}</a>{number}</p><p class="bank-purpose">{purpose}</p></div>'
    '<div class="bank-advice">{advice}</div></li>'
)
_FORM = Markup(
    '<form method="post" action="/do/bank"><input type="hidden" name="id" value="{id}">'
    '<p class="buttons">{buttons}</p></form>'
    '<form method="post" action="/do/bank"><input type="hidden" name="id" value="{id}"><p class="bank-assign">'
    '<label class="unseen" for="invoice-{id}">{label}</label>'
    '<input id="invoice-{id}" name="invoice" list="open-invoices" placeholder="{label}" autocomplete="off">'
    '<label class="unseen" for="amount-{id}">{sum}</label>'
    '<input class="number" id="amount-{id}" name="amount" inputmode="decimal" placeholder="{sum}" autocomplete="off">'
    '<button class="button" name="do" value="match">{assign}</button></p></form>'
)
_BUTTON = Markup('<button class="button{}" name="do" value="{}">{}</button>')


class Cards:
    """The cards of one page, which read the invoices they speak of at once."""

    def __init__(self, crm: Workspace, movements: Iterable[BankMovement]) -> None:
        self.crm = crm
        self.invoices: Invoices = crm.collection("invoice")  # type: ignore[assignment]
        wanted = {int(ref.partition("/")[2]) for one in movements for ref in one.invoices}
        self._named = self.invoices.many(wanted)

    def card(self, movement: BankMovement) -> Markup:
        """Return the card of a movement."""
        number = _("No. {number}").format(number=movement.number) if movement.number else ""
        return _CARD.format(
            id=movement.id,
            amount=money(movement.doc.get("left") or movement.doc["amount"]),
            day=f"{movement.date:%d.%m.%Y}",
            tag=Markup(' <span class="tag warn">{}</span>').format(_("money back"))
            if movement.direction == OUT
            else "",
            who=(movement.payee if movement.direction == OUT else movement.payer) or movement.ref,
            number=Markup(' <span class="muted">{}</span>').format(number) if number else "",
            purpose=movement.purpose,
            advice=self.advice(movement),
        )

    def advice(self, movement: BankMovement) -> Markup:
        """Return what is suggested, why, and the buttons."""
        why = Markup('<p class="bank-why">{}</p>').format(movement.why)
        return self._suggested(movement) + why + self._form(movement)

    def _suggested(self, movement: BankMovement) -> Markup:
        found = (self._named.get(int(ref.partition("/")[2])) for ref in movement.invoices)
        items = [
            Markup('<li><a href="/{}">{}</a> {}</li>').format(one.ref, one.label, _about(one, movement.direction))
            for one in found
            if one is not None
        ]
        return Markup('<ul class="bank-suggested">{}</ul>').format(Markup("").join(items)) if items else Markup("")

    def _form(self, movement: BankMovement) -> Markup:
        if not self.crm.guard.may("edit", "bank_movement", movement.doc):
            return Markup("")
        buttons = [_BUTTON.format("", "ignore", _("Leave aside"))]
        if movement.status == SUGGESTED:
            yes = _("Confirm the refund") if movement.direction == OUT else _("Confirm")
            buttons = [_BUTTON.format(" primary", "confirm", yes), _BUTTON.format("", "reject", _("Reject")), *buttons]
        return _FORM.format(
            id=movement.id,
            buttons=Markup(" ").join(buttons),
            label=_("Number of an invoice"),
            sum=_("Amount"),
            assign=_("Assign"),
        )

    def open_invoices(self) -> Markup:
        """Return the list of open invoices that the cards offer to choose from."""
        option = Markup('<option value="{}">{}</option>')
        options = (option.format(one.label, _about(one)) for one in self.invoices.open()[:_OFFERED])
        return Markup('<datalist id="open-invoices">{}</datalist>').format(Markup("").join(options))


def _about(invoice: Invoice, direction: str = IN) -> str:
    """Return what tells an invoice from others: its day, whose it is, what is left to pay or was paid."""
    day = f"{invoice.date:%d.%m.%Y}" if invoice.date else ""
    if direction == OUT:
        sum_ = _("paid {paid}").format(paid=money(invoice.doc.get("paid")))
    else:
        sum_ = _("left to pay {left}").format(left=money(invoice.doc.get("balance")))
    return ", ".join(filter(None, (day, str((invoice.buyer or {}).get("name", "")), sum_)))
