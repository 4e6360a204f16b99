"""What 1C is told of an invoice: an order with its buyer and lines, in plain values.

How it is spelt in XML is in `commerceml`, how it is made of an invoice in `making`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class Buyer:
    """The buyer of an order: a company, a sole trader (ИП) or a person; `guid` is at most 40 characters.

    1C tells them apart by the elements written; КПП goes only with a company. A tax id, an account or a БИК of a wrong
    shape is left out, since 1C makes junk records of them.
    """

    guid: str
    name: str
    kind: Literal["company", "trader", "person"] = "company"
    full_name: str = ""
    inn: str = ""
    kpp: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    family_name: str = ""
    given_name: str = ""
    middle_name: str = ""
    account: str = ""
    bank: str = ""
    bic: str = ""
    correspondent_account: str = ""


@dataclass(frozen=True)
class OrderLine:
    """A line of goods; `sum` is what is paid for it after the discount, VAT within it.

    `price` is before the discount, with VAT or without it as the order says; `discount` is in percent; `vat` is a whole
    number of percents or `none`; `guid` (at most 80 characters) is that of the goods in 1C.
    """

    name: str
    qty: Decimal
    price: Decimal
    sum: Decimal
    unit: str = ""
    guid: str = ""
    sku: str = ""
    vat: str = "none"
    vat_sum: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    service: bool = False


@dataclass(frozen=True)
class CardPayment:
    """A payment taken online through an acquirer; money that the bank reports itself is not sent to 1C."""

    date: dt.date
    method: str = ""
    number: str = ""


@dataclass(frozen=True)
class Order:
    """An invoice on its way to 1C.

    `guid` and `number` are given once and for ever: 1C finds its paper by the number (digits, at most six, never used
    again). `included` tells whether prices include VAT; `rate` is that of the currency, 1 for the national one.
    """

    guid: str
    number: int
    date: dt.date
    buyer: Buyer
    lines: tuple[OrderLine, ...]
    total: Decimal
    currency: str = "RUB"
    rate: Decimal = Decimal(1)
    included: bool = True
    time: dt.time | None = None
    due: dt.date | None = None
    comment: str = ""
    status: str = ""
    delivery_address: str = ""
    cancelled: bool = False
    paid: CardPayment | None = None


def guid_for(workspace_id: str, ref: str) -> str:
    """Return the lasting 36-character GUID of a record for 1C (RFC 9562, version 5)."""
    import uuid

    return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_OID, workspace_id), ref))
