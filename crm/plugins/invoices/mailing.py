"""The letter that an invoice goes with: to whom, in which words, into the outbox together with what caused it (Q7)."""

from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _, use_language
from crm.plugins.invoices.addressee import address_for
from crm.plugins.invoices.settings import InvoiceSettings
from crm.plugins.quotes.letters import fields, queue, worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.parcels.parcel import Parcel
    from crm.plugins.parcels.parcels import Parcels
    from crm.sales.desk import Desk
    from crm.store.draft import Draft
    from crm.workspace import Workspace


def queue_letter(
    crm: Desk, draft: Draft, invoice: Invoice, to: str = "", text: str = "", *, must: bool = False
) -> Parcel | None:
    """Draft the letter to `to`, else to the accountant of the client.

    Where nobody has an address it warns, or raises InvalidValue where the letter `must` go.
    """
    from crm.plugins.parcels.addressing import addressee

    if "parcel" not in crm.nouns:
        return None
    who = addressee(crm, to) if to else None
    address, name = (who.address, who.name) if who else address_for(crm, invoice)
    if not address:
        _tell_nowhere(crm, invoice, must=must)
        return None
    subject, words = copy_context().run(_words, crm, invoice, name)
    return queue(crm, draft, invoice, (address, name), (subject, text or words))


def hand_over_waiting(crm: Workspace) -> Iterator[str]:
    """Send the letters with invoices that wait, where the settings let invoices go by themselves."""
    if not crm.settings.section("invoices", InvoiceSettings).send_automatically or "parcel" not in crm.nouns:
        return
    parcels: Parcels = crm.collection("parcel")  # type: ignore[assignment]
    waiting = [one for one in parcels.waiting() if str(one.about or "").startswith("invoice/")]
    for sent in parcels.send(waiting):
        yield f"{sent.ref} {sent.subject}: {sent.status}"


def _tell_nowhere(crm: Desk, invoice: Invoice, *, must: bool) -> None:
    problem = _("{ref}: nobody at the client has an e-mail address.").format(ref=invoice.ref)
    if must:
        raise InvalidValue(
            problem, _("Give --to, or add the accountant: crm contact add … --role accountant --email …")
        )
    crm.warnings.append(problem)


def _words(crm: Desk, invoice: Invoice, name: str) -> tuple[str, str]:
    use_language(crm.settings.language)
    settings = crm.settings.section("invoices", InvoiceSettings)
    usual = _(
        "Hello{name}!\n\nInvoice No. {number} of {date} for {total} is enclosed, to be paid by {due}.\n\n{seller}"
    )
    subject = settings.subject or _("Invoice No. {number} of {date} — {seller}")
    return worded(subject, settings.letter, usual, fields(crm, invoice, name))
