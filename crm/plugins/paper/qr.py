"""The payment QR code of a rouble invoice by GOST R 56042-2014 (`ST00012`): its text and its picture as SVG.

That of a hryvnia invoice is in `nbu.py`.
"""

from __future__ import annotations

from decimal import Decimal

from crm.model.tax_ids import check
from crm.model.vat import NO_VAT
from crm.plugins.paper.parties import Bank, Paper

_HEAD = "ST00012"  # version 1, UTF-8
_NAME, _BANK_NAME, _PURPOSE, _REQUIRED_BLOCK = 160, 45, 210, 300


def payment_qr(paper: Paper) -> str | None:
    """Draw the code that a banking app pays `paper` by: SVG without a size, quiet zone of 4 modules within.

    None where the paper is no invoice in roubles or hryvnias, or its requisites are incomplete or fail their checks.
    """
    from crm.plugins.paper.nbu import nbu_address

    text = payment_text(paper) or nbu_address(paper)
    if text is None:
        return None
    import segno

    code = segno.make(text.encode(), error="m", micro=False)
    return str(code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None))


def payment_text(paper: Paper) -> str | None:
    """Write what the code says: five required fields in the order of the standard, then the optional ones."""
    bank = paper.seller.bank
    if bank is None or not _is_payable(paper, bank):
        return None
    fields = _required(paper.seller.full_name, bank) | {
        "PayeeINN": paper.seller.inn,
        "KPP": paper.seller.kpp,
        "Sum": f"{paper.total * 100:.0f}",
        "Purpose": _purpose(paper)[:_PURPOSE],
    }
    return "|".join([_HEAD, *(f"{key}={value}" for key, value in fields.items() if value)])


def _is_payable(paper: Paper, bank: Bank) -> bool:
    known = (paper.seller.full_name, bank.name, bank.bik, bank.account, paper.seller.inn)
    return (
        paper.kind == "invoice"
        and paper.currency == "RUB"
        and paper.total > 0
        and all(known)
        and check("account", bank.account, bik=bank.bik) is None
    )


def _required(name: str, bank: Bank) -> dict[str, str]:
    fields = {
        "Name": "",
        "PersonalAcc": bank.account,
        "BankName": _clean(bank.name)[:_BANK_NAME],
        "BIC": bank.bik,
        "CorrespAcc": bank.corr_account or "0",
    }
    taken = len(_HEAD) + sum(len(f"|{key}={value}") for key, value in fields.items())
    fields["Name"] = _clean(name)[: min(_NAME, _REQUIRED_BLOCK - taken)]
    return fields


def _purpose(paper: Paper) -> str:
    """Name the invoice and its VAT as banks and 1C write them; a purpose of payment is always Russian."""
    number = _clean(paper.number)
    return f"Оплата по счету № {number} от {paper.date:%d.%m.%Y}. {_vat(paper)}"


def _vat(paper: Paper) -> str:
    taxed = [(rate, vat) for rate, vat in paper.vat_by_rate if rate != NO_VAT]
    if not taxed:
        return "Без налога (НДС)"
    return "В том числе " + ", ".join(f"НДС ({_percent(rate)}) {_dashed(vat)}" for rate, vat in taxed)


def _percent(rate: str) -> str:
    return rate if "/" in rate else f"{rate}%"


def _dashed(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", "-")


def _clean(text: str) -> str:
    return " ".join(text.replace("|", " ").split())
