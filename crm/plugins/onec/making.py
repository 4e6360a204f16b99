"""An invoice made into the order that 1C is told of, with the buyer as he stood on the invoice."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.model.units import find_unit
from crm.plugins.invoices.invoice import CANCELLED
from crm.plugins.onec.order import Buyer, Order, OrderLine, guid_for
from crm.plugins.paper.parties import Bank

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.plugins.invoices.invoice import Invoice
    from crm.workspace import Workspace

STATUSES = {
    "issued": "Выставлен",
    "checking": "На согласовании",
    "approved": "Согласован",
    "sent": "Отправлен",
    "partly_paid": "Оплачен частично",
    "paid": "Оплачен",
    "cancelled": "Отменен",
}
"""What 1C shows under «Статус заказа»; 1C speaks Russian whatever the reader of the workspace does."""
_WORK = {"356", "359", "362", "366", "539", "540", "876"}
"""Units that only services are counted in, by ОКЕИ: hours, days, months, years, «усл. ед.»."""


def order_of(crm: Workspace, invoice: Invoice) -> Order:
    """Return the order of an issued invoice; a deleted one is told as cancelled.

    Raises InvalidValue when the rate of its currency is not known.
    """
    if invoice.total is None or invoice.date is None:
        raise ValueError(f"{invoice.ref} is a draft")
    total = invoice.total
    return Order(
        guid=guid_for(crm.identity, invoice.ref),
        number=invoice.exchange_number or 0,
        date=invoice.date,
        buyer=buyer_of(crm, invoice),
        lines=tuple(_line(crm, line) for line in invoice.items),
        total=total.amount,
        currency=total.currency,
        rate=crm.settings.rate(total.currency, invoice.date),
        included=invoice.vat_included,
        due=invoice.due,
        time=_time(crm, invoice),
        comment=_comment(invoice),
        status=STATUSES.get(invoice.status, ""),
        cancelled=invoice.status == CANCELLED or "deleted" in invoice.doc,
    )


def _time(crm: Workspace, invoice: Invoice) -> time | None:
    """Return the time of the issue, when it was on the day that the invoice bears."""
    if invoice.issued_at is None:
        return None
    issued: datetime = invoice.issued_at  # type: ignore[assignment]
    local = issued.astimezone(crm.settings.time_zone)
    return local.time().replace(microsecond=0) if local.date() == invoice.date else None


def _comment(invoice: Invoice) -> str:
    """Return the comment, under the printed number where 1C would show another: purposes of payments name it."""
    shown = "" if invoice.number == str(invoice.exchange_number) else f"Счёт № {invoice.number}"
    return "\n".join(filter(None, (shown, invoice.comment)))


def buyer_of(crm: Workspace, invoice: Invoice) -> Buyer:
    """Return the buyer as he stood on the invoice: a company, a sole trader by his INN of twelve digits, a person."""
    from crm.plugins.invoices.snapshot import party

    side = party(invoice.buyer)
    bank = side.bank or Bank()
    person = {} if invoice.company else _person(crm, invoice.contact or "")
    return Buyer(
        guid=guid_for(crm.identity, invoice.company or invoice.contact or invoice.ref),
        name=side.name,
        kind="person" if not invoice.company else "trader" if side.is_sole_trader else "company",
        full_name=side.full_name,
        inn=side.inn,
        kpp=side.kpp,
        address=side.address,
        phone=side.phone,
        email=side.email,
        account=bank.account,
        bank=bank.name,
        bic=bank.bik,
        correspondent_account=bank.corr_account,
        **person,
    )


def seller_of(invoice: Invoice) -> Buyer:
    """Return our own side as it stood on the invoice, with the identifier that EDO uses: ИНН_КПП."""
    from crm.plugins.invoices.snapshot import party

    side = party(invoice.seller)
    bank = side.bank or Bank()
    return Buyer(
        guid="_".join(filter(None, (side.inn, side.kpp))) or side.name[:40],
        name=side.name,
        kind="trader" if len(side.inn) == 12 else "company",
        full_name=side.full_name,
        inn=side.inn,
        kpp=side.kpp,
        address=side.address,
        phone=side.phone,
        email=side.email,
        account=bank.account,
        bank=bank.name,
        bic=bank.bik,
        correspondent_account=bank.corr_account,
    )


def _person(crm: Workspace, ref: str) -> dict[str, str]:
    """Return the parts of a contact's name, none for a contact that is gone."""
    number = ref.partition("/")[2]
    doc = crm.doc("contact", int(number)) if number else None
    known = {"family_name": "last_name", "given_name": "first_name", "middle_name": "middle_name"}
    return {name: str((doc or {}).get(field) or "") for name, field in known.items()}


def _line(crm: Workspace, line: Doc) -> OrderLine:
    product = line.get("product", "")
    return OrderLine(
        name=line["name"],
        qty=Decimal(line.get("qty", "1")),
        price=Decimal(line.get("price") or line["sum"]),
        sum=Decimal(line["sum"]),
        unit=line.get("unit", ""),
        guid=guid_for(crm.identity, product) if product else "",
        sku=line.get("sku", ""),
        vat=line.get("vat", "none"),
        vat_sum=Decimal(line.get("vat_sum", "0")),
        discount=Decimal(line.get("discount", "0")),
        service=_is_service(crm, line),
    )


def _is_service(crm: Workspace, line: Doc) -> bool:
    """Tell a service by its product, or by a unit that goods are not counted in."""
    number = str(line.get("product", "")).partition("/")[2]
    if number and (crm.doc("product", int(number)) or {}).get("service"):
        return True
    unit = find_unit(line.get("unit", ""))
    return unit is not None and unit.code in _WORK
