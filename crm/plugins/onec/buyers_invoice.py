"""«Счет на оплату» for the buyer's 1C: CommerceML 2.08 in windows-1251, as EDO writes it (format CML_2_08).

The buyer loads it as an incoming invoice; it is of no use for our own books.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from crm.errors import Refused
from crm.locale import _
from crm.plugins.onec.lines import vat_rate, write_lines, write_vat
from crm.plugins.onec.making import order_of, seller_of
from crm.plugins.onec.sides import write_side
from crm.plugins.onec.spelling import COMMENT, child, money, plain, put, write_properties

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.etree import _Element as Element

    from crm.plugins.invoices.invoice import Invoice
    from crm.plugins.onec.order import Buyer, Order
    from crm.workspace import Workspace

NAMESPACE = "urn:1C.ru:commerceml_2"


class BuyersFile(NamedTuple):
    """A file for the buyer and the name that his 1C expects."""

    name: str
    data: bytes


def write_invoice(crm: Workspace, invoice: Invoice, made_at: datetime) -> BuyersFile:
    """Write an issued invoice for the buyer's 1C; raise Refused for a draft or for one whose seller has no ИНН."""
    from lxml import etree

    if not invoice.number or invoice.date is None:
        raise Refused(
            _("{ref} has no number yet.").format(ref=invoice.ref),
            _("Issue it first: crm invoice issue {id}").format(id=invoice.id),
        )
    seller = seller_of(invoice)
    if not seller.inn:
        raise Refused(
            _("The seller of {ref} has no ИНН: 1C could not find him.").format(ref=invoice.ref),
            _("Fill in `company` of config/crm.yaml and issue another invoice."),
        )
    made = made_at.replace(tzinfo=None).isoformat(timespec="seconds")
    root = etree.Element("КоммерческаяИнформация", ВерсияСхемы="2.08", ДатаФормирования=made, xmlns=NAMESPACE)
    _write(child(root, "Документ"), invoice, order_of(crm, invoice), seller, crm)
    data: bytes = etree.tostring(  # type: ignore[assignment]
        root, encoding="windows-1251", xml_declaration=True, pretty_print=True
    )
    number = "".join("-" if letter in '\\/:*?"<>|' else letter for letter in invoice.number)
    return BuyersFile(f"Счет на оплату {number} {invoice.date:%d.%m.%Y}.xml", data)


def _write(paper: Element, invoice: Invoice, order: Order, seller: Buyer, crm: Workspace) -> None:
    put(paper, "Ид", order.guid)
    put(paper, "Номер", invoice.number)
    put(paper, "Дата", order.date.isoformat())
    put(paper, "ХозОперация", "Счет на оплату")
    put(paper, "Роль", "Продавец")
    put(paper, "Валюта", order.currency)
    put(paper, "Курс", plain(order.rate))
    put(paper, "Сумма", money(order.total))
    sides = child(paper, "Контрагенты")
    write_side(child(sides, "Контрагент"), seller, "Продавец", account_at_end=True)
    write_side(child(sides, "Контрагент"), _named_by_ids(order.buyer), "Покупатель", account_at_end=True)
    put(paper, "Время", order.time.strftime("%H:%M:%S") if order.time else "")
    put(paper, "СрокПлатежа", order.due.isoformat() if order.due else "")
    put(paper, "Комментарий", f"Оплата по счету № {invoice.number} от {order.date:%d.%m.%Y}", COMMENT)
    if any(vat_rate(line) != "Без НДС" for line in order.lines):
        write_vat(paper, invoice.vat.amount if invoice.vat else order.total, included=order.included)
    write_lines(paper, order, net=True)
    write_properties(paper, _basis(crm, invoice))
    signer = child(child(paper, "Подписанты"), "Подписант")
    put(signer, "Фамилия", "-")
    put(signer, "Имя", "-")


def _named_by_ids(buyer: Buyer) -> Buyer:
    ids = "_".join(filter(None, (buyer.inn, buyer.kpp)))
    return replace(buyer, guid=ids or buyer.guid)


def _basis(crm: Workspace, invoice: Invoice) -> list[tuple[str, str]]:
    """Return number and date of the contract that stands behind the invoice, nothing where there is none."""
    contract = contract_of(crm, invoice)
    if contract is None:
        return []
    number, day = contract
    return [("НомерДокументаОснования", number), ("ДатаДокументаОснования", day)]


def contract_of(crm: Workspace, invoice: Invoice) -> tuple[str, str] | None:
    """Return number and date of the newest contract with the client, that of the deal before others."""
    if "document" not in crm.nouns or not invoice.company:
        return None
    found = [one for one in crm.collection("document").having("company", invoice.company) if one.kind == "contract"]
    found.sort(key=lambda one: (bool(invoice.deal) and one.deal == invoice.deal, one.doc.get("date", "")))
    last = found[-1] if found else None
    return (str(last.number), str(last.doc["date"])) if last and last.number and last.doc.get("date") else None
