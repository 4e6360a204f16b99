"""What stands on a paper: the parties with their requisites, the lines and the totals. Nothing is counted here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from crm.model.vat import NO_VAT

_BANK = ("name", "bik", "account", "corr_account", "iban")
_IDS = ("inn", "kpp", "ogrn", "edrpou", "rntrc", "ipn")
_OWN = ("name", "legal_name", "address", "phone", "email", "director", "director_title", "accountant")
_SOLE_TRADER_LENGTHS = {"inn": 12, "ogrn": 15, "rntrc": 10}


@dataclass(frozen=True, kw_only=True)
class Bank:
    """The account that is paid to; `bik` holds a BIC (SWIFT) outside Russia, `iban` stands instead of `account`."""

    name: str = ""
    bik: str = ""
    account: str = ""
    corr_account: str = ""
    iban: str = ""


@dataclass(frozen=True, kw_only=True)
class Party:
    """One side of a paper; what is unknown is an empty string and is not printed.

    `inn`, `kpp` and `ogrn` are Russian; `edrpou`, `rntrc` (of a person) and `ipn` (of a VAT payer) Ukrainian.
    `signature` and `stamp` are facsimile pictures as `data:image/…` addresses.
    """

    name: str = ""
    legal_name: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    edrpou: str = ""
    rntrc: str = ""
    ipn: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    bank: Bank | None = None
    director: str = ""
    director_title: str = ""
    accountant: str = ""
    is_sole_trader: bool = False
    signature: str = ""
    stamp: str = ""

    @property
    def full_name(self) -> str:
        """Return the name that papers bear: the legal one where it is known."""
        return self.legal_name or self.name


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """One row of the table; `sum` is what is paid for it, VAT within, `discount` is a percentage, `discount_sum`
    the share of a discount on the whole paper.

    `vat` is a rate in percent ("22", "10", "0") or "none".
    """

    number: int
    name: str
    qty: Decimal
    price: Decimal
    sum: Decimal
    unit: str = ""
    discount: Decimal = Decimal(0)
    vat: str = NO_VAT
    vat_sum: Decimal = Decimal(0)
    discount_sum: Decimal = Decimal(0)


class Block(NamedTuple):
    """A piece of a paper that is written by a template: text of its own, or a block of the house by its name."""

    kind: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One document ready for printing; `kind` names its template: invoice, act or quote.

    `total` is what is paid, VAT within it; `vat_included` says whether prices hold VAT or it comes on top.
    `vat_by_rate` has the VAT of each rate in the order of printing. `comment` is a remark under the totals (in a quote:
    its opening words), `notes` the terms, `qr` ready SVG. `options` are lines that are not counted, `blocks` what
    a quote is written by; `logo` and `pictures` (by name) are `data:` addresses.
    """

    kind: str
    number: str
    date: datetime.date
    seller: Party
    buyer: Party
    lines: tuple[PaperLine, ...]
    currency: str
    lang: str
    total: Decimal
    vat_total: Decimal = Decimal(0)
    vat_by_rate: tuple[tuple[str, Decimal], ...] = ()
    vat_included: bool = True
    basis: str = ""
    due: datetime.date | None = None
    valid_until: datetime.date | None = None
    comment: str = ""
    notes: str = ""
    qr: str | None = None
    options: tuple[PaperLine, ...] = ()
    blocks: tuple[Block, ...] = ()
    color: str = "#1f4e79"
    logo: str = ""
    pictures: tuple[tuple[str, str], ...] = ()


def party_from(doc: Mapping[str, Any]) -> Party:
    """Make a side of a paper of the document of a company or a contact record."""
    tax_ids: Mapping[str, Any] = doc.get("tax_ids") or {}
    return Party(
        name=_text(doc, "name") or _person(doc),
        legal_name=_text(doc, "legal_name"),
        address=_first(doc, "addresses"),
        phone=_first(doc, "phones"),
        email=_first(doc, "emails"),
        bank=_bank(doc.get("bank")),
        **_texts(tax_ids, _IDS),
        is_sole_trader=_is_sole_trader(tax_ids),
    )


def seller_from(settings_company: Mapping[str, Any]) -> Party:
    """Make the seller of the `company` block of a workspace's settings; tax ids stand in the block itself."""
    return Party(
        **_texts(settings_company, _OWN + _IDS),
        bank=_bank(settings_company.get("bank")),
        is_sole_trader=_is_sole_trader(settings_company),
    )


def lines_from(docs: Iterable[Mapping[str, Any]]) -> tuple[PaperLine, ...]:
    """Read the lines of goods of a record, numbered from one.

    A line without `sum` cannot be printed: KeyError.
    """
    return tuple(_line(number, doc) for number, doc in enumerate(docs, start=1))


def _line(number: int, doc: Mapping[str, Any]) -> PaperLine:
    return PaperLine(
        number=number,
        name=_text(doc, "name"),
        unit=_text(doc, "unit"),
        vat=_text(doc, "vat") or NO_VAT,
        qty=Decimal(doc.get("qty", "1")),
        price=Decimal(doc.get("price", doc["sum"])),
        discount=Decimal(doc.get("discount", "0")),
        sum=Decimal(doc["sum"]),
        discount_sum=Decimal(doc.get("discount_sum", "0")),
        vat_sum=Decimal(doc.get("vat_sum", "0")),
    )


def _bank(doc: Mapping[str, Any] | None) -> Bank | None:
    known = _texts(doc or {}, _BANK)
    return Bank(**known) if any(known.values()) else None


def _is_sole_trader(doc: Mapping[str, Any]) -> bool:
    return any(len(_text(doc, name)) == length for name, length in _SOLE_TRADER_LENGTHS.items())


def _person(doc: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (_text(doc, part) for part in ("last_name", "first_name", "middle_name"))))


def _first(doc: Mapping[str, Any], name: str) -> str:
    values = doc.get(name) or ()
    return str(values[0]) if values else ""


def _texts(doc: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: _text(doc, name) for name in names}


def _text(doc: Mapping[str, Any], name: str) -> str:
    value = doc.get(name)
    return "" if value is None else str(value).strip()
