"""The letter that an invoice goes with: to whom, in which words, into the outbox together with what caused it (Q7)."""

from __future__ import annotations

import re
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _, language, use_language
from crm.model.money import format_money
from crm.plugins.invoices.addressee import address_for
from crm.plugins.invoices.settings import InvoiceSettings

if TYPE_CHECKING:
    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.parcels.parcel import Parcel
    from crm.sales.desk import Desk
    from crm.store.draft import Draft


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
    parcels: Any = crm.collection("parcel")
    made: Parcel = parcels.queue(
        draft, about=invoice.ref, address=address, name=name, subject=subject, text=text or words, paper=invoice.ref
    )
    return made


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
    values = fields(crm, invoice, name)
    usual = _(
        "Hello{name}!\n\nInvoice No. {number} of {date} for {total} is enclosed, to be paid by {due}.\n\n{seller}"
    )
    subject = settings.subject or _("Invoice No. {number} of {date} — {seller}")
    greeting = f", {name}" if name else ""
    if settings.letter:
        return merged(subject, values), merged(settings.letter, values)
    return merged(subject, values), merged(usual, {**values, "name": greeting})


def fields(crm: Desk, paper: Any, name: str) -> dict[str, str]:
    """Return what the merge fields of a letter stand for, as people read it."""
    seller = crm.settings.own_company(paper.own)
    company = crm.record(paper.company).label if paper.company else ""
    return {
        "number": paper.number,
        "date": f"{paper.date:%d.%m.%Y}" if paper.date else "",
        "due": f"{paper.due:%d.%m.%Y}" if paper.doc.get("due") else "",
        "valid_until": f"{paper.valid_until:%d.%m.%Y}" if paper.doc.get("valid_until") else "",
        "total": format_money(paper.total, language()),
        "name": name,
        "company": company,
        "seller": seller.name or crm.settings.company.name,
    }


def merged(text: str, values: dict[str, str]) -> str:
    """Return a text with its merge fields filled in; raise InvalidValue for one that there is not."""

    def filled(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise InvalidValue(
                _("The letter has no field «{name}».").format(name=found[1]),
                _("There are: {names}.").format(names=", ".join(f"{{{name}}}" for name in values)),
            )
        return values[found[1]]

    return re.sub(r"\{([a-z_]+)\}", filled, text)
